import re

from django.test import TestCase

from commitments.domain import outlook, water
from commitments.domain.kinds import Kind
from commitments.domain.number import GRACE_MONTHS, STALE_PERIODS
from commitments.domain.pace import BEHIND_FROM, ON_TRACK_FROM
from commitments.domain.result import RULE_VERSION
from commitments.domain.standards import STANDARDS
from commitments.domain.status import Flag, Group, Status
from commitments.exporters.table import Type
from commitments.method import DECISIONS, MARGIN, MEANING
from commitments.report.columns import COLUMNS
from commitments.views.about import TYPE
from tests.views.test_home import words

PAGE = "/en/method/"


class TestMethod(TestCase):
    def test_has_every_word_of_the_rule(self):
        html = self.client.get(PAGE).content.decode()
        for prefix, codes in (
            ("status", Status),
            ("group", Group),
            ("kind", Kind),
            ("flag", Flag),
        ):
            found = re.findall(rf'id="{prefix}-([a-z_]+)"', html)
            assert sorted(found) == sorted(code.value for code in codes)

    def test_every_status_and_kind_is_explained(self):
        assert list(MEANING) == list(Status)
        assert list(MARGIN) == list(Kind)
        assert set(TYPE) == set(Type)

    def test_has_the_numbers_of_the_rule(self):
        text = words(self.client.get(PAGE))
        high, low = f"{ON_TRACK_FROM / 100:.2f}", f"{BEHIND_FROM / 100:.2f}"
        for expected in (
            f"Rule version {RULE_VERSION}.",
            f"on pace from {high}",
            f"from {high} on pace, from {low} behind",
            f"for up to {GRACE_MONTHS} months",
            f"is {STALE_PERIODS} or more reporting periods old",
            f"chance of meeting: from {outlook.LIKELY_FROM:.2f}",
            f"chance of meeting: up to {outlook.UNLIKELY_UP_TO}",
            f"It needs {outlook.FEWEST_VALUES} annual figures",
            f"counts {outlook.DAMPING} of the one before",
            f"widened by {outlook.WIDENING}",
            "Of 374 official series that stood at R = 0.95, about 31% later met their target.",
        ):
            assert expected in text, expected

    def test_has_thirteen_steps_numbered_as_in_the_workings(self):
        html = self.client.get(PAGE).content.decode()
        assert len(DECISIONS) == 13
        assert 'id="step-13"' in html

    def test_has_the_limits_of_every_edition_and_its_dates(self):
        text = words(self.client.get(PAGE))
        for standard in STANDARDS.values():
            assert standard.name_en in text
            assert standard.source in text
        assert "in force from 1 March 2026 to 31 December 2030" in text
        cells = re.sub(r"\s*<[^>]*>\s*", "|", self.client.get(PAGE).content.decode())
        assert re.search(r"PM2.5 annual mean\|+PM2.5\|+µg/m³\|+1\|+35\|+30\|+25\|", cells)
        assert f"{water.EDITION}, in force since 1 June 2002" in text
        for parameter in water.PARAMETERS.values():
            assert parameter.name_en in text

    def test_worked_examples_are_computed(self):
        text = words(self.client.get(PAGE))
        assert (
            "behind By the end of 2023, 60% of the time had passed and 47% of the promised change "
            "had happened: behind."
        ) in text
        assert "98% of the promised change was made, and the target was still missed." in text
        assert "all six published items pass (daily percentiles not published)" in text
        assert "1.84:1, which does not meet the target of at most 1.8:1: missed." in text

    def test_reads_no_database(self):
        for address in ("/method/", PAGE, "/en/accessibility/"):
            with self.assertNumQueries(0):
                assert self.client.get(address).status_code == 200

    def test_chinese_says_the_same_numbers(self):
        text = words(self.client.get("/method/"))
        assert "时间过了60%，承诺的变化完成了47%：进度滞后。" in text
        assert "在R = 0.95的374个官方数据序列中，后来达到目标的约占31%。" in text


class TestAbout(TestCase):
    def test_every_column_of_the_files_is_described(self):
        text = words(self.client.get("/en/data/"))
        for key, heading, type_, *_rest in COLUMNS:
            assert f"{heading} {key} {TYPE[type_]}" in text, key

    def test_pages_about_the_site_are_linked_from_every_page(self):
        html = self.client.get("/en/about/").content.decode()
        foot = html[html.index('class="site-foot"') :]
        for address in ("/en/about/", "/en/accessibility/", "/en/data/"):
            assert f'href="{address}"' in foot

    def test_the_page_one_is_on_is_marked_in_the_navigation(self):
        html = self.client.get(PAGE).content.decode()
        assert re.findall(r'href="([^"]+)"\s+aria-current="page"', html) == [PAGE]
