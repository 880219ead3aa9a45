"""A register with a record of each kind, and every address of it, to be attacked."""

from commitments.models import Entry
from tests.factories import make_agency, make_error_report, make_sheet_import, make_user
from tests.staff_area import address_of, make_records, patterns
from tests.views.test_leaks import ADDRESSES, at, make_public


def make_register():
    """Something public of each kind, drafts of each kind, and a superuser to whom all is open.

    Returns the records by the names of the staff area's addresses, and the superuser.
    """
    make_public()
    root = make_user("root", is_staff=True, is_superuser=True)
    records = make_records(make_agency(), make_user("writer"))
    records |= {
        "sheetimport": make_sheet_import(root),
        "errorreport": make_error_report(records["commitment"]),
        "entry": Entry.objects.first(),
    }
    return records, root


def staff_addresses(records, *, without=()):
    """The English address of every page of the staff area, as (name, address)."""
    for name, _form, pattern in patterns():
        if name not in without:
            yield name, address_of(name, pattern, records)


def public_addresses():
    """Every public page and file in both languages and sizes, once, as (name, address)."""
    for name, (each, _queries) in ADDRESSES.items():
        for address in at(name, **each[0]):
            yield name, address


# What no field expects: for databases, parsers, browsers, terminals, file systems, spreadsheets.
HOSTILE = (
    "",
    " ",
    "0",
    "-1",
    "1" * 400,
    "9223372036854775808",
    "1e999",
    "NaN",
    "-Infinity",
    "٣",
    "²",
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2025",
    "'",
    "zqx' OR 'a'='a",
    'zqx"; DROP TABLE x; --',
    "zqx') UNION SELECT password FROM auth_user --",
    "%",
    "_%\\",
    "\\",
    "<script>zqx()</script>",
    "\"'><img src=x onerror=zqx()>",
    "javascript:zqx()",
    "{{ zqx }}{% debug %}",
    "${zqx}#{zqx}",
    "../../../../etc/passwd",
    "..\\..\\zqx",
    "//evil.example/",
    "https://evil.example/",
    "a\x00b",
    "a\r\nX-Zqx: 1",
    "\x1b[31m",
    "\ud800",
    "\U000e0001",
    "\u202ezqx",
    "İıſﬀ",
    "长" * 3_000,
    "(" * 500,
    "[" * 500,
    "a" * 20_000,
    "a." * 2_000 + "!",
    "true",
    "None",
    "[]",
    "{}",
    "unknown",
)
