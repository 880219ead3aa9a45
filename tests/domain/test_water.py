"""Single-factor water classes of GB 3838-2002."""

import pytest

from commitments.domain.kinds import WaterClass
from commitments.domain.water import PARAMETERS, water_class
from tests.domain.build import num


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ({"DO": "7.5"}, "Ⅰ"),
        ({"DO": "7.49"}, "Ⅱ"),
        ({"DO": 6}, "Ⅱ"),
        ({"DO": 2}, "Ⅴ"),
        ({"DO": "1.99"}, "劣Ⅴ"),
        ({"NH3-N": "0.15"}, "Ⅰ"),
        ({"NH3-N": "0.5"}, "Ⅱ"),
        ({"NH3-N": "0.50001"}, "Ⅲ"),
        ({"NH3-N": "2.01"}, "劣Ⅴ"),
        ({"COD": 15}, "Ⅰ"),
        ({"COD": 16}, "Ⅲ"),
        ({"TP": "0.02", "CODMn": 6}, "Ⅲ"),
        ({"Hg": "0.00006"}, "Ⅲ"),
        ({"pH": 6, "DO": 8}, "Ⅰ"),
        ({"pH": 9, "DO": 6}, "Ⅱ"),
        ({"pH": "5.99", "DO": 8}, "劣Ⅴ"),
        ({"pH": "9.01", "DO": 8}, "劣Ⅴ"),
        ({"DO": 8, "TN": 99, "faecal coliform": 99999}, "Ⅰ"),
    ],
)
def test_the_worst_parameter_decides(section, word):
    assert water_class({code: num(value) for code, value in section.items()}).word == word


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"Xx": num(1)}, "Xx"),
        ({}, "at least one"),
        ({"TN": num(1)}, "at least one"),
        ({"DO": num("NaN")}, "DO"),
    ],
)
def test_what_can_not_be_classed_is_refused(section, words):
    with pytest.raises(ValueError, match=words):
        water_class(section)


def test_limits_never_get_stricter_from_one_class_to_the_next():
    assert len(PARAMETERS) == 23
    for parameter in PARAMETERS.values():
        limits = list(parameter.limits)
        assert limits == sorted(limits, reverse=parameter.sense == "at_least")
        assert len(limits) == (0 if parameter.code == "pH" else 5)
        for rank, limit in enumerate(limits, start=1):
            assert parameter.classify(limit) <= WaterClass(rank)
