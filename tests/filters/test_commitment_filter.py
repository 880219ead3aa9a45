import datetime as dt

from django.utils import translation

from commitments.actions.assessing import reassess
from commitments.changes import Changes
from commitments.models import Commitment
from tests.factories import (
    make_agency,
    make_commitment,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    make_update,
    moment,
)
from tests.filters.case import TODAY, FilterCase


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

    def test_asks_how_firm_a_promise_is_and_whether_it_can_be_measured(self):
        Commitment.objects.filter(code="ZZ-001").update(binding="binding")
        Commitment.objects.filter(code="ZZ-002").update(binding="anticipatory")
        reassess(Commitment.objects.all())
        assert self.found("binding=binding") == ["ZZ-001"]
        assert self.found("binding=anticipatory&binding=not_said") == ["ZZ-002", "ZZ-003"]
        assert self.found("measurable=yes") == ["ZZ-001", "ZZ-002"]
        assert self.found("measurable=no") == ["ZZ-003"]
        assert self.found("measurable=no&measurable=yes") == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_asks_how_fresh_the_figures_are_on_the_day(self):
        make_observation(self.river.targets.get().indicator, 2022, 3)
        assert self.found("freshness=none") == []
        assert self.found("freshness=due") == ["ZZ-002"]
        assert self.found("freshness=current") == ["ZZ-001"]
        assert self.found("freshness=not_expected&freshness=due") == ["ZZ-002", "ZZ-003"]
        # The figure of 2022 came in March 2023, and is the newest there is until 2024 has ended.
        assert self.found("freshness=none&as_of=2023-02-28") == ["ZZ-001", "ZZ-002"]
        assert self.found("freshness=current&as_of=2024-12-31") == ["ZZ-002"]
        assert self.found("freshness=due&as_of=2025-01-01") == ["ZZ-002"]

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


class TestChangedSince(FilterCase):
    def test_finds_what_changed_from_a_day_on(self):
        # ZZ-001 was met by the figure of March 2026; nothing else ever changed.
        assert self.found("changed_since=2026-03-01") == ["ZZ-001"]
        assert self.found("changed_since=2026-03-02") == []
        assert self.found("changed_since=2021-11-05&as_of=2024-01-01") == []
        assert self.found("changed_since=2026-11-24") == []

    def test_finds_a_day_too_late_to_matter_empty_and_no_mistake(self):
        assert self.found("changed_since=2025-01-01&as_of=2024-01-01") == []
        assert self.filter("changed_since=2025-01-01&as_of=2024-01-01").problems == []

    def test_finds_just_what_the_page_of_changes_tells(self):
        """Of each sort of change one, some before the plan was opened here."""
        type(self.plan).objects.update(opened_on=dt.date(2023, 1, 1))
        test = self.firms.targets.get()
        make_observation(test.indicator, 2021, 310)
        make_observation(test.indicator, 2022, 320)
        make_observation(test.indicator, 2022, 321, published_on=dt.date(2023, 6, 1))
        amending = make_source(code="amending", published_on=dt.date(2024, 5, 5))
        make_target(
            self.firms,
            code=test.code + "a",
            indicator=test.indicator,
            amends=test,
            value=400,
            document=amending,
            reason_zh="调整",
            reason_en="Adjusted",
        )
        make_milestone(self.vague, done_on=dt.date(2022, 7, 1))
        make_update(self.river, dated_on=dt.date(2025, 2, 2))
        make_commitment(code="ZZ-009", at=moment(dt.date(2025, 8, 8)))
        days = [dt.date(2021, 11, 5) + dt.timedelta(days=97 * n) for n in range(19)]
        seen = set()
        for day in (TODAY, dt.date(2022, 12, 1)):
            told = Changes(self.plan_again(), day)
            for since in days:
                expected = {mark.code for mark in told.marks if mark.day >= since}
                found = set(self.found(f"changed_since={since}&as_of={day}"))
                assert found == expected, (day, since)
                seen.add(frozenset(expected))
        assert len(seen) > 5

    def plan_again(self):
        return type(self.plan).objects.get(pk=self.plan.pk)


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
            (
                "changed_since=2026-11-25",
                "changed_since",
                "2026-11-25 has not come yet; choose today or a day before.",
            ),
            (
                "changed_since=last week",
                "changed_since",
                "“last week” is not a day. Write it as 2026-01-31.",
            ),
            ("binding=very", "binding", "“very” is not a value this filter knows."),
            ("measurable=maybe", "measurable", "“maybe” is not a value this filter knows."),
            ("freshness=stale", "freshness", "“stale” is not a value this filter knows."),
            ("q=a%00b", "q", "A search has no control characters."),
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
        make_plan(code="unopened", opened_on=None)
        for day in ("", "as_of=2024-01-01"):
            assert self.offered("agency", day) == ["farms", "water"]
            assert self.offered("theme", day) == ["land", "rivers"]
            assert self.offered("due_year", day) == ["2025", "2026", "none"]
            assert "unopened" not in self.offered("plan", day)

    def test_a_chip_takes_one_value_away(self):
        found = self.filter("q=水 质&group=met&group=missed&due_year=none&sort=code&page=3&kind=")
        assert [(str(chip.label), str(chip.text), chip.without) for chip in found.chips()] == [
            ("Search", "水 质", "group=met&group=missed&due_year=none&sort=code"),
            ("Standing", "met", "q=%E6%B0%B4+%E8%B4%A8&group=missed&due_year=none&sort=code"),
            ("Standing", "missed", "q=%E6%B0%B4+%E8%B4%A8&group=met&due_year=none&sort=code"),
            ("Due year", "no due year", "q=%E6%B0%B4+%E8%B4%A8&group=met&group=missed&sort=code"),
        ]

    def test_a_chip_takes_the_day_of_change_away(self):
        [chip] = self.filter("changed_since=2026-03-01&sort=code").chips()
        assert (str(chip.label), chip.text, chip.without) == (
            "Changed since",
            "1 March 2026",
            "sort=code",
        )

    def test_another_plan_is_asked_the_same_but_for_what_only_this_one_has(self):
        other = make_plan(code="other", opened_on=dt.date(2022, 1, 1))
        found = self.filter("q=水&agency=water&group=met&as_of=2024-01-01&page=2")
        assert found.query_for(other) == "q=%E6%B0%B4&group=met&as_of=2024-01-01&plan=other"
        back = self.filter(found.query_for(other))
        assert back.query_for(self.plan) == "q=%E6%B0%B4&group=met&as_of=2024-01-01"

    def test_names_agencies_in_the_language_of_the_page(self):
        with translation.override("zh-hans"):
            [chip] = self.filter("agency=water").chips()
            assert chip.text == "株洲市生态环境局"
