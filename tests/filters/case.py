"""A small plan to ask: one promise met, one due, one without a test, and a draft."""

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
