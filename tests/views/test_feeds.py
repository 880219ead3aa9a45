import datetime as dt
import xml.etree.ElementTree as ET

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    make_update,
    moment,
)

ATOM = "{http://www.w3.org/2005/Atom}"


def read(response):
    """The parsed feed, after all that makes it a valid one was checked."""
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    for each in (feed, *entries(feed)):
        assert text(each, "title")
        assert text(each, "id").startswith("tag:testserver,")
        assert dt.datetime.fromisoformat(text(each, "updated")).tzinfo
        assert link(each, "alternate").startswith("http://testserver/")
    assert text(feed, "author/name")
    ids = [text(each, "id") for each in entries(feed)]
    assert len(ids) == len(set(ids))
    return feed


def entries(feed):
    return feed.findall(f"{ATOM}entry")


def text(element, path):
    return element.findtext("/".join(f"{ATOM}{name}" for name in path.split("/")))


def link(element, rel):
    return next(
        each.get("href") for each in element.findall(f"{ATOM}link") if each.get("rel") == rel
    )


def titles(feed):
    return [text(each, "title") for each in entries(feed)]


class TestFeeds(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.farms = make_agency(code="farms", name_en="Farms Bureau")
        cls.water = make_agency(code="water", name_en="Water Bureau")
        cls.land = make_theme(code="land", name_en="Land")
        cls.rivers = make_theme(code="rivers", name_en="Rivers")
        cls.firms = make_commitment(
            code="ZZ-001", title_en="Firms <b> & co", lead_agency=cls.farms, theme=cls.land
        )
        cls.counted = make_target(cls.firms, baseline_period="2020", baseline_value=200).indicator
        cls.first = make_observation(cls.counted, 2023, 220)
        cls.wells = make_commitment(
            code="ZZ-002", title_en="Wells", lead_agency=cls.water, theme=cls.rivers
        )
        make_observation(make_target(cls.wells).indicator, 2025, 400)
        make_target(make_commitment(code="ZZ-003", title_en="Secret", published=False))
        make_observation(cls.counted, 2024, 98765, published=False)
        make_update(cls.firms, published=False, text_en="Secret words", text_zh="秘密")

    def feed(self, address="/en/feed.atom", **query):
        return read(self.client.get(address, query))

    def test_an_entry_says_the_statuses_before_and_after_and_why(self):
        entry = next(
            each
            for each in entries(self.feed("/en/commitments/ZZ-002/feed.atom"))
            if text(each, "title").endswith("→ achieved")
        )
        assert "new figure" in text(entry, "summary")
        assert "400 enterprises" in text(entry, "summary")
        assert link(entry, "alternate") == "http://testserver/en/commitments/ZZ-002/"

    def test_a_text_stays_text(self):
        assert any("Firms <b> & co" in title for title in titles(self.feed()))
        assert all("<b>" not in text(each, "summary") for each in entries(self.feed()))

    def test_a_correction_is_an_entry_with_both_values(self):
        make_observation(
            self.counted, 2023, 230, published_on=dt.date(2024, 9, 1), note_en="Recount"
        )
        [entry] = [
            each
            for each in entries(self.feed("/en/commitments/ZZ-001/feed.atom"))
            if "correction" in text(each, "title")
        ]
        assert text(entry, "title").endswith("correction 220 enterprises → 230 enterprises")
        assert "Recount" in text(entry, "summary")

    def test_newest_first_and_the_feed_is_as_new_as_its_newest(self):
        feed = self.feed()
        days = [dt.datetime.fromisoformat(text(each, "updated")) for each in entries(feed)]
        assert days == sorted(days, reverse=True)
        assert dt.datetime.fromisoformat(text(feed, "updated")) == days[0]

    def test_a_figure_has_the_moment_it_was_published_here(self):
        times = {dt.datetime.fromisoformat(text(each, "updated")) for each in entries(self.feed())}
        assert moment(dt.date(2024, 3, 1)) in times

    def test_ids_stay_when_something_new_comes(self):
        before = {text(each, "id") for each in entries(self.feed())}
        make_observation(self.counted, 2025, 360)
        after = {text(each, "id") for each in entries(self.feed())}
        assert before < after

    def test_the_same_in_chinese(self):
        zh, en = self.feed("/feed.atom"), self.feed()
        assert zh.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-hans"
        assert len(entries(zh)) == len(entries(en))
        assert any("已实现" in title for title in titles(zh))
        assert text(zh, "title") == "最新变化：株洲市规划"

    def test_follows_an_agency_a_theme_a_promise_and_a_filter(self):
        for address in (
            "/en/agencies/farms/feed.atom",
            "/en/themes/land/feed.atom",
            "/en/commitments/ZZ-001/feed.atom",
            "/en/commitments/feed.atom?q=Firms",
            "/en/commitments/feed.atom?agency=farms&theme=land",
        ):
            found = titles(read(self.client.get(address)))
            assert found, address
            assert all(title.startswith("ZZ-001") for title in found), address

    def test_says_where_it_is(self):
        address = "http://testserver/en/commitments/feed.atom?q=Firms"
        feed = self.feed("/en/commitments/feed.atom", q="Firms")
        assert link(feed, "self") == address
        assert link(feed, "alternate") == "http://testserver/en/commitments/?q=Firms"

    def test_says_of_an_invented_plan_that_it_is(self):
        invented = make_plan(code="xulan", is_fictional=True, title_en="Xulan")
        sky = make_commitment(
            plan=invented, source=make_source(invented), code="XL-001", title_en="Sky"
        )
        make_observation(make_target(sky).indicator, 2023, 100)
        assert not any("XL-001" in title for title in titles(self.feed()))
        feed = self.feed(plan="xulan")
        assert text(feed, "title") == "What changed: [Fictional] Xulan"
        assert titles(feed)
        assert all(title.startswith("[Fictional] XL-001") for title in titles(feed))

    def test_refuses_what_it_cannot_read(self):
        for address in (
            "/feed.atom?plan=nowhere",
            "/commitments/feed.atom?status=fine",
            "/en/commitments/feed.atom?as_of=2999-01-01",
            "/agencies/farms/feed.atom?as_of=never",
        ):
            response = self.client.get(address)
            assert response.status_code == 400, address
        for address in ("/commitments/ZZ-003/feed.atom", "/agencies/nobody/feed.atom"):
            assert self.client.get(address).status_code == 404, address

    def test_never_shows_a_draft(self):
        for address in ("/feed.atom", "/en/feed.atom", "/en/agencies/farms/feed.atom"):
            content = self.client.get(address).content.decode()
            for secret in ("Secret", "秘密", "ZZ-003", "98765", "98,765"):
                assert secret not in content, (address, secret)

    def test_sets_no_cookie_and_no_date_a_cache_could_misread(self):
        response = self.client.get("/feed.atom")
        assert not response.cookies
        assert "Last-Modified" not in response

    def test_an_empty_register_has_an_empty_feed(self):
        self.plan.opened_on = None
        self.plan.save()
        response = self.client.get("/feed.atom")
        assert response.status_code == 200
        assert entries(ET.fromstring(response.content)) == []

    def test_an_empty_feed_is_the_same_until_something_happens(self):
        for address in ("/feed.atom?as_of=2021-11-05", "/commitments/feed.atom?q=zzz"):
            first = self.client.get(address).content
            assert entries(ET.fromstring(first)) == []
            assert self.client.get(address).content == first


class TestSize(TestCase):
    def test_asks_the_database_no_more_for_300_rows_than_for_1(self):
        make_commitments(1)
        with CaptureQueriesContext(connection) as one:
            self.client.get("/feed.atom")
        for count in (2, 297):
            make_commitments(count)
            with CaptureQueriesContext(connection) as many:
                feed = read(self.client.get("/feed.atom"))
            # Fewer when no entry is of some kind: then its table need not be asked.
            assert len(many) <= len(one)
        assert len(entries(feed)) == 50
