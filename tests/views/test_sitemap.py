import json
import re
import xml.etree.ElementTree as ET
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_commitment,
    make_commitments,
    make_observation,
    make_plan,
    make_source,
    make_target,
)

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
HOST = "http://testserver"


def body(response):
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def read(response):
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ET.fromstring(body(response))


def locations(element):
    return [each.text for each in element.iter(f"{MAP}loc")]


class TestSitemap(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.firms = make_commitment(code="ZZ-001")
        make_commitment(code="ZZ-002")
        make_commitment(code="ZZ-003", published=False)
        make_plan(code="later", opened_on=None)

    def test_the_index_names_its_parts(self):
        assert locations(read(self.client.get("/sitemap.xml"))) == [
            f"{HOST}/sitemap-pages.xml",
            f"{HOST}/sitemap-1.xml",
        ]

    def test_has_every_promise_in_both_languages_and_no_draft(self):
        assert locations(read(self.client.get("/sitemap-1.xml"))) == [
            f"{HOST}/commitments/ZZ-001/",
            f"{HOST}/en/commitments/ZZ-001/",
            f"{HOST}/commitments/ZZ-002/",
            f"{HOST}/en/commitments/ZZ-002/",
        ]

    def test_names_the_other_language_and_the_last_change(self):
        target = make_target(self.firms, baseline_period="2020", baseline_value=200)
        make_observation(target.indicator, 2025, 360)
        first = next(iter(read(self.client.get("/sitemap-1.xml"))))
        assert [(each.get("hreflang"), each.get("href")) for each in first.iter(LINK)] == [
            ("zh-hans", f"{HOST}/commitments/ZZ-001/"),
            ("en", f"{HOST}/en/commitments/ZZ-001/"),
            ("x-default", f"{HOST}/commitments/ZZ-001/"),
        ]
        assert first.findtext(f"{MAP}lastmod") == "2026-03-01"

    def test_every_address_in_it_is_a_page(self):
        pages = locations(read(self.client.get("/sitemap-pages.xml")))
        assert f"{HOST}/plans/zhuzhou/" in pages
        assert f"{HOST}/en/agencies/{self.firms.lead_agency.code}/" in pages
        assert f"{HOST}/themes/{self.firms.theme.code}/" in pages
        assert not any("later" in page for page in pages)
        for page in pages:
            assert self.client.get(page.removeprefix(HOST)).status_code == 200, page

    def test_is_split_before_a_file_has_too_many(self):
        with patch("commitments.views.sitemap.PAGES_A_FILE", 1):
            assert len(locations(read(self.client.get("/sitemap.xml")))) == 3
            second = locations(read(self.client.get("/sitemap-2.xml")))
            assert second[0] == f"{HOST}/commitments/ZZ-002/"
            assert self.client.get("/sitemap-3.xml").status_code == 404
        assert self.client.get("/sitemap-0.xml").status_code == 404

    def test_robots_are_told_where_it_is_and_what_to_leave(self):
        text = body(self.client.get("/robots.txt")).decode()
        assert f"Sitemap: {HOST}/sitemap.xml\n" in text
        assert "Disallow: /admin/\n" in text

    def test_asks_the_same_for_1_row_as_for_300(self):
        def ask():
            for address in ("/sitemap.xml", "/sitemap-1.xml", "/sitemap-pages.xml"):
                body(self.client.get(address))

        with CaptureQueriesContext(connection) as one:
            ask()
        make_commitments(300)
        with self.assertNumQueries(len(one)):
            ask()


class TestHeads(TestCase):
    """What pages tell search engines and previews."""

    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou", title_en="Plan & more")
        cls.firms = make_commitment(
            code="ZZ-001", title_en="Firms </script><b>", quote="到2025年", due_year=None
        )
        cls.other = make_plan(code="xulan", is_fictional=True)
        make_commitment(plan=cls.other, source=make_source(cls.other), code="XL-001")

    def head(self, address):
        html = self.client.get(address).content.decode()
        return html[: html.index("</head>")]

    def links(self, address):
        return {
            (found["rel"], found.get("hreflang", "")): found["href"]
            for tag in re.findall(r"<link\b[^>]*>", self.head(address))
            for found in [dict(re.findall(r'(\w+)="([^"]*)"', tag))]
        }

    def meta(self, address):
        return dict(
            re.findall(
                r'<meta\s+(?:name|property)="([^"]+)"\s+content="([^"]*)"', self.head(address)
            )
        )

    def test_a_page_names_itself_and_its_languages(self):
        links = self.links("/en/commitments/ZZ-001/")
        assert links["canonical", ""] == f"{HOST}/en/commitments/ZZ-001/"
        assert links["alternate", "zh-hans"] == f"{HOST}/commitments/ZZ-001/"
        assert links["alternate", "en"] == f"{HOST}/en/commitments/ZZ-001/"
        assert links["alternate", "x-default"] == f"{HOST}/commitments/ZZ-001/"

    def test_only_another_plan_makes_another_page(self):
        for address, canonical in (
            ("/?plan=zhuzhou", "/"),
            ("/?plan=xulan", "/?plan=xulan"),
            ("/changes/?plan=zhuzhou&kind=status", "/changes/"),
            ("/en/changes/?plan=xulan&as_of=2024-01-01", "/en/changes/?plan=xulan"),
            ("/changes/corrections/?plan=xulan", "/changes/corrections/?plan=xulan"),
            ("/commitments/?sort=code&q=Firms&page=1", "/commitments/"),
            ("/en/commitments/?plan=xulan&as_of=2024-01-01", "/en/commitments/?plan=xulan"),
            ("/commitments/ZZ-001/?plan=x&utm_source=y", "/commitments/ZZ-001/"),
        ):
            assert self.links(address)["canonical", ""] == f"{HOST}{canonical}", address

    def test_a_past_day_is_not_indexed(self):
        assert self.meta("/commitments/ZZ-001/?as_of=2024-01-01")["robots"] == "noindex"
        assert "robots" not in self.meta("/commitments/ZZ-001/")

    def test_every_page_has_a_preview(self):
        for address in ("/en/", "/en/commitments/", "/en/plans/zhuzhou/"):
            meta = self.meta(address)
            assert meta["og:site_name"] == "Public Register of Commitments"
            assert "Plan &amp; more" in meta["og:title"]
            assert meta["og:description"] == meta["description"].replace("\N{NO-BREAK SPACE}", " ")
            assert meta["og:url"] == HOST + address
            assert meta["og:locale"] == "en_GB"
            assert meta["twitter:card"] == "summary"

    def test_a_promise_has_its_picture(self):
        meta = self.meta("/commitments/ZZ-001/")
        assert meta["og:image"] == f"{HOST}/commitments/ZZ-001/card.png"
        assert meta["twitter:card"] == "summary_large_image"
        assert self.client.get(meta["og:image"].removeprefix(HOST)).status_code == 200

    def test_structured_data_says_where_the_promise_was_made(self):
        html = self.client.get("/en/commitments/ZZ-001/").content.decode()
        [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
        claim, data = json.loads(text)["@graph"]
        assert claim["@type"] == "Claim"
        assert claim["name"] == "Firms </script><b>"
        assert claim["text"] == "到2025年"
        assert claim["firstAppearance"]["datePublished"] == "2021-11-05"
        assert next(each["encodingFormat"] for each in data["distribution"]) == "text/csv"
        for each in data["distribution"]:
            assert self.client.get(each["contentUrl"].removeprefix(HOST)).status_code == 200

    def test_nothing_invented_is_given_to_machines_as_a_claim(self):
        html = self.client.get("/en/commitments/XL-001/").content.decode()
        assert "ld+json" not in html

    def test_an_error_names_no_page(self):
        for address in ("/nowhere/", "/commitments/?page=x"):
            head = self.head(address)
            assert "canonical" not in head
            assert "og:" not in head

    def test_feeds_are_found_from_the_pages_they_follow(self):
        for address, feed in (
            ("/en/", "/en/feed.atom"),
            ("/?plan=xulan&as_of=2024-01-01", "/feed.atom?plan=xulan"),
            ("/commitments/?q=x&sort=code&page=1", "/commitments/feed.atom?q=x"),
            ("/commitments/ZZ-001/", "/commitments/ZZ-001/feed.atom"),
            ("/en/changes/?kind=status", "/en/feed.atom"),
            ("/changes/?plan=xulan", "/feed.atom?plan=xulan"),
            (
                f"/agencies/{self.firms.lead_agency.code}/?as_of=2024-01-01",
                f"/agencies/{self.firms.lead_agency.code}/feed.atom",
            ),
            (
                f"/en/themes/{self.firms.theme.code}/",
                f"/en/themes/{self.firms.theme.code}/feed.atom",
            ),
        ):
            assert self.links(address)["alternate", ""] == feed, address
            assert self.client.get(feed).status_code == 200
            html = self.client.get(address).content.decode()
            assert f'href="{feed}"' in html[html.index("<body") :]
            assert f'href="{feed.replace("feed.atom", "calendar.ics")}"' in html
