import datetime as dt
import re
from decimal import Decimal

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.actions.assessing import reassess
from commitments.domain.periods import Period
from commitments.models import Commitment, Indicator, Observation
from commitments.models.workflow import State
from tests.factories import (
    OPENED_ON,
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_update,
    make_user,
    moment,
)

ZH, EN = "/commitments/ZZ-001/", "/en/commitments/ZZ-001/"


def bare(html):
    """The words between the tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def page_words(response):
    return bare(re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL))


def section(response, name):
    """The words of one section of the page, by the id of its heading."""
    html = response.content.decode()
    found = re.search(rf'<(section|aside)[^>]*aria-labelledby="{name}".*?</\1>', html, re.DOTALL)
    return bare(found[0]) if found else ""


def nested(response, name):
    """Like `section`, for one that holds other sections: up to the next of its own rank."""
    html = response.content.decode().split(f'aria-labelledby="{name}">')[1]
    return bare(html.split('<section class="section"')[0])


class TestAPromiseWithANumber(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_plan(code="zhuzhou", opened_on=OPENED_ON)
        cls.commitment = make_commitment(code="ZZ-001", editor_note_en="Printed so.")
        cls.target = make_target(
            cls.commitment, baseline_period="2020", baseline_value=200, note_en="Read as a total."
        )
        cls.indicator = cls.target.indicator
        make_observation(cls.indicator, 2022, 250)
        make_observation(cls.indicator, 2022, 240, published_on=dt.date(2023, 9, 1))
        make_observation(cls.indicator, 2023, 260, is_provisional=True, source_kind="secondary")
        make_update(cls.commitment)

    def test_says_promise_status_owner_and_year(self):
        page = self.client.get(EN)
        assert page.status_code == 200
        text = page_words(page)
        assert "ZZ-001 Raise the number of leading agricultural enterprises to 350" in text
        assert "Owed by Agriculture and Rural Affairs Bureau" in text
        assert "Due 2025 stated in the text" in text

    def test_shows_the_quote_marked_in_its_context_and_links_to_its_place(self):
        html = self.client.get(EN).content.decode()
        assert (
            '<p class="quote__line">市农业农村局负责人介绍:'
            "<mark>到2025年,市级以上农业龙头企业达到350家以上</mark>。</p>"
        ) in html
        assert 'href="/en/plans/zhuzhou/#q-ZZ-001"' in html
        assert "Editor’s note Printed so." in page_words(self.client.get(EN))

    def test_every_number_of_the_chart_is_in_the_table_with_its_source(self):
        text = nested(self.client.get(EN), "tests")
        assert "Period Figure (enterprises) Promised path (enterprises) Source" in text
        assert "2020 baseline 200 200 stated in the document" in text
        assert (
            "2022 240 260 "
            "Zhuzhou Municipal Statistics Bureau, communiqué 1 September 2023 "
            "corrected before: 250 enterprises" in text
        )
        assert (
            "2023 260 290 "
            "Zhuzhou Municipal Statistics Bureau, communiqué https://example.org/communique/2023 "
            "1 March 2024 provisional secondary source" in text
        )
        assert "2025 due – 350 no figure published" in text

    def test_the_chart_has_a_name_and_draws_provisional_values_differently(self):
        html = self.client.get(EN).content.decode()
        assert '<svg class="chart__svg" viewBox="0 0 328 212" role="img"' in html
        assert html.count('class="chart__dot chart__dot--provisional" cx="') == 2
        assert "style=" not in html
        assert "<style" not in html

    def test_says_why_with_the_arithmetic_and_what_the_flags_mean(self):
        text = section(self.client.get(EN, {"as_of": "2024-06-01"}), "why")
        assert "(260 − 200) ÷ (350 − 200) = 40.0%" in text
        assert "provisional figure The figure judged is provisional" in text

    def test_keeps_the_agencys_words_apart(self):
        text = section(self.client.get(EN), "updates")
        assert "They do not change the status." in text
        assert "Twelve enterprises were added in the first half of the year." in text

    def test_tells_everything_that_happened_the_newest_first(self):
        name = "Leading agricultural enterprises"
        source = "Zhuzhou Municipal Statistics Bureau, communiqué"
        text = section(self.client.get(EN, {"as_of": "2025-06-01"}), "history")
        assert text.startswith(
            "From the promise to 1 June 2025 "
            "31 December 2025 Due still to come "
            f"{name}: at least 350 enterprises by the end of 2025 "
            "1 June 2025 1 March 2024 Provisional figure "
        )
        for words in (
            f"1 March 2024 Provisional figure {name} · 2023: 260 enterprises {source}",
            "1 March 2023 Status no data → became behind By the end of 2022, 40% of the time",
            f"1 September 2023 Figure corrected {name} · 2022: "
            f"250 enterprises → 240 enterprises {source}",
            "30 June 2023 The agency’s own words Agriculture and Rural Affairs Bureau "
            "Twelve enterprises were added in the first half of the year.",
            f"1 March 2023 Figure published {name} · 2022: 250 enterprises "
            f"replaced on 1 September 2023 {source}",
            "5 November 2021 Status no data No figure",
            f"5 November 2021 Test set {name}: at least 350 enterprises by the end of 2025 "
            "5 November 2021 Promised Report of the press conference Zhuzhou Daily",
        ):
            assert words in text, words

    def test_a_test_entered_wrongly_is_told_with_its_reason(self):
        make_target(
            self.commitment,
            code=self.target.code,
            indicator=self.indicator,
            value=400,
            reason_en="Read in the wrong line.",
            at=moment(dt.date(2024, 5, 4)),
        )
        text = section(self.client.get(EN, {"as_of": "2024-06-01"}), "history")
        assert "4 May 2024 Test corrected here Read in the wrong line." in text

    def test_the_story_begins_with_the_promise(self):
        make_observation(self.indicator, 2019, 190, published_on=dt.date(2020, 3, 1))
        text = section(self.client.get(EN), "history")
        assert "2019: 190 enterprises" not in text
        assert text.endswith(
            "5 November 2021 Promised Report of the press conference Zhuzhou Daily"
        )

    def test_a_status_that_a_date_brought_about_says_so(self):
        text = section(self.client.get(EN, {"as_of": "2026-06-01"}), "history")
        assert "1 January 2026 Status behind → became due, figure awaited A date passed." in text
        assert "A date passed. By the end of 2022" not in text

    def test_says_how_fresh_the_figures_are(self):
        text = page_words(self.client.get(EN, {"as_of": "2024-12-15"}))
        assert (
            "Freshness The newest figure is for 2023 and was published on 1 March 2024, "
            "9 months ago; the next one is due by the end of 2025."
        ) in text
        late = page_words(self.client.get(EN, {"as_of": "2026-01-01"}))
        assert "a newer one was due by the end of 2025." in late

    def test_says_what_makes_it_testable(self):
        text = nested(self.client.get(EN), "tests")
        assert (
            "What makes it testable, and what is missing: a definition of what is measured, "
            "a source of figures Number at least 350 enterprises Unit enterprises "
            "Date the end of 2025 · stated in the text Definition not stated "
            "Starting point 2020 · 200 enterprises Source of figures not stated"
        ) in text

    def test_every_figure_has_an_address_that_stays(self):
        html = self.client.get(EN).content.decode()
        for key in ("ZZ-001.1-2022", "ZZ-001.1-2023-secondary"):
            assert html.count(f'id="figure-{key}"') == 1
            assert f'<a class="anchor" href="#figure-{key}">' in html
        assert "Link to the figure for 2022" in nested(self.client.get(EN), "tests")
        assert 'id="figure-ZZ-001.1-2025"' not in html
        before = self.client.get(EN, {"as_of": "2023-06-01"}).content.decode()
        assert 'id="figure-ZZ-001.1-2022"' in before

    def test_can_be_cited_as_it_was_on_the_day_shown(self):
        page = self.client.get(EN, {"as_of": "2024-06-01"})
        address = "http://testserver/en/commitments/ZZ-001/?as_of=2024-06-01"
        assert (
            "“Raise the number of leading agricultural enterprises to 350” (ZZ-001), in: "
            f"Zhuzhou plan. Public Register of Commitments, as of 1 June 2024. {address}"
        ) in section(page, "cite")
        assert f'<a href="{address}">' in page.content.decode()
        assert (
            f'<a href="{address}">'
            in self.client.get(
                "/en/large/commitments/ZZ-001/", {"as_of": "2024-06-01"}
            ).content.decode()
        )
        today = self.client.get(EN)
        kept = re.search(
            r'<p class="cite">.*?href="http://testserver([^"]*)"', today.content.decode(), re.DOTALL
        )[1]
        assert self.client.get(kept).status_code == 200

    def test_a_citation_of_something_invented_says_so(self):
        self.commitment.plan.is_fictional = True
        self.commitment.plan.save()
        text = section(self.client.get(EN, {"as_of": "2024-06-01"}), "cite")
        assert "as of 1 June 2024. Fictional example. http" in text
        assert "note = {As of 1 June 2024. Fictional example.}" in text

    def test_the_bibtex_entry_escapes_what_latex_reads(self):
        Commitment.objects.filter(pk=self.commitment.pk).update(title_en="50% & more_{x}")
        text = section(self.client.get(EN, {"as_of": "2024-06-01"}), "cite")
        assert r"@misc{ZZ-001-2024-06-01, title = {50\% \&amp; more\_\{x\} (ZZ-001)," in text

    def test_offers_its_own_files(self):
        html = self.client.get(EN).content.decode()
        for ext in ("csv", "xlsx", "json"):
            assert f'href="/en/commitments.{ext}?plan=zhuzhou&amp;code=ZZ-001"' in html
        answer = self.client.get("/en/commitments.csv?plan=zhuzhou&code=ZZ-001")
        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert sum("ZZ-001" in line for line in lines) == 1

    def test_says_the_same_in_chinese(self):
        page = self.client.get(ZH)
        assert page.status_code == 200
        text = page_words(page)
        assert "市级以上农业龙头企业达到350家" in text
        assert "时期 数据（家） 承诺路径（家） 来源" in text
        assert "更正前：250家" in text

    def test_what_is_not_translated_says_so(self):
        make_observation(self.indicator, 2021, 230, source_en="", note_zh="初步核算。")
        Commitment.objects.filter(pk=self.commitment.pk).update(due_note_zh="前句写明。")
        Indicator.objects.filter(pk=self.indicator.pk).update(
            definition_zh="市级以上认定的企业。", definition_en="", data_source_zh="年报"
        )
        text = page_words(self.client.get(EN))
        assert "株洲市统计局《统计公报》 (Chinese only)" in text
        assert "初步核算。 (Chinese only)" in text
        assert "Definition 市级以上认定的企业。 (Chinese only)" in text
        assert "Source of figures 年报 (Chinese only)" in text
        assert "stated in the text: 前句写明。 (Chinese only)" in text

    def test_a_past_day_shows_what_was_known_then_and_says_so(self):
        page = self.client.get(EN, {"as_of": "2023-06-01"})
        text = page_words(page)
        assert "As of 1 June 2023. This is what the site showed on that day." in text
        assert "2022 250 260 " in text
        assert "240" not in text
        assert "Twelve enterprises" not in text
        assert "replaced on" not in text

    def test_the_day_before_it_was_promised_it_is_not_found(self):
        assert self.client.get(EN, {"as_of": "2021-11-04"}).status_code == 404

    def test_refuses_a_day_that_cannot_be(self):
        for day, words in (
            ("2999-01-01", "2999-01-01 has not come yet"),
            ("yesterday", "“yesterday” is not a day"),
            ("2023-02-30", "“2023-02-30” is not a day"),
        ):
            page = self.client.get(EN, {"as_of": day})
            assert page.status_code == 400
            assert words in page_words(page)


class TestWhatIsNotThere(TestCase):
    def test_neither_a_draft_nor_an_unknown_code_is_found(self):
        make_commitment(code="ZZ-001", title_en="Secret plan", published=False)
        for address in (EN, "/en/commitments/NOPE/", "/commitments/a%00b/", "/commitments/%27/"):
            page = self.client.get(address)
            assert page.status_code == 404
            assert "Secret plan" not in page.content.decode()

    def test_a_draft_fact_is_not_shown(self):
        commitment = make_commitment(code="ZZ-001")
        target = make_target(commitment)
        make_observation(target.indicator, 2023, 271, published=False)
        make_update(commitment, text_en="Not yet said.", published=False)
        make_milestone(commitment, title_en="Hidden step", published=False)
        text = page_words(self.client.get(EN))
        for words in ("271", "Not yet said.", "Hidden step"):
            assert words not in text

    def test_days_before_the_plan_was_opened_say_that_they_are_rebuilt(self):
        make_plan(code="late", opened_on=dt.date(2024, 1, 1))
        make_target(make_commitment(code="ZZ-001"))
        page = self.client.get(EN, {"as_of": "2022-01-01"})
        assert page.status_code == 200
        assert (
            "The plan was opened here on 1 January 2024; days before it are rebuilt from the "
            "sources’ own dates."
        ) in page_words(page)

    def test_a_rebuilt_day_shows_no_draft_and_nothing_told_later(self):
        plan = make_plan(opened_on=dt.date(2024, 1, 1))
        at = moment(dt.date(2024, 1, 1))
        commitment = make_commitment(code="ZZ-001", plan=plan)
        context = make_indicator(name_en="Good days", unit_en="days")
        commitment.context_indicators.add(context)
        make_observation(context, 2020, 310, at=at)
        make_observation(context, 2021, 321, at=at, published_on=dt.date(2023, 5, 1))
        make_observation(context, 2019, 309, published=False)
        make_update(commitment, text_en="Said.", dated_on=dt.date(2022, 1, 1), at=at)
        make_update(commitment, text_en="Drafted.", dated_on=dt.date(2022, 1, 1), published=False)
        make_update(commitment, text_en="Said later.", dated_on=dt.date(2023, 6, 1), at=at)
        text = page_words(self.client.get(EN, {"as_of": "2023-04-30"}))
        assert "2020 310 days" in text
        assert "Said." in text
        for words in ("309 days", "321 days", "Drafted.", "Said later."):
            assert words not in text


class TestEveryKind(TestCase):
    def test_without_a_test_it_says_what_is_missing(self):
        make_commitment(code="ZZ-001", due_year=None)
        text = section(self.client.get(EN), "missing")
        assert "Number not stated Unit not stated Date not stated" in text

    def test_a_promise_without_a_test_may_have_a_date(self):
        make_commitment(code="ZZ-001", due_year=2030)
        text = section(self.client.get(EN), "missing")
        assert "Unit not stated Date the end of 2030 · stated in the text Definition" in text

    def test_steps_are_listed_with_how_each_stands(self):
        commitment = make_commitment(code="ZZ-001")
        make_milestone(commitment, done_on=dt.date(2023, 6, 1))
        make_milestone(commitment, title_en="Opening", due_on=dt.date(2024, 6, 1))
        text = section(self.client.get(EN), "steps")
        assert (
            "Construction begins done # Link to this step due 31 December 2023, done 1 June 2023"
            in text
        )
        assert "Opening overdue # Link to this step due 1 June 2024" in text
        assert "Number 2 steps, done or not" in text
        told = section(self.client.get(EN), "history")
        assert "1 June 2024 Date passed, step not done Opening" in told
        assert "1 June 2023 Step done Construction begins: done on 1 June 2023" in told

    def test_a_step_done_later_is_open_on_an_earlier_day(self):
        commitment = make_commitment(code="ZZ-001")
        step = make_milestone(commitment)
        make_milestone(commitment, code=step.code, done_on=dt.date(2023, 6, 1))
        text = section(self.client.get(EN, {"as_of": "2023-05-31"}), "steps")
        assert "Construction begins not due yet # Link to this step due 31 December 2023" in text
        assert "done 1 June 2023" not in text

    def test_a_date_that_was_set_is_not_replaced_when_the_step_is_done(self):
        commitment = make_commitment(code="ZZ-001")
        step = make_milestone(commitment)
        make_milestone(commitment, code=step.code, done_on=dt.date(2023, 6, 1))
        told = section(self.client.get(EN), "history")
        assert "Steps set Construction begins: due 31 December 2023 5 November" in told
        assert "replaced" not in told

    def test_a_date_that_was_wrong_here_was_replaced(self):
        commitment = make_commitment(code="ZZ-001")
        step = make_milestone(commitment)
        make_milestone(
            commitment,
            code=step.code,
            due_on=dt.date(2024, 12, 31),
            at=moment(dt.date(2024, 1, 10)),
        )
        told = section(self.client.get(EN), "history")
        assert "due 31 December 2023 replaced on 10 January 2024" in told

    def test_every_year_against_a_comparator_has_both_sides_and_the_tally(self):
        own = make_indicator(name_en="Growth, city", unit_en="%", unit_zh="%")
        other = make_indicator(name_en="Growth, province", unit_en="%", unit_zh="%")
        commitment = make_commitment(code="ZZ-001")
        make_target(
            commitment,
            indicator=own,
            kind="above_comparator",
            comparator_indicator=other,
            first_period=2021,
            value=None,
        )
        for year, ours, theirs in ((2021, 8, 7), (2022, 5, 5)):
            make_observation(own, year, ours)
            make_observation(other, year, theirs)
        text = nested(self.client.get(EN), "tests")
        assert "2021 above 2022 not above 2023 no figures" in text
        assert "2022 5% 5% not above" in text

    def test_a_class_is_drawn_in_steps(self):
        rank = make_indicator(
            name_en="Water class", unit_en="class", scale="water_class", direction="down"
        )
        commitment = make_commitment(code="ZZ-001")
        make_target(commitment, indicator=rank, kind="class_at_or_better", value=2)
        make_observation(rank, 2022, 3)
        page = self.client.get(EN)
        assert 'class="chart__zone"' in page.content.decode()
        assert "2022 class Ⅲ" in nested(page, "tests")

    def test_each_item_of_a_standard_stands_against_its_limit(self):
        air = make_indicator(name_en="Air", unit_en="", unit_zh="", direction="down")
        commitment = make_commitment(code="ZZ-001")
        make_target(
            commitment, indicator=air, kind="composite", standard="GB3095-2012-grade2", value=None
        )
        make_observation(air, 2025, "37.4", item="PM2.5")
        make_observation(air, 2025, 0, item="SO2")
        text = nested(self.client.get(EN), "tests")
        assert "PM2.5 annual mean 37.4 µg/m³ rounded: 37 2025 ≤ 35 µg/m³" in text
        assert "next edition: 30 µg/m³ 106% over the limit" in text
        assert "SO2 annual mean 0 µg/m³ 2025 ≤ 60 µg/m³ 0% passes" in text
        assert "NO2 annual mean no figure ≤ 40 µg/m³" in text
        assert "tested as HJ 663-2013 says" in text
        assert "For information only: Ambient air quality standard GB 3095-2026" in text

    def test_an_amended_target_stands_beside_the_original_with_both_statuses(self):
        commitment = make_commitment(code="ZZ-001")
        original = make_target(commitment)
        decision = make_source(
            commitment.plan, published_on=dt.date(2023, 1, 5), title_en="The decision"
        )
        make_target(
            commitment,
            indicator=original.indicator,
            amends=original,
            value=300,
            document=decision,
            reason_zh="形势变化",
            reason_en="Times changed.",
        )
        make_observation(original.indicator, 2025, 320)
        page = self.client.get(EN)
        text = nested(page, "tests")
        first, second = text.split("Changed target")
        assert "Original target" in first
        assert "missed" in first
        assert "target lowered" in second
        assert "achieved" in second
        assert "The decision 5 January 2023 Reason given Times changed." in second
        assert (
            "5 January 2023 target lowered Times changed. "
            "Leading agricultural enterprises: at least 350 enterprises by the end of 2025 → "
            "Leading agricultural enterprises: at least 300 enterprises by the end of 2025 "
            "The decision"
        ) in section(page, "history")
        before = self.client.get(EN, {"as_of": "2023-01-04"})
        assert "Changed target" not in nested(before, "tests")
        assert "target lowered" not in page_words(before)

    def test_each_of_several_tests_has_its_own_notes_and_freshness(self):
        commitment = make_commitment(code="ZZ-001")
        first = make_target(commitment, baseline_period=2020, baseline_value=200)
        second = make_target(commitment, indicator=make_indicator(name_en="Farms"))
        make_observation(first.indicator, 2022, 250, is_provisional=True)
        make_observation(first.indicator, 2023, 300)
        make_observation(second.indicator, 2022, 100)
        make_observation(second.indicator, 2023, 120)
        page = self.client.get(EN, {"as_of": "2024-06-01"})
        one, two = nested(page, "tests").split("Farms: at least")
        assert "substitute baseline" not in one
        assert "substitute baseline" in two
        assert "The newest figure is for 2023" in one
        assert "The newest figure is for 2023" in two
        assert "substitute baseline No figure is known from before the promise" in section(
            page, "why"
        )

    def test_of_several_tests_the_sentence_names_the_worst(self):
        commitment = make_commitment(code="ZZ-001")
        near = make_target(commitment, baseline_period=2020, baseline_value=200)
        far = make_target(
            commitment,
            indicator=make_indicator(name_en="Farms"),
            baseline_period=2020,
            baseline_value=200,
        )
        make_observation(near.indicator, 2023, 300)
        make_observation(far.indicator, 2023, 220)
        page = page_words(self.client.get(EN, {"as_of": "2024-06-01"}))
        assert (
            "far behind The worst of 2 tests is “Farms”. By the end of 2023, 60% of the time had "
            "passed and 13% of the promised change had happened: far behind."
        ) in page
        one, two = nested(self.client.get(EN, {"as_of": "2024-06-01"}), "tests").split("Farms: at")
        assert "The worst of" not in one + two
        row = page_words(self.client.get("/en/commitments/", {"as_of": "2024-06-01"}))
        assert "Test ≥ 350 enterprises · 2025 (the worst of 2 tests) Latest" in row

    def test_of_several_tests_that_stand_alike_none_is_the_worst(self):
        commitment = make_commitment(code="ZZ-001")
        make_target(commitment)
        make_target(commitment, indicator=make_indicator(name_en="Farms"))
        page = page_words(self.client.get(EN, {"as_of": "2024-06-01"}))
        assert (
            "All 2 tests stand alike; the first is “Leading agricultural enterprises”. "
            "No figure has been found yet; the test is due in 2025: no data."
        ) in page
        row = page_words(self.client.get("/en/commitments/", {"as_of": "2024-06-01"}))
        assert "Test ≥ 350 enterprises · 2025 (the first of 2 tests) Latest" in row

    def test_a_promise_is_as_fresh_as_its_least_fresh_test(self):
        commitment = make_commitment(code="ZZ-001")
        fresh = make_target(commitment, baseline_period=2020, baseline_value=200)
        stale = make_target(commitment, indicator=make_indicator(name_en="Farms"))
        make_observation(fresh.indicator, 2024, 250)
        make_observation(stale.indicator, 2021, 100)
        text = page_words(self.client.get(EN, {"as_of": "2025-06-01"}))
        assert "Freshness Farms The newest figure is for 2021" in text

    def test_many_figures_in_a_row_are_folded_into_one_line(self):
        target = make_target(make_commitment(code="ZZ-001"), due_period=2035)
        for month in range(1, 9):
            day = dt.date(2022, month + 1, 10)
            make_observation(target.indicator, f"2022-{month:02d}", 300, published_on=day)
        text = section(self.client.get(EN, {"as_of": "2022-12-31"}), "history")
        assert re.search(r"\d publications of figures, \d+ \w+ 2022 to 10 September 2022", text)
        assert text.count("Figure published") == 8

    def test_a_withdrawn_promise_says_when_and_by_what(self):
        make_target(
            make_commitment(
                code="ZZ-001",
                withdrawn_on=dt.date(2024, 5, 1),
                withdrawn_document_zh="撤销通知",
                withdrawn_document_en="Notice of withdrawal",
            )
        )
        page = self.client.get(EN)
        assert "1 May 2024: Notice of withdrawal" in section(page, "withdrawn")
        told = section(page, "history")
        assert "1 May 2024 Promise withdrawn no data → became withdrawn" in told
        assert "Due" not in told
        earlier = self.client.get(EN, {"as_of": "2024-04-30"})
        assert section(earlier, "withdrawn") == ""
        assert "Notice of withdrawal" not in page_words(earlier)

    def test_context_figures_are_for_information_only(self):
        commitment = make_commitment(code="ZZ-001")
        context = make_indicator(name_en="Good days", unit_en="days")
        commitment.context_indicators.add(context)
        make_observation(context, 2022, 310)
        make_observation(context, 2023, 320, published=False)
        text = section(self.client.get(EN), "context")
        assert "Information only" in text
        assert "Good days 2022 310 days" in text
        assert "320" not in text

    def test_the_outlook_has_its_own_box_and_plain_words(self):
        commitment = make_commitment(code="ZZ-001", due_year=2035)
        target = make_target(commitment, due_period=2035, baseline_period=2020, baseline_value=200)
        for year in (2021, 2022, 2023, 2024, 2025):
            make_observation(target.indicator, year, 200 + (year - 2020) * 10)
        text = section(self.client.get(EN, {"as_of": "2026-06-01"}), "outlook-1")
        assert "in the 6 years with figures" in text
        assert "It never enters the status." in text
        assert "%" not in text


class TestCost(TestCase):
    def queries(self):
        with CaptureQueriesContext(connection) as found:
            assert self.client.get(EN).status_code == 200
        return len(found)

    def fill(self, commitment, count):
        """That many targets in all, each with its own indicator, comparator and figures."""
        by, at = make_user(), moment(OPENED_ON)
        public = {"created_at": at, "created_by": by, "state": State.PUBLISHED}
        public |= {"published_at": at, "published_by": by}
        for _ in range(count - commitment.targets.count()):
            make_target(
                commitment,
                kind="above_comparator",
                value=None,
                first_period=2021,
                indicator=make_indicator(),
                comparator_indicator=make_indicator(),
                published=False,
            )
        commitment.targets.update(**public)
        Observation.objects.bulk_create(
            Observation(
                indicator=indicator,
                period=Period(2022),
                value=Decimal(number),
                published_on=OPENED_ON,
                source_zh="统计公报",
                **public,
            )
            for number, indicator in enumerate(
                Indicator.objects.filter(observations=None).order_by("pk")
            )
        )
        reassess(Commitment.objects.filter(pk=commitment.pk))

    def test_asks_the_database_the_same_for_one_target_as_for_three_and_three_hundred(self):
        commitment = make_commitment(code="ZZ-001")
        commitment.context_indicators.add(make_indicator())
        make_update(commitment)
        make_milestone(commitment)
        self.fill(commitment, 1)
        one = self.queries()
        for count in (3, 300):
            self.fill(commitment, count)
            assert self.queries() == one
        assert one < 15

    def test_asks_the_database_the_same_for_one_figure_as_for_three_hundred(self):
        target = make_target(make_commitment(code="ZZ-001"))
        first = make_observation(target.indicator, 1990, 1)
        one = self.queries()
        for count in (3, 300):
            Observation.objects.exclude(pk=first.pk).delete()
            Observation.objects.bulk_create(
                Observation(
                    indicator=target.indicator,
                    period=Period(1991 + n // 12, n % 12 + 1, 12),
                    value=Decimal(n),
                    published_on=OPENED_ON,
                    source_zh="统计公报",
                    created_at=first.created_at,
                    created_by=first.created_by,
                    state=first.state,
                    published_at=first.published_at,
                    published_by=first.published_by,
                )
                for n in range(count - 1)
            )
            reassess(Commitment.objects.all())
            assert self.queries() == one
