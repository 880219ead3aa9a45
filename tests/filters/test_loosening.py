import datetime as dt

from commitments.filters import elsewhere, ways_out
from tests.factories import make_commitment, make_plan, make_source
from tests.filters.case import FilterCase


class TestWaysOut(FilterCase):
    def ways(self, query):
        found = self.filter(query)
        assert not found.qs.exists()
        ways = ways_out(found)
        for way in ways:
            assert self.filter(way.query).qs.count() == way.count > 0
        return [(way.words, way.count) for way in ways]

    def test_names_the_parts_whose_absence_shows_something_most_first(self):
        assert self.ways("q=zzz&group=met") == [("Search “zzz”", 1)]
        assert self.ways("group=met&theme=land&due_year=none&sort=code") == [
            ("Standing “met”", 1),
            ("Due year “no due year”", 1),
        ]

    def test_a_word_of_a_search_is_a_part_of_its_own(self):
        assert self.ways("q=xiang+green") == [("Search “xiang”", 1), ("Search “green”", 1)]

    def test_values_of_one_field_go_together(self):
        assert self.ways("due_year=2077&due_year=2078&theme=land") == [
            ("Due year “2077, 2078”", 2),
        ]

    def test_leaves_out_two_parts_where_one_is_not_enough(self):
        assert self.ways("q=zzz&group=met&changed_since=2026-11-01") == [
            ("Search “zzz”, Changed since “1 November 2026”", 1)
        ]

    def test_does_not_pick_a_long_list_of_mistakes_apart(self):
        assert self.ways("q=zzz+yyy+xxx+www") == []

    def test_does_not_offer_to_leave_everything_out(self):
        assert self.ways("q=zzz") == []
        assert self.ways("q=zzz&due_year=2077") == []

    def test_offers_nothing_where_there_is_nothing(self):
        assert self.ways("group=met&as_of=2021-11-04") == []


class TestElsewhere(FilterCase):
    def test_says_what_the_same_search_finds_in_other_plans(self):
        other = make_plan(code="other", opened_on=dt.date(2022, 1, 1))
        make_commitment(code="O-1", plan=other, source=make_source(other), title_zh="虚澜江")
        make_commitment(code="O-2", plan=other, title_zh="虚澜江", published=False)
        closed = make_plan(code="closed", opened_on=None)
        make_commitment(code="C-1", plan=closed, source=make_source(closed), title_zh="虚澜江")
        found = self.filter("q=虚澜&group=met&theme=land&as_of=2026-01-01")
        [(plan, query, count)] = elsewhere(found)
        assert (plan, count) == (other, 1)
        there = self.filter(query)
        assert [each.code for each in there.qs] == ["O-1"]
        assert there.day == dt.date(2026, 1, 1)
        assert elsewhere(self.filter("q=湘江水质")) == []
        assert elsewhere(self.filter("group=met")) == []
