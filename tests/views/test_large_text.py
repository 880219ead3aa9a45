"""Large text: the same pages under /large/, and nothing else there."""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.core.management import call_command
from django.test import TestCase
from django.urls import Resolver404, resolve
from django.utils import translation

from commitments.places import Place
from commitments.urls import urlpatterns
from tests.page_kinds import PAGES, SEEDS, in_english, in_large_text

NAMES = {each.name for each in urlpatterns}


class Ways(HTMLParser):
    """Every address that a page leads to: links (with their words) and forms."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self.open = [attributes["href"], ""]
            self.found.append(self.open)
        if tag == "form":
            self.found.append([attributes["action"], "form"])

    def handle_endtag(self, tag):
        if tag == "a":
            self.open = None

    def handle_data(self, data):
        if self.open:
            self.open[1] += data


def ways(page):
    found = Ways(page.content.decode()).found
    return [(address, " ".join(words.split())) for address, words in found]


def inside(address):
    return address.startswith("/") and not address.startswith(("/static/", "/admin/", "/en/admin/"))


def name_of(address, urlconf):
    path = re.split(r"[?#]", address)[0]
    try:
        with translation.override(Place.of(path).language):
            return resolve(path, urlconf).url_name
    except Resolver404:
        return None


def machine_words(page):
    """Addresses a machine is told: canonical, alternates, previews, structured data."""
    return re.findall(
        r'<link rel="(?:canonical|alternate)".*?>|<meta property="og:.*?>|<script.*?</script>',
        page.content.decode(),
        re.DOTALL,
    )


class TestLargeText(TestCase):
    @classmethod
    def setUpTestData(cls):
        for folder in SEEDS:
            call_command("load_plan", str(settings.SEED_DIR / folder), verbosity=0)

    def test_every_way_on_from_every_page_stays_in_large_text_but_one(self):
        for address in (*PAGES, *map(in_english, PAGES)):
            large = in_large_text(address)
            page = self.client.get(large)
            assert page.status_code == 200, large
            found = [(way, words) for way, words in ways(page) if inside(way)]
            assert len(found) > 8, large
            leaving = [
                (way, words) for way, words in found if name_of(way, "tracker.urls") in NAMES
            ]
            off = "Standard text" if address.startswith("/en/") else "标准版"
            assert leaving == [(address, off)], large
            for way, words in found:
                known = name_of(way, "tracker.large_urls") or name_of(way, "tracker.urls")
                assert known, (large, way, words)

    def test_one_tap_turns_it_on_with_the_same_plan_day_and_filter(self):
        for address, word in (
            ("/commitments/?plan=xulan-example&group=met&group=missed&as_of=2023-06-30", "长辈版"),
            ("/en/commitments/XL-001/?as_of=2023-06-30", "Large text"),
        ):
            assert (in_large_text(address), word) in ways(self.client.get(address))

    def test_the_other_language_keeps_it(self):
        for here, there, word in (
            ("/large/agencies/?a=b", "/en/large/agencies/?a=b", "English"),
            ("/en/large/agencies/?a=b", "/large/agencies/?a=b", "简体中文"),
        ):
            assert (there, word) in ways(self.client.get(here))

    def test_machines_are_told_of_the_ordinary_page(self):
        for address in (*PAGES, *map(in_english, PAGES[:12])):
            large = machine_words(self.client.get(in_large_text(address)))
            assert len(large) >= 8
            assert large == machine_words(self.client.get(address))

    def test_shows_the_same_and_loads_one_sheet_more(self):
        ordinary, large = self.client.get("/commitments/"), self.client.get("/large/commitments/")
        assert ordinary.content.count(b"large.css") == 0
        assert large.content.count(b"commitments/large.css") == 1
        assert large.context["page"].paginator.count == ordinary.context["page"].paginator.count

    def test_needs_no_cookie_and_varies_with_nothing_but_the_address(self):
        page = self.client.get("/large/commitments/?q=合作社")
        assert not page.cookies
        assert page.get("Vary", "") == self.client.get("/commitments/").get("Vary", "")

    def test_what_is_not_there_is_said_in_large_text(self):
        page = self.client.get("/en/large/nowhere")
        self.assertContains(page, "There is no such page", status_code=404)
        assert ("/en/large/commitments/", "To all promises") in ways(page)
        self.assertContains(page, "large.css", status_code=404)

    def test_files_feeds_frames_and_the_staff_area_have_one_address(self):
        for address in (
            "commitments.csv",
            "feed.atom",
            "commitments/ZZ-052/calendar.ics",
            "embed/commitments/ZZ-052/",
            "admin/",
        ):
            assert self.client.get(f"/large/{address}").status_code == 404, address

    def test_a_page_in_large_text_leaves_no_trace_on_the_next(self):
        self.client.get("/large/commitments/")
        for address in ("/", "/feed.atom", "/embed/commitments/ZZ-052/", "/sitemap-1.xml"):
            page = self.client.get(address)
            text = b"".join(page) if page.streaming else page.content
            assert text.count(b"/large/") == (address == "/"), address

    def test_a_missing_slash_is_added(self):
        for address in ("/large", "/en/large", "/large/commitments"):
            self.assertRedirects(self.client.get(address), f"{address}/", 301)

    def test_never_leads_to_another_host(self):
        for address in ("//large//evil.example/x", "/large//evil.example/x"):
            page = self.client.get("/", PATH_INFO=address).content.decode()
            assert "evil.example" in page
            assert 'href="//' not in page
