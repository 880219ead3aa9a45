"""A small report for the exporters' tests: valid by default, every part can be given."""

from datetime import date
from decimal import Decimal

from commitments.exporters.report import (
    USUAL_PARTS,
    Breakdown,
    Count,
    Document,
    Report,
    Section,
    Share,
    Words,
)
from commitments.exporters.table import Column, Type

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
FIGURE_COLUMNS = (
    Column("code", "编号", Type.TEXT, 9),
    Column("target_code", "目标编号", Type.TEXT, 12),
    Column("name", "指标或节点", Type.TEXT, 30),
    Column("period", "数据所属期", Type.TEXT, 10),
    Column("text", "数据", Type.TEXT, 20),
    Column("published_on", "公布日期", Type.DATE, 12),
    Column("source", "来源", Type.TEXT, 40),
    Column("source_url", "网址", Type.URL, 30),
)
FIGURE = (
    "ZZ-052",
    "ZZ-052.1",
    "市级以上农业龙头企业",
    "2023",
    "270.5 家",
    date(2024, 3, 1),
    "株洲市统计公报",
    "https://example.org/公报?a=1&b=2",
)
# A row with a status, as the exporters know one.
OF_STANDING = (
    Column("code", "编号", Type.TEXT, 9),
    Column("status", "状态", Type.TEXT, 14),
    Column("sentence", "一句话说明", Type.TEXT, 48),
    Column("status_code", "状态代码", Type.TEXT, 14),
)
STANDING = ("ZZ-052", "进度滞后", "到2023年底……", "behind")
ISSUED = {"number": "ZZ-2026-01", "issued_as": "季度报告（编号：ZZ-2026-01）"}
WORDS = Words(
    about="说明",
    summary="总体情况",
    table="承诺事项",
    details="逐项说明",
    figures="数据",
    sources="来源",
    method="方法",
    notes="阅读说明",
    group="类别",
    chart="承诺事项分布",
    documents="规划文件",
    figure_sources="数据来源",
    title="标题",
    publisher="发布单位",
    published_on="发布日期",
    address="网址",
    quote="原文",
    page="第{page}页，共{pages}页",
    plans="规划文件",
    as_of="截至日期",
    asked="筛选条件",
    report="报告",
    rule="规则版本",
    status="状态",
    count="承诺事项数",
    total="合计",
)


def a_report(*rows, **parts):
    values = {
        "title": "株洲市承诺事项进展情况",
        "number": "",
        "issued_as": "",
        "language": "zh-hans",
        "as_of": date(2026, 11, 23),
        "day": "2026年11月23日",
        "rule_version": "1.0",
        "plans": ("株洲市规划",),
        "asked": ("全部承诺事项",),
        "fictional": "",
        "notes": ("比例和进度一律舍尾，不进位。",),
        "parts": USUAL_PARTS,
        "lead": "截至2026年11月23日，本报告涵盖2项承诺：1项进度滞后，1项暂无法判断。",
        "groups": (
            "已达到",
            "未达到",
            "到期无数据",
            "进度正常",
            "偏离进度",
            "暂无法判断",
            "无法考核",
            "已撤销",
        ),
        "breakdowns": (
            Breakdown(
                "agency",
                "按牵头单位",
                "牵头单位",
                (Share("市农业农村局", (0, 0, 0, 0, 1, 1, 0, 0)),),
            ),
        ),
        "documents": (
            Document(
                "新闻发布会报道",
                "株洲日报",
                date(2021, 11, 5),
                "https://example.org/report",
                "0" * 64,
            ),
        ),
        "copies": frozenset(),
        "method": (Section("要点", ("先看数据，再看进度。", "最差的一项决定整体。")),),
        "figure_columns": FIGURE_COLUMNS,
        "figures": (FIGURE,),
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
