"""CSV, byte for byte: what Excel opens and nothing that it runs."""

import csv
import io

import pytest

from commitments.exporters.to_csv import to_csv
from tests.exporters.build import a_report, with_title


def written(report):
    return b"".join(to_csv(report))


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_is_exactly_these_bytes():
    assert (
        written(a_report())
        == (
            "\ufeff编号,承诺事项,一句话说明,数据值,承诺变化完成比例,完成年份,数据公布日期,来源网址\r\n"
            "ZZ-052,市级以上农业龙头企业达到350家,"
            "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。,"
            "270.5,0.47,2025,2024-03-01,https://example.org/公报?a=1&b=2\r\n"
            "ZZ-053,没有数据,,,,,,\r\n"
        ).encode()
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_is_run_as_a_formula(sign):
    [_head, row] = read(written(a_report(with_title(f'{sign}HYPERLINK("http://x")'))))
    assert row[1] == f'\'{sign}HYPERLINK("http://x")'


def test_a_negative_number_stays_a_number():
    row = (*a_report().rows[0][:3], -5, *a_report().rows[0][4:])
    assert read(written(a_report(row)))[1][3] == "-5"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('他说"行",\n第二行', '他说"行",\n第二行'),
        ("前\x00后\x1b\ud800", "前�后��"),
        ("㵲水🙂\u202e右起", "㵲水🙂\u202e右起"),
        ("长" * 10_000, "长" * 10_000),
    ],
)
def test_hostile_text_comes_back_whole(text, shown):
    assert read(written(a_report(with_title(text))))[1][1] == shown


def test_is_written_a_part_at_a_time():
    taken = []

    def rows():
        for number in range(1_000):
            taken.append(number)
            yield a_report().rows[1]

    parts = to_csv(a_report(rows=rows()))
    next(parts)
    assert len(taken) < 500


def test_without_rows_there_is_still_the_heading():
    assert len(read(written(a_report(rows=())))) == 1
