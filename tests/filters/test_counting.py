from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from commitments.roll import FIELDS
from tests.factories import make_commitments, make_observation
from tests.filters.case import FilterCase

QUERIES = (
    "",
    "group=met&group=not_assessable&theme=land",
    "due_year=2025&due_year=none&measurable=yes&status=achieved&agency=farms&agency=water",
    "freshness=due&freshness=current&as_of=2025-06-01&binding=not_said",
    "q=xiang farming&due_year=2026",
    "code=ZZ-001&code=ZZ-003&kind=not_assessable",
    "changed_since=2026-03-01&theme=rivers",
)


class TestCounts(FilterCase):
    def setUp(self):
        super().setUp()
        Commitment.objects.filter(code="ZZ-001").update(binding="binding")
        make_observation(self.river.targets.get().indicator, 2022, 3)

    def test_a_count_is_what_its_choice_would_show(self):
        """Every choice of every field, under many filters, asked for by itself and compared."""
        checked = 0
        for query in QUERIES:
            found = self.filter(query)
            for name in FIELDS:
                for value, _word in found.form.fields[name].choices:
                    data = QueryDict(query, mutable=True)
                    data.setlist(name, [value])
                    with self.subTest(query=query, name=name, value=value):
                        expected = self.filter(data.urlencode()).qs.count()
                        assert found.counts.of(name, value) == expected
                        checked += expected > 0
            assert found.counts.without() == found.qs.count()
            assert found.counts.total == found.everything.count()
        assert checked > 60

    def test_counts_what_there_would_be_without_a_part(self):
        counts = self.filter("q=xiang farming&theme=land").counts
        assert counts.without() == 0
        assert counts.without(("q", "xiang")) == 1
        assert counts.without(("q", "farming")) == 0
        assert counts.without(("q", "farming"), "theme") == 1
        assert counts.without(("q", "xiang"), ("q", "farming")) == 2
        assert counts.without("theme", ("q", "xiang"), ("q", "farming")) == counts.total == 3

    def test_knows_what_the_plan_has_at_all(self):
        counts = self.filter("group=met").counts
        assert counts.of("status", "not_assessable") == 0
        assert counts.has("status", "not_assessable")
        assert not counts.has("status", "withdrawn")

    def test_costs_one_roll_whatever_is_asked_and_however_many_there_are(self):
        for query in ("", "group=met&due_year=2025&freshness=due&measurable=no"):
            found = self.filter(query)
            assert found.is_valid()
            assert found.chosen_plan
            with self.assertNumQueries(4):
                assert found.counts.total == 3
        make_commitments(60, code="A-1")
        found = self.filter("kind=at_least")
        assert found.is_valid()
        assert found.chosen_plan
        with CaptureQueriesContext(connection) as queries:
            assert found.counts.without() == 61
        assert len(queries) == 4

    def test_there_is_nothing_to_count_where_the_filter_is_wrong_or_no_plan_is_open(self):
        assert self.filter("status=foo").counts is None
        type(self.plan).objects.update(opened_on=None)
        assert self.filter().counts is None
