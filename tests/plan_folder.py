"""A small, valid folder of plan files that a test can spoil."""

import csv
import hashlib

TEXT = "示范文件\n到2025年,龙头企业达到350家以上。建设示范基地。\n"

FILES = {
    "plan": [
        {
            "code": "demo",
            "title_zh": "示范规划",
            "title_en": "Demonstration plan",
            "issuer_zh": "示范市人民政府",
            "issuer_en": "Demonstration City",
            "adopted_on": "2021-11-05",
            "period_start": "2021",
            "period_end": "2025",
            "is_fictional": "no",
        }
    ],
    "sources": [
        {
            "code": "demo-text",
            "title_zh": "示范规划全文",
            "title_en": "The plan's text",
            "publisher_zh": "示范日报",
            "publisher_en": "Demonstration Daily",
            "published_on": "2021-11-05",
            "url": "",
            "text_file": "text.txt",
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        }
    ],
    "agencies": [{"code": "farm", "name_zh": "农业农村局", "name_en": "Agriculture Bureau"}],
    "themes": [{"code": "land", "name_zh": "农业", "name_en": "Agriculture"}],
    "indicators": [
        {
            "code": "leaders",
            "name_zh": "龙头企业数量",
            "name_en": "Leading enterprises",
            "unit_zh": "家",
            "unit_en": "enterprises",
            "frequency": "year",
            "measure": "stock",
            "direction": "up",
            "reporting_unit": "1",
            "scale": "number",
        }
    ],
    "commitments": [
        {
            "code": "D-1",
            "title_zh": "壮大龙头企业",
            "title_en": "More leading enterprises",
            "source": "demo-text",
            "quote": "龙头企业达到350家以上",
            "quote_start": str(TEXT.index("龙头企业")),
            "lead_agency": "farm",
            "theme": "land",
            "due_year": "2025",
            "due_basis": "stated",
            "binding": "not_said",
        },
        {
            "code": "D-2",
            "title_zh": "建设示范基地",
            "title_en": "Build a demonstration base",
            "source": "demo-text",
            "quote": "建设示范基地",
            "quote_start": str(TEXT.index("建设示范基地")),
            "lead_agency": "farm",
            "theme": "land",
            "due_year": "",
            "due_basis": "none",
            "binding": "not_said",
        },
    ],
    "targets": [
        {
            "code": "D-1.1",
            "commitment": "D-1",
            "indicator": "leaders",
            "kind": "at_least",
            "value": "350",
            "baseline_period": "2020",
            "baseline_value": "200",
            "due_period": "2025",
            "due_basis": "stated",
            "document": "demo-text",
        }
    ],
    "observations": [
        {
            "indicator": "leaders",
            "period": "2023",
            "value": "296",
            "published_on": "2024-03-20",
            "source_zh": "统计公报",
            "source_en": "Statistical communique",
            "source_kind": "official",
            "is_provisional": "no",
            "corrects": "",
        }
    ],
}


def plan_files():
    """A fresh copy of the valid files, as {noun: [row, ...]}."""
    return {noun: [dict(row) for row in rows] for noun, rows in FILES.items()}


def write_plan(folder, files, text=TEXT):
    """Write the files as CSV into a folder, and return it as text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.txt").write_bytes(text.encode())
    for noun, rows in files.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{noun}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return str(folder)
