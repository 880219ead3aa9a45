import datetime as dt

from django.http import QueryDict
from django.test import TestCase
from django.utils import translation

from commitments.filters import CommitmentFilter
from tests.factories import (
    make_agency,
    make_commitment,
    make_indicator,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
)

TODAY = dt.date(2026, 11, 24)


class FilterCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.farms = make_agency(code="farms")
        cls.water = make_agency(code="water", name_zh="株洲市生态环境局", name_en="Ecology Bureau")
        cls.land = make_theme(code="land")
        cls.rivers = make_theme(code="rivers", name_zh="水环境", name_en="Rivers")
        cls.firms = make_commitment(code="ZZ-001", lead_agency=cls.farms, theme=cls.land)
        make_observation(make_target(cls.firms).indicator, 2025, 360)
        cls.river = make_commitment(
            code="ZZ-002",
            lead_agency=cls.water,
            theme=cls.rivers,
            supporting=[cls.farms],
            title_zh="湘江水质达到Ⅱ类",
            title_en="Xiang River at class II",
            due_year=2026,
        )
        make_target(
            cls.river,
            indicator=make_indicator(
                code="xiang", name_zh="湘江断面", name_en="Xiang sections", scale="water_class"
            ),
            kind="class_at_or_better",
            value=2,
            due_period="2026",
        )
        cls.vague = make_commitment(
            code="ZZ-003",
            lead_agency=cls.farms,
            theme=cls.land,
            title_zh="大力发展100%绿色农业",
            title_en="Promote green farming",
            due_year=None,
        )
        make_commitment(code="ZZ-004", published=False, title_zh="草稿")

    def setUp(self):
        translation.activate("en")
        self.addCleanup(translation.activate, translation.get_language())

    def filter(self, query=""):
        return CommitmentFilter(QueryDict(query), today=TODAY)

    def found(self, query=""):
        return [commitment.code for commitment in self.filter(query).qs]

    def problems(self, query):
        found = self.filter(query)
        assert list(found.qs) == []
        assert list(found.everything) == []
        return [(field.name, message) for field, message in found.problems]


class TestWhatIsFound(FilterCase):
    def test_finds_everything_public_when_nothing_is_asked(self):
        assert self.found() == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_values_of_one_field_widen_and_fields_narrow(self):
        assert self.found("due_year=2025&due_year=2026") == ["ZZ-001", "ZZ-002"]
        assert self.found("due_year=2025&due_year=2026&agency=farms") == ["ZZ-001"]
        assert self.found("due_year=none") == ["ZZ-003"]
        assert self.found("due_year=2077") == []
        assert self.found("theme=rivers") == ["ZZ-002"]

    def test_asks_for_a_status_or_its_whole_group(self):
        assert self.found("status=achieved") == ["ZZ-001"]
        assert self.found("group=met") == ["ZZ-001"]
        assert self.found("group=met&group=not_assessable") == ["ZZ-001", "ZZ-003"]
        assert self.found("group=met&status=missed") == []
        assert self.found("kind=class_at_or_better") == ["ZZ-002"]

    def test_orders_as_asked(self):
        assert self.found("sort=due") == ["ZZ-001", "ZZ-002", "ZZ-003"]
        assert self.found("sort=severity") == ["ZZ-002", "ZZ-003", "ZZ-001"]
        assert self.found("sort=agency") == ["ZZ-001", "ZZ-003", "ZZ-002"]
        assert self.found("sort=code") == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_shows_what_stood_on_a_past_day(self):
        assert self.found("as_of=2025-06-01&status=achieved") == []
        assert self.found("as_of=2026-03-01&status=achieved") == ["ZZ-001"]
        assert self.found("as_of=2021-11-04") == []
        assert self.filter("as_of=2026-03-01").is_past
        assert not self.filter("as_of=2026-11-24").is_past

    def test_takes_the_first_real_plan_unless_told(self):
        other = make_plan(code="a-fiction", is_fictional=True, opened_on=dt.date(2020, 1, 1))
        make_commitment(code="F-001", plan=other, source=make_source(other, code="f"))
        assert self.found() == ["ZZ-001", "ZZ-002", "ZZ-003"]
        assert self.found("plan=a-fiction") == ["F-001"]
        assert self.filter().scope == {}
        assert self.filter("plan=a-fiction").scope == {"plan": "a-fiction"}

    def test_finds_nothing_without_an_open_plan(self):
        type(self.plan).objects.update(opened_on=None)
        assert self.found() == []
        assert self.filter().chosen_plan is None


class TestSearch(FilterCase):
    def test_finds_chinese_words_of_two_characters(self):
        assert self.found("q=湘江") == ["ZZ-002"]
        assert self.found("q=绿色") == ["ZZ-003"]

    def test_looks_wherever_a_reader_would(self):
        for word, codes in {
            "zz-002": ["ZZ-002"],
            "xiang river": ["ZZ-002"],
            "龙头企业": ["ZZ-001", "ZZ-002", "ZZ-003"],  # the quote they share
            "ecology": ["ZZ-002"],
            "agriculture": ["ZZ-001", "ZZ-002", "ZZ-003"],  # the lead, or a supporter
            "断面": ["ZZ-002"],
            "sections": ["ZZ-002"],
            "水环境": ["ZZ-002"],
        }.items():
            with self.subTest(word):
                assert codes == self.found(f"q={word}")

    def test_every_word_must_occur_and_any_white_space_parts_them(self):
        assert self.found("q=水质\u3000river") == ["ZZ-002"]
        assert self.found("q=水质 绿色") == []
        assert self.found("q=%20%20") == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_takes_wildcards_for_what_they_are(self):
        assert self.found("q=100%25") == ["ZZ-003"]
        assert self.found("q=ZZ_001") == []

    def test_never_shows_a_draft(self):
        assert self.found("q=草稿") == []


class TestWhatCannotBeRead(FilterCase):
    def test_names_the_field_and_the_value_and_finds_nothing(self):
        for query, field, message in (
            ("status=foo", "status", "“foo” is not a value this filter knows."),
            ("group=foo&group=met", "group", "“foo” is not a value this filter knows."),
            ("kind=foo", "kind", "“foo” is not a value this filter knows."),
            ("agency=nobody", "agency", "“nobody” is not a value this filter knows."),
            (
                "agency=%00",
                "agency",
                "“\N{REPLACEMENT CHARACTER}” is not a value this filter knows.",
            ),
            ("theme=nothing", "theme", "“nothing” is not a value this filter knows."),
            ("plan=none", "plan", "“none” is not a value this filter knows."),
            ("sort=random", "sort", "“random” is not a value this filter knows."),
            ("due_year=soon", "due_year", "“soon” is not a year with four digits."),
            ("due_year=20255", "due_year", "“20255” is not a year with four digits."),
            ("due_year=２０２５", "due_year", "“２０２５” is not a year with four digits."),
            ("as_of=yesterday", "as_of", "“yesterday” is not a day. Write it as 2026-01-31."),
            ("as_of=2026-02-30", "as_of", "“2026-02-30” is not a day. Write it as 2026-01-31."),
            (
                "as_of=2026-11-25",
                "as_of",
                "2026-11-25 has not come yet; choose today or a day before.",
            ),
            ("q=a%00b", "q", "Null characters are not allowed."),
            (
                f"q={'a' * 201}",
                "q",
                "A search has 200 characters at most; this one has 201.",
            ),
            (f"q={'a+' * 11}", "q", "A search has 10 words at most; this one has 11."),
        ):
            with self.subTest(query):
                assert [(field, message)] == self.problems(query)

    def test_names_all_mistakes_at_once(self):
        found = self.problems("status=foo&as_of=x&q=%00")
        assert [name for name, _message in found] == ["q", "status", "as_of"]

    def test_reads_the_longest_search_there_is(self):
        assert self.filter(f"q={'a' * 200}").problems == []
        assert self.filter(f"q={'a+' * 10}").problems == []

    def test_does_not_know_a_plan_that_is_not_open(self):
        make_plan(code="secret", opened_on=None)
        assert self.problems("plan=secret") == [
            ("plan", "“secret” is not a value this filter knows.")
        ]


class TestWhatIsOffered(FilterCase):
    def offered(self, name, query=""):
        return [value for value, _word in self.filter(query).form.fields[name].choices]

    def test_offers_what_the_plan_has(self):
        other = make_plan(code="other", opened_on=dt.date(2022, 1, 1))
        agency = make_agency(code="other-agency")
        make_commitment(
            code="O-1",
            plan=other,
            source=make_source(other, code="o"),
            lead_agency=agency,
            due_year=2040,
        )
        named = make_agency(code="silent")
        self.plan.agencies.add(named)
        assert self.offered("agency") == ["farms", "silent", "water"]
        assert self.offered("theme") == ["land", "rivers"]
        assert self.offered("due_year") == ["2025", "2026", "none"]
        assert self.offered("agency", "plan=other") == ["other-agency"]
        # Asked for although it is another plan's: it stays, so that it can be taken away again.
        assert self.offered("agency", "agency=other-agency") == [
            "farms",
            "other-agency",
            "silent",
            "water",
        ]
        assert self.offered("due_year", "due_year=2077") == ["2025", "2026", "2077", "none"]

    def test_does_not_offer_what_only_drafts_use(self):
        make_commitment(
            code="ZZ-005",
            published=False,
            lead_agency=make_agency(code="hidden"),
            theme=make_theme(code="hidden"),
            due_year=2031,
        )
        assert self.offered("agency") == ["farms", "water"]
        assert self.offered("theme") == ["land", "rivers"]
        assert self.offered("due_year") == ["2025", "2026", "none"]

    def test_a_chip_takes_one_value_away(self):
        found = self.filter("q=水 质&group=met&group=missed&due_year=none&sort=code&page=3&kind=")
        assert [(str(chip.label), str(chip.text), chip.without) for chip in found.chips()] == [
            ("Search", "水 质", "group=met&group=missed&due_year=none&sort=code"),
            ("Standing", "met", "q=%E6%B0%B4+%E8%B4%A8&group=missed&due_year=none&sort=code"),
            ("Standing", "missed", "q=%E6%B0%B4+%E8%B4%A8&group=met&due_year=none&sort=code"),
            ("Due year", "no due year", "q=%E6%B0%B4+%E8%B4%A8&group=met&group=missed&sort=code"),
        ]

    def test_names_agencies_in_the_language_of_the_page(self):
        with translation.override("zh-hans"):
            [chip] = self.filter("agency=water").chips()
            assert chip.text == "株洲市生态环境局"
