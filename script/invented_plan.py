"""Write the files of an invented plan of any size, to look at pages and measure them with:

    python script/invented_plan.py FOLDER 2000
    python manage.py load_plan FOLDER

The same number gives the same bytes. The city does not exist, and every name and page says so.
Most promises have a figure for each of eight years; they are spread over every group of statuses.
"""

import csv
import hashlib
import sys
from itertools import product
from pathlib import Path

YEARS = range(2018, 2026)
BODIES = (
    ("发展和改革", "Development and Reform"),
    ("工业和信息化", "Industry and Information Technology"),
    ("教育", "Education"),
    ("生态环境", "Ecology and Environment"),
    ("农业农村", "Agriculture and Rural Affairs"),
    ("住房和城乡建设", "Housing and Urban-Rural Development"),
    ("交通运输", "Transport"),
    ("卫生健康", "Health"),
    ("文化旅游", "Culture and Tourism"),
    ("人力资源和社会保障", "Human Resources and Social Security"),
)
DISTRICTS = (
    ("", ""),
    ("东湾区", "Dongwan District "),
    ("西岭区", "Xiling District "),
    ("南浦县", "Nanpu County "),
)
THEMES = (
    ("经济运行", "Economy"),
    ("科技创新", "Science and innovation"),
    ("乡村发展", "Rural development"),
    ("城市建设", "Building the city"),
    ("交通出行", "Getting about"),
    ("空气与水", "Air and water"),
    ("学校教育", "Schools"),
    ("医疗健康", "Health"),
    ("就业保障", "Work and social security"),
    ("文化体育", "Culture and sport"),
    ("养老托育", "Care of the old and the very young"),
    ("政务服务", "Public services"),
)
# What is counted: name, unit, whether more is better.
COUNTED = (
    ("标准化生产基地", "standard production bases", "个", "bases", "up"),
    ("社区养老服务站", "neighbourhood care stations", "个", "stations", "up"),
    ("城镇新增就业", "new urban jobs", "万人", "10,000 people", "up"),
    ("农村自来水普及率", "rural homes with piped water", "%", "%", "up"),
    (
        "单位产值能耗",
        "energy used for each unit of output",
        "吨标准煤/万元",
        "tce per 10,000 yuan",
        "down",
    ),
    ("产业投资规模", "investment in industry", "亿元", "100 million yuan", "up"),
    ("超大班额数量", "overcrowded classes", "个", "classes", "down"),
    ("城乡居民收入比", "ratio of urban to rural incomes", "", "", "down"),
)
# How far the promised change came, in hundredths, year by year; None where no figure came out.
COURSES = (
    (0, 0, 14, 29, 43, 58, 73, 90),
    (0, 0, 20, 45, 66, 85, 101, 108),
    (0, 0, 9, 17, 26, 37, 45, 52),
    (0, 0, 2, 3, 5, 6, 8, 9),
    (0, 0, -4, -9, -15, -18, -26, -31),
    (None,) * 8,
    (0, 0, 12, 25, None, None, None, None),
    (0, 0, 22, 41, 62, 84, 96, None),
)
# A third of the promises was due by 2025, the others later; a few name no test at all.
DUE = (2025, 2030, 2035)
SOURCE_ZH, SOURCE_EN = "澄州市统计公报（虚构）", "Chengzhou statistical communiqué (fictional)"


def figure(number, share):
    """Hundredths of the way from the base to the goal, in the promise's own size."""
    base, goal = size(number)
    return round(base + (goal - base) * share / 100, 2)


def size(number):
    """The base of 2019 and the goal of a promise."""
    direction = COUNTED[number % len(COUNTED)][4]
    base = 20 + number * 37 % 61
    return (base, round(base * 1.4)) if direction == "up" else (base, round(base * 0.6))


def promises(count):
    """Everything that belongs to one promise, one after another."""
    for number in range(1, count + 1):
        name_zh, name_en, unit_zh, unit_en, direction = COUNTED[number % len(COUNTED)]
        district_zh, district_en = DISTRICTS[number // 7 % len(DISTRICTS)]
        base, goal = size(number)
        word_zh, word_en = ("提高到", "to") if direction == "up" else ("降到", "down to")
        has_test = number % 9 != 0
        due = DUE[number % len(DUE)]
        if has_test:
            title_zh = f"{district_zh or '全市'}{name_zh}{word_zh}{goal}{unit_zh}"
            title_en = f"{district_en or 'City: '}{name_en} {word_en} {goal} {unit_en}".strip()
            quote = f"到{due}年，{title_zh}。"
        else:
            title_zh = f"进一步改善{district_zh or '全市'}{name_zh}工作"
            title_en = f"{district_en or 'City: '}do better on {name_en}"
            quote = f"{title_zh}，让群众更满意。"
        yield {
            "code": f"CZ-{number:05d}",
            "titles": (title_zh, title_en),
            "quote": quote,
            "has_test": has_test,
            "due": due,
            "kind": "at_least" if direction == "up" else "at_most",
            "base": base,
            "goal": goal,
            "direction": direction,
            "names": (f"{district_zh}{name_zh}", f"{district_en}{name_en}"),
            "units": (unit_zh, unit_en),
            "agency": f"CZ-A{number * 3 % (len(BODIES) * len(DISTRICTS)):02d}",
            "theme": f"CZ-T{number * 5 % len(THEMES):02d}",
            "figures": [
                (year, figure(number, share))
                for year, share in zip(YEARS, COURSES[number // 3 % len(COURSES)], strict=True)
                if has_test and share is not None
            ],
        }


def text_of(made):
    """The plan's text, and where in it each quote begins."""
    text = "虚构示例\n\n本文件为测试页面而编写。澄州市并不存在。\n\n澄州市发展规划（虚构）\n\n"
    starts = {}
    for each in made:
        starts[each["code"]] = len(text)
        text += each["quote"] + "\n"
    return text, starts


def files_of(made, text, starts):
    """Each file's name with its rows, as docs/plan-files.md describes them."""
    yield (
        "plan",
        [
            {
                "code": "invented",
                "title_zh": "澄州市发展规划（虚构）",
                "title_en": "Chengzhou development plan (fictional)",
                "issuer_zh": "澄州市（虚构）",
                "issuer_en": "Chengzhou City (fictional)",
                "summary_zh": "澄州市并不存在。本规划为测试页面而编写。",
                "summary_en": "There is no Chengzhou City. The plan is written to test pages with.",
                "adopted_on": "2020-01-10",
                "period_start": "2020",
                "period_end": "2035",
                "is_fictional": "yes",
                "opened_on": "2020-02-01",
            }
        ],
    )
    yield (
        "sources",
        [
            {
                "code": "CZ-TEXT",
                "title_zh": "澄州市发展规划全文（虚构）",
                "title_en": "Text of the Chengzhou development plan (fictional)",
                "publisher_zh": "澄州日报（虚构）",
                "publisher_en": "Chengzhou Daily (fictional)",
                "published_on": "2020-01-20",
                "text_file": "text.txt",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        ],
    )
    yield (
        "agencies",
        [
            {
                "code": f"CZ-A{number:02d}",
                "name_zh": f"澄州市{district_zh}{name_zh}局（虚构）",
                "name_en": f"Chengzhou {district_en}{name_en} Bureau (fictional)",
            }
            for number, ((district_zh, district_en), (name_zh, name_en)) in enumerate(
                product(DISTRICTS, BODIES)
            )
        ],
    )
    yield (
        "themes",
        [
            {"code": f"CZ-T{number:02d}", "name_zh": name_zh, "name_en": name_en}
            for number, (name_zh, name_en) in enumerate(THEMES)
        ],
    )
    tested = [each for each in made if each["has_test"]]
    yield (
        "indicators",
        [
            {
                "code": f"{each['code']}-I",
                "name_zh": each["names"][0],
                "name_en": each["names"][1],
                "unit_zh": each["units"][0],
                "unit_en": each["units"][1],
                "frequency": "year",
                "measure": "stock",
                "direction": each["direction"],
                "reporting_unit": "0.01",
                "scale": "number",
            }
            for each in tested
        ],
    )
    yield (
        "commitments",
        [
            {
                "code": each["code"],
                "title_zh": each["titles"][0],
                "title_en": each["titles"][1],
                "source": "CZ-TEXT",
                "quote": each["quote"],
                "quote_start": starts[each["code"]],
                "lead_agency": each["agency"],
                "theme": each["theme"],
                "due_year": each["due"] if each["has_test"] else "",
                "due_basis": "stated" if each["has_test"] else "none",
                "binding": "binding" if each["due"] == DUE[0] else "anticipatory",
            }
            for each in made
        ],
    )
    yield (
        "targets",
        [
            {
                "code": f"{each['code']}.1",
                "commitment": each["code"],
                "indicator": f"{each['code']}-I",
                "kind": each["kind"],
                "value": each["goal"],
                "baseline_period": "2019",
                "baseline_value": each["base"],
                "due_period": each["due"],
                "due_basis": "stated",
                "document": "CZ-TEXT",
            }
            for each in tested
        ],
    )
    yield (
        "observations",
        [
            {
                "indicator": f"{each['code']}-I",
                "period": year,
                "value": value,
                "published_on": f"{year + 1}-03-20",
                "source_zh": SOURCE_ZH,
                "source_en": SOURCE_EN,
                "source_kind": "official",
                "is_provisional": "yes" if year == YEARS[-1] else "no",
            }
            for each in tested
            for year, value in each["figures"]
        ],
    )


def write(folder, count):
    """The plan's files in a folder, which is made where it is not there."""
    made = list(promises(count))
    text, starts = text_of(made)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.txt").write_bytes(text.encode())
    for name, rows in files_of(made, text, starts):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdecimal() or int(sys.argv[2]) < 1:
        sys.exit("usage: python script/invented_plan.py FOLDER NUMBER_OF_COMMITMENTS")
    write(Path(sys.argv[1]), int(sys.argv[2]))
