"""What facts are refused, and by which words."""

from datetime import date
from decimal import Decimal

import pytest

from commitments.domain.assessment import Why, amendment_flag
from commitments.domain.facts import Baseline, Observation
from commitments.domain.kinds import Kind, WaterClass, margin
from commitments.domain.periods import Frequency, Period
from commitments.domain.standards import STANDARDS
from commitments.domain.status import Flag
from tests.domain.build import num, period, target


@pytest.mark.parametrize(
    "value",
    [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E30"), Decimal("1E-31")],
)
def test_a_figure_that_is_no_ordinary_number_is_refused(value):
    with pytest.raises(ValueError, match="An observation"):
        Observation(Period(2023), value, date(2024, 3, 1))
    with pytest.raises(ValueError, match="A baseline"):
        Baseline(Period(2023), value)
    with pytest.raises(ValueError, match="value"):
        target("at_least", value)
    with pytest.raises(ValueError, match="interim"):
        target("at_least", 1, interim={2022: value})


def test_a_float_is_refused_because_it_is_not_the_number_that_was_published():
    with pytest.raises(ValueError, match="float"):
        Observation(Period(2023), 1.1, date(2024, 3, 1))


@pytest.mark.parametrize(
    ("kind", "value", "more", "words"),
    [
        ("at_least", None, {}, "needs a number"),
        ("ratio", None, {}, "needs a number"),
        ("zero", 3, {}, "zero target"),
        ("class_at_or_better", 7, {}, "from 1 to 6"),
        ("class_at_or_better", "2.5", {}, "from 1 to 6"),
        ("composite", None, {}, "standard"),
        ("at_least", 3, {"resolution": -1}, "reporting unit"),
        ("above_comparator", None, {"first": 2026}, "after the due"),
        ("above_comparator", None, {"first": "2024-Q1"}, "same length"),
        ("at_least", 3, {"interim": {2023: 1, "2023-Q4": 2}}, "interim"),
    ],
)
def test_a_target_that_can_not_be_tested_is_refused(kind, value, more, words):
    with pytest.raises(ValueError, match=words):
        target(kind, value, **more)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-H1", date(2023, 1, 1), date(2023, 6, 30)),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31)),
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2999", date(2999, 1, 1), date(2999, 12, 31)),
    ],
)
def test_a_period_is_read_and_written_the_same(text, starts, ends):
    found = Period.parse(f" {text} ")
    assert (str(found), found.starts_on, found.ends_on) == (text, starts, ends)


@pytest.mark.parametrize(
    "text",
    ["", "23", "2023-13", "2023-0", "2023-1", "2023-Q5", "2023-H3", "1899", "3000", "２０２３"],
)
def test_a_period_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match=r"period|between"):
        Period.parse(text)


@pytest.mark.parametrize("parts", [(2023, 1, 1), (2023, 0, 4), (2023, 5, 4), (2023, 1, 3)])
def test_a_part_of_a_year_that_does_not_exist_is_refused(parts):
    with pytest.raises(ValueError, match=r"[Pp]art"):
        Period(*parts)


def test_periods_are_ordered_by_their_end_the_longer_first():
    texts = ["2022", "2023-Q1", "2023-05", "2023-H1", "2023-06", "2023", "2023-H2", "2023-12"]
    assert sorted(map(period, reversed(texts))) == [period(text) for text in texts]
    assert period("2023-12") > period(2023)
    with pytest.raises(TypeError):
        period(2023) < 2024  # noqa: B015 - the comparison itself is what must fail


def test_the_next_period_and_its_frequency():
    assert period("2023-Q4").next() == period("2024-Q1")
    assert period("2023-11").next(3) == period("2024-02")
    assert period(2023).next(-2) == period(2021)
    assert [period(text).frequency for text in ("2023", "2023-H1", "2023-Q1", "2023-01")] == list(
        Frequency
    )
    assert [frequency.months for frequency in Frequency] == [12, 6, 3, 1]
    with pytest.raises(ValueError, match="between"):
        period(2999).next()


@pytest.mark.parametrize(
    ("kind", "value", "number", "expected"),
    [
        (Kind.AT_LEAST, 3, 2, 1),
        (Kind.COVERAGE, 3, 4, -1),
        (Kind.AT_MOST, 3, 2, -1),
        (Kind.RATIO, "1.84", "1.8", "-0.04"),
        (Kind.ZERO, 3, None, -3),
        (Kind.ZERO, -3, None, -3),
        (Kind.ZERO, 0, None, 0),
        (Kind.ABOVE_COMPARATOR, 3, 2, 1),
        (Kind.CLASS_AT_OR_BETTER, 2, 3, 1),
        (
            Kind.AT_LEAST,
            "1" * 30 + "." + "1" * 30,
            "-0." + "9" * 30,
            "1" * 29 + "2." + "1" * 29 + "0",
        ),
    ],
)
def test_the_margin_is_exact(kind, value, number, expected):
    found = margin(kind, num(value), None if number is None else num(number))
    assert found == num(expected)
    assert not (found.is_zero() and found.is_signed())


@pytest.mark.parametrize(("kind", "number"), [(Kind.COMPOSITE, 1), (Kind.AT_LEAST, None)])
def test_there_is_no_margin_without_a_number(kind, number):
    with pytest.raises(ValueError, match="number"):
        margin(kind, num(1), number)


def test_the_classes_have_the_printed_words():
    assert "".join(rank.word for rank in WaterClass) == "ⅠⅡⅢⅣⅤ劣Ⅴ"


UP, DOWN = Flag.TARGET_RAISED, Flag.TARGET_LOWERED
AIR = tuple(STANDARDS.values())


@pytest.mark.parametrize(
    ("before", "after", "flag"),
    [
        (("at_least", 350), ("at_least", 400), UP),
        (("at_least", 350), ("at_least", 300), DOWN),
        (("at_least", 350), ("at_least", 350), None),
        (("at_least", 350), ("at_least", 350, 2024), UP),
        (("at_least", 350), ("at_least", 350, 2026), DOWN),
        (("at_least", 350), ("at_least", 400, 2026), None),
        (("at_least", 350), ("coverage", 300, 2026), DOWN),
        (("at_most", 35), ("at_most", 30), UP),
        (("ratio", "1.8"), ("ratio", "1.9"), DOWN),
        (("at_most", 5), ("zero",), UP),
        (("zero",), ("zero",), None),
        (("class_at_or_better", 3), ("class_at_or_better", 2), UP),
        (("at_least", 5), ("at_most", 5), None),
        (("at_least", 5), ("at_most", 5, 2024), None),
        (("milestones",), ("milestones", None, 2026), DOWN),
    ],
)
def test_an_amended_target_is_raised_or_lowered(before, after, flag):
    assert amendment_flag(target(*before), target(*after)) is flag


def test_an_amended_standard_is_compared_limit_by_limit():
    old, transition, final = (target("composite", standard=edition) for edition in AIR)
    assert amendment_flag(old, transition) is UP
    assert amendment_flag(final, transition) is DOWN
    assert amendment_flag(old, old) is None


def test_every_reason_has_its_own_code():
    assert len({why.value for why in Why}) == len(Why)
