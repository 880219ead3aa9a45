"""A small report for the exporters' tests: valid by default, every part can be given."""

from datetime import date
from decimal import Decimal

from commitments.exporters.table import Column, Count, Report, Type, Words

COLUMNS = (
    Column("code", "编号", Type.TEXT, 9),
    Column("title", "承诺事项", Type.TEXT, 30),
    Column("sentence", "一句话说明", Type.TEXT, 48),
    Column("value", "数据值", Type.NUMBER, 12),
    Column("share", "承诺变化完成比例", Type.SHARE, 11),
    Column("due_year", "完成年份", Type.INTEGER, 9),
    Column("published_on", "数据公布日期", Type.DATE, 12),
    Column("url", "来源网址", Type.URL, 30),
)
ROW = (
    "ZZ-052",
    "市级以上农业龙头企业达到350家",
    "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。",
    Decimal("270.500000"),
    Decimal("0.4700"),
    2025,
    date(2024, 3, 1),
    "https://example.org/公报?a=1&b=2",
)
BLANK = ("ZZ-053", "没有数据", "", None, None, None, None, "")
WORDS = Words(
    about="说明",
    table="承诺事项",
    plans="规划文件",
    as_of="截至日期",
    asked="筛选条件",
    rule="规则版本",
    status="状态",
    count="承诺事项数",
    total="合计",
)


def a_report(*rows, **parts):
    values = {
        "title": "株洲市承诺事项进展情况",
        "language": "zh-hans",
        "as_of": date(2026, 11, 23),
        "rule_version": "1.0",
        "plans": ("株洲市规划",),
        "asked": ("全部承诺事项",),
        "fictional": "",
        "notes": ("比例和进度一律舍尾，不进位。",),
        "counts": (Count("behind", "进度滞后", 1), Count("no_data", "暂无数据", 1)),
        "total": 2,
        "words": WORDS,
        "columns": COLUMNS,
        "rows": rows or (ROW, BLANK),
    }
    return Report(**(values | parts))


def with_title(text):
    """A row whose title is a given text."""
    return (ROW[0], text, *ROW[2:])
