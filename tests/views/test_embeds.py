import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils.html import strip_tags

from commitments.exporters.look import COLOURS
from tests.factories import (
    make_commitment,
    make_commitments,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_update,
)

MOST_OCTETS = 6 * 1024


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def static_text(name):
    return Path(finders.find(f"commitments/{name}")).read_text(encoding="utf-8")


class TestEmbeds(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.firms = make_commitment(code="ZZ-001", title_en='Firms "<b>" & co')
        cls.counted = make_target(cls.firms).indicator
        make_observation(cls.counted, 2025, 360)
        cls.bridge = make_commitment(code="ZZ-002", title_en="Bridge")
        make_milestone(cls.bridge, title_en="Opening")
        make_target(make_commitment(code="ZZ-003", title_en="Secret", published=False))
        make_observation(cls.counted, 2026, 98765, published=False)
        make_update(cls.firms, published=False, text_en="Secret words")

    def test_the_card_says_what_how_and_by_what_figure(self):
        text = words(self.client.get("/en/embed/commitments/ZZ-001/"))
        assert (
            "ZZ-001 · Agriculture and Rural Affairs Bureau Firms &quot;&lt;b&gt;&quot; &amp; co "
            "achieved ≥ 350 enterprises · 2025 The figure for 2025 was 360 enterprises, which "
            "meets the target of at least 350 enterprises: achieved. "
            "Latest: 360 enterprises · 2025 Public Register of Commitments" in text
        )

    def test_the_card_in_chinese(self):
        response = self.client.get("/embed/commitments/ZZ-001/")
        assert '<html lang="zh-hans">' in response.content.decode()
        assert "已实现 ≥ 350 家 · 2025" in words(response)

    def test_the_card_counts_the_steps(self):
        assert "0 of 1 steps are done" in words(self.client.get("/en/embed/commitments/ZZ-002/"))

    def test_the_plan_shows_every_count(self):
        text = words(self.client.get("/en/embed/plans/zhuzhou/"))
        assert "of 2 promises, 1 has been met and 1 was missed." in text
        assert "met 1" in text

    def test_links_lead_back_in_a_window_of_their_own(self):
        for address in ("/en/embed/commitments/ZZ-001/", "/en/embed/plans/zhuzhou/"):
            links = re.findall(r"<a\b.*?>", self.client.get(address).content.decode(), re.DOTALL)
            assert links
            assert all('target="_blank"' in link and 'rel="noopener"' in link for link in links)

    def test_says_of_an_invented_plan_that_it_is(self):
        invented = make_plan(code="xulan", is_fictional=True)
        make_commitment(plan=invented, source=make_source(invented), code="XL-001")
        for address in ("/en/embed/commitments/XL-001/", "/en/embed/plans/xulan/"):
            assert "Fictional example." in words(self.client.get(address))

    def test_may_be_framed_anywhere_and_sets_no_cookie(self):
        for address in ("/embed/commitments/ZZ-001/", "/en/embed/plans/zhuzhou/"):
            response = self.client.get(address)
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "script-src" not in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response
            assert not response.cookies
            assert "<script" not in response.content.decode()
            assert "<nav" not in response.content.decode()

    def test_nothing_else_can_be_framed(self):
        values = {"code": "ZZ-001", "ext": "csv", "number": 1}
        tried = 0
        for pattern in addresses_of(get_resolver()):
            if "embed/" in pattern:
                continue
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values.get(m[1], "x")), pattern)
            response = self.client.get(f"/{address}")
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"], address
            assert response["X-Frame-Options"] == "DENY", address
            tried += response.status_code == 200
        assert tried > 10

    def test_never_shows_a_draft(self):
        assert self.client.get("/embed/commitments/ZZ-003/").status_code == 404
        for address in ("/en/embed/commitments/ZZ-001/", "/en/embed/plans/zhuzhou/"):
            text = words(self.client.get(address))
            for secret in ("Secret", "98,765", "ZZ-003"):
                assert secret not in text

    def test_a_plan_that_is_not_open_has_none(self):
        make_plan(code="later", opened_on=None)
        assert self.client.get("/embed/plans/later/").status_code == 404

    def test_is_light_with_everything_it_loads(self):
        loads = [static_text("embed.css"), static_text("symbols.svg")]
        for address in ("/embed/commitments/ZZ-001/", "/embed/plans/zhuzhou/"):
            texts = [self.client.get(address).content.decode(), *loads]
            size = sum(len(gzip.compress(text.encode())) for text in texts)
            assert size <= MOST_OCTETS, (address, size)

    def test_the_lines_to_copy_show_this_card(self):
        html = self.client.get("/en/commitments/ZZ-001/").content.decode()
        [lines] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
        assert lines == (
            "&lt;iframe src=&quot;http://testserver/en/embed/commitments/ZZ-001/&quot; "
            "title=&quot;Firms &amp;quot;&amp;lt;b&amp;gt;&amp;quot; &amp;amp; co&quot; "
            "width=&quot;100%&quot; height=&quot;280&quot; loading=&quot;lazy&quot;&gt;"
            "&lt;/iframe&gt;"
        ).replace("&quot;", '"')


class TestColours(TestCase):
    def test_are_those_of_the_site(self):
        for name in ("site.css", "embed.css"):
            css = static_text(name)
            for group, (tone, word, tint) in COLOURS.items():
                colours = rf"--tone: {tone}; --word: {word}; --tint: {tint};"
                assert re.search(rf"\.group--{group.value}\b[^\n]*{colours}", css), (name, group)


class TestSize(TestCase):
    def test_a_plans_bar_asks_the_same_for_1_row_as_for_300(self):
        plan = make_plan()
        make_commitments(1)
        with CaptureQueriesContext(connection) as one:
            self.client.get(f"/embed/plans/{plan.code}/")
        for count in (2, 297):
            make_commitments(count)
            with self.assertNumQueries(len(one)):
                self.client.get(f"/embed/plans/{plan.code}/")


def addresses_of(resolver, before=""):
    """Every route of the site but the staff area, as text."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if "admin" in route:
            continue
        if hasattr(each, "url_patterns"):
            yield from addresses_of(each, route)
        else:
            yield route
