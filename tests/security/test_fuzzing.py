"""Anything at all is sent to every address and every form: nothing breaks, nothing takes long.

What is sent is the same in each run. To hunt for longer, and for something else each time:
FUZZ_EXAMPLES=500 python -m pytest tests/security/test_fuzzing.py
"""

import os
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commitments.api import limits
from commitments.api.answers import NAMES
from commitments.filters import CommitmentFilter
from commitments.report.kinds import KINDS
from commitments.views.error_report_form import new_key
from tests.security.walk import HOSTILE, make_register, public_addresses, staff_addresses

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
# Of a page, and of a form whose sender claims more rows than there are: to see what makes a node
# ask without end. What ordinary questions cost is held by tests/test_query_counts.py.
MOST_QUERIES, MOST_OF_A_FORM = 60, 600
# Of the parameters that something reads; what else is sent is made up.
PARAMETERS = (
    *CommitmentFilter.base_filters,
    *("page", "limit", "fields", "ext", "part", "kind", "about", "sha256", "still", "format"),
    *("commitment", "indicator", "since", "lang", "next", "table", "as_of"),
)
STAFF_PARAMETERS = (
    *("q", "o", "p", "e", "all", "_popup", "_to_field", "_changelist_filters", "term", "page"),
    *("app_label", "model_name", "field_name", "fate", "kept", "corrects", "amends", "commitment"),
    *("state__exact", "state", "plan__id__exact", "commitment__code", "id__in", "pk", "at__gte"),
    *("standing", "agency", "records", "next", "commitment__plan__adopted_on__year", "password"),
)
BEGINNINGS = ("/", "/en/", "/large/", "/en/admin/", "/static/", "/api/v1/")
KNOWN = (
    *("open", "ZZ-001", "ours", "land", "2024-01-31", "2023", "2", "severity", "met", "achieved"),
    *("unknown", "yes", "csv", "xlsx", "open-2024-01", "id,code", "title_zh", "commitments", "id"),
)
HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": ("en;q=" + "9" * 500, "x" * 5_000, "zh", "*"),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=nan", "identity;q=0, *;q=0", "gzip" * 500, ";;,,"),
    "HTTP_IF_NONE_MATCH": ("*", '"', "W/", '"a", ' * 500),
    "HTTP_IF_MODIFIED_SINCE": ("Thu, 99 Foo 0000 99:99:99 GMT", "-1", "\xff"),
    "HTTP_RANGE": ("bytes=0-0", "bytes=-1", "bytes=9-1,5-", "lines=1"),
    "HTTP_COOKIE": ("sessionid=x", "sessionid=\x00; csrftoken='", "a=" + "b" * 5_000, "=;=;"),
    "HTTP_HOST": ("testserver:99999", "evil.example", "[::1", "testserver", "a b", ""),
    "HTTP_X_FORWARDED_FOR": ("127.0.0.1", "x" * 4_000, "::1, evil", "\xff"),
    "HTTP_X_FORWARDED_PROTO": ("https", "x"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_REFERER": ("https://evil.example/", "\xff"),
    "HTTP_ACCEPT": ("application/json", "x" * 4_000),
    "HTTP_X_REQUEST_ID": ("a\r\nb", "x" * 4_000),
    "HTTP_ORIGIN": ("null", "https://evil.example"),
    "CONTENT_TYPE": ("application/json", "multipart/form-data", "text/plain; charset=zqx", ""),
    "CONTENT_LENGTH": ("-1", "x", ""),
}
METHODS = ("GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")

texts = st.one_of(st.sampled_from(HOSTILE), st.sampled_from(KNOWN), st.text(max_size=30))
headers = st.dictionaries(st.sampled_from([*HEADERS]), st.integers(0, 9), max_size=2).map(
    lambda chosen: {name: HEADERS[name][at % len(HEADERS[name])] for name, at in chosen.items()}
)


def queries(parameters):
    names = st.one_of(st.sampled_from(parameters), texts)
    return st.lists(st.tuples(names, texts), max_size=4)


def hunted(examples):
    """So many examples, the same in each run unless more are asked for."""
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
        suppress_health_check=[*HealthCheck],
    )


def encoded(pairs):
    # As a browser would send halves of characters, which are no UTF-8.
    return urlencode(pairs, errors="surrogatepass")


class Undone(Exception):
    """Takes back what a request did."""


@contextmanager
def watched(most=MOST_QUERIES):
    """Whatever is asked of the database in between: little of it, and none of it from outside."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            yield asked
            raise Undone
    except Undone:
        pass
    assert len(asked) <= most, len(asked)
    assert not [sql for sql in asked if "zqx" in sql]


def is_well(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code < 500, answer.status_code
    assert b"Traceback (most recent" not in body
    for name, value in answer.headers.items():
        assert not {*"\r\n"} & {*f"{name}{value}"}
    assert "X-Zqx" not in answer.headers
    return body


class Fields(HTMLParser):
    """The fields of the forms on a page, as a browser would send them untouched."""

    def __init__(self):
        super().__init__()
        # What would be sent, and the names of what is offered besides: boxes not ticked, files.
        self.found, self.offered, self.files = {}, [], []
        self._select, self._area = None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "option" and self._select and ("selected" in given):
            self.found[self._select] = given.get("value", "")
        if not name:
            return
        if tag == "select":
            self._select = name
            self.found.setdefault(name, "")
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""
        elif tag == "input" and given.get("type") == "file":
            self.files.append(name)
        elif tag in ("input", "button"):
            is_off = given.get("type") in ("checkbox", "radio") and "checked" not in given
            if is_off:
                self.offered.append(name)
            else:
                self.found[name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            # A browser leaves out the line break that a text area begins with.
            is_first = not self.found[self._area]
            self.found[self._area] += data.removeprefix("\n") if is_first else data


def fields_of(page):
    reader = Fields()
    reader.feed(page)
    return reader


class Public(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_register()

    def setUp(self):
        allowance = limits.ALLOWANCE.most
        limits.ALLOWANCE.most = 10**9
        self.addCleanup(setattr, limits.ALLOWANCE, "most", allowance)

    def ask(self, method, path, query="", more=None, data=b""):
        environ = {"PATH_INFO": path, "QUERY_STRING": query} | (more or {})
        with watched():
            is_well(self.client.generic(method, "/", data, **environ))

    def test_every_address_with_any_question(self):
        for _name, address in public_addresses():
            with self.subTest(address):
                self.fuzz(address, 1 if "/large/" in address or address.startswith("/en/") else 5)

    def fuzz(self, address, examples):
        @hunted(examples)
        @given(query=queries(PARAMETERS), more=headers, method=st.sampled_from(METHODS))
        def ask(query, more, method):
            self.ask(method, address, encoded(query), more)

        ask()

    def test_any_address_at_all(self):
        parts = st.one_of(
            texts,
            st.sampled_from((*NAMES, *KINDS, "commitments", "reports", "since", "en", "large")),
            st.sampled_from(("api", "v1", "evidence", "feed.atom", "..", "%2e%2e", "static", "")),
        )

        @hunted(150)
        @given(
            parts=st.lists(parts, max_size=6),
            beginning=st.sampled_from(
                ("/", "/en/", "/large/", "/en/admin/", "/static/", "/api/v1/")
            ),
            ending=st.sampled_from(("", "/")),
            more=headers,
        )
        def ask(parts, beginning, ending, more):
            path = beginning + "/".join(parts) + ending
            # A server hands on the bytes of a path as Latin-1.
            raw = path.encode(errors="surrogatepass").decode("latin-1")
            self.ask("GET", raw, "", more)

        ask()

    def test_any_bytes_in_a_question(self):
        @hunted(25)
        @given(
            query=st.binary(max_size=60).map(lambda found: found.decode("latin-1")),
            address=st.sampled_from(["/commitments/", "/", "/changes/", "/api/v1/commitments/"]),
            name=st.sampled_from(PARAMETERS),
        )
        def ask(query, address, name):
            for raw in (f"{name}={query}", f"{name}={quote(query, encoding='latin-1')}"):
                self.ask("GET", address, raw)

        ask()

    def test_the_form_for_readers(self):
        names = ("text", "place", "source_url", "email", "website", "key", "about", "csrf")

        @hunted(60)
        @given(sent=st.dictionaries(st.sampled_from(names), texts), more=headers)
        def ask(sent, more):
            sent = {"key": new_key(), "text": "x"} | sent
            given = {"CONTENT_TYPE": "application/x-www-form-urlencoded"} | more
            self.ask("POST", "/en/report-error/", "", given, encoded([*sent.items()]).encode())

        ask()

    def test_the_page_that_checks_a_file(self):
        @hunted(30)
        @given(sha256=texts, name=texts, content=st.binary(max_size=50))
        def ask(sha256, name, content):
            with watched():
                file = SimpleUploadedFile("x", content)
                file.name = name or "x"
                sent = {"sha256": sha256.encode(errors="surrogatepass"), "file": file}
                is_well(self.client.post("/en/reports/check/", sent))

        ask()


class Staff(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.records, cls.root = make_register()

    def setUp(self):
        self.client.force_login(self.root)

    def test_every_address_with_any_question(self):
        for name, address in staff_addresses(self.records):
            with self.subTest(address):
                self.fuzz(address, 4 if name.endswith(("changelist", "add")) else 1)

    def fuzz(self, address, examples):
        path, _mark, asked = address.partition("?")

        @hunted(examples)
        @given(query=queries(STAFF_PARAMETERS))
        def ask(query):
            given = {"PATH_INFO": path, "QUERY_STRING": f"{asked}&{encoded(query)}"}
            with watched():
                is_well(self.client.generic("GET", "/", **given))

        ask()

    def test_every_form_with_anything_in_its_fields(self):
        forms = 0
        for name, address in staff_addresses(self.records, without=("logout",)):
            page = self.client.get(address)
            if page.status_code != 200 or page.streaming:
                continue
            fields = fields_of(page.content.decode(errors="replace"))
            forms += len(fields.found) > 3
            with self.subTest(address):
                self.fill(address, fields, 2 if name.endswith(("add", "change", "list")) else 1)
        assert forms > 30

    def fill(self, address, fields, examples):
        names = [*fields.found, *fields.offered, *fields.files]
        chosen = st.one_of(st.sampled_from(names), texts) if names else texts
        endings = st.sampled_from(("csv", "xlsx", "pdf", "png", "html", ""))

        @hunted(examples)
        @given(
            wrong=st.dictionaries(chosen, texts, max_size=4),
            contents=st.lists(st.tuples(endings, st.binary(max_size=40)), min_size=3, max_size=3),
        )
        def ask(wrong, contents):
            sent = {
                name: value.encode(errors="surrogatepass")
                for name, value in (fields.found | wrong).items()
                # The test client writes a name as it is.
                if name.isprintable() and '"' not in name
            }
            for name, (ending, content) in zip(fields.files, contents * 9, strict=False):
                sent[name] = SimpleUploadedFile(f"x.{ending}", content)
            with watched(MOST_OF_A_FORM):
                is_well(self.client.post(address, sent))

        ask()
