"""One address of each kind of public page, with the two plans that the code comes with.

The real plan has promises without a test and agencies without a promise; the fictional one has
every kind and status. A page kind that is not here is not walked: add it when adding a view.
"""

SEEDS = ("zhuzhou-2021", "xulan-example")

HOMES = ("/", "/?plan=xulan-example", "/?plan=xulan-example&as_of=2023-06-30")
LISTS = (
    "/commitments/",
    "/commitments/?plan=xulan-example&sort=severity",
    "/commitments/?plan=xulan-example&group=met&group=off_course",
    "/commitments/?plan=xulan-example&as_of=2023-06-30",
    "/commitments/?q=zzz",
)
# A figure amended, every year, a standard's items, classes, steps, no test, a past day.
DETAILS = (
    "/commitments/ZZ-052/",
    "/commitments/XL-001/",
    "/commitments/XL-005/",
    "/commitments/XL-009/",
    "/commitments/XL-012/",
    "/commitments/XL-023/",
    "/commitments/XL-036/",
    "/commitments/XL-001/?as_of=2023-06-30",
)
OTHERS = (
    "/plans/zhuzhou-2021/",
    "/plans/xulan-example/",
    "/agencies/",
    "/agencies/zhuzhou-agriculture/",
    "/agencies/zhuzhou-reform/",
    "/agencies/XL-ST/?as_of=2023-06-30",
    "/themes/",
    "/themes/XL-ENV/",
    "/changes/",
    "/changes/?plan=xulan-example&kind=amendment&kind=step",
    "/changes/corrections/?plan=xulan-example",
    "/method/",
    "/about/",
    "/accessibility/",
    "/data/",
    "/api/",
    "/report/",
    "/report/?plan=xulan-example&part=summary&part=charts&part=table&part=details",
    "/reports/",
    "/reports/check/",
    "/reports/check/?sha256=" + "0" * 64,
    "/report-error/?about=ZZ-052",
)
PAGES = (*HOMES, *LISTS, *DETAILS, *OTHERS)
# Answered with an error, in the look of the site.
ERRORS = {"/nowhere/": 404, "/commitments/?status=foo": 400, "/commitments/ZZ-052/?as_of=x": 400}


def in_english(address):
    return f"/en{address}"


def in_large_text(address):
    return f"/en/large{address[3:]}" if address.startswith("/en/") else f"/large{address}"
