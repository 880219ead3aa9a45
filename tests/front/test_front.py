"""What the front keeps, for whom, and when it lets go of it.

Mostly before a small application of the test's own, which counts how often it is asked.
"""

import datetime as dt
import gzip
import threading
from itertools import count

import pytest

from tracker.front.asked import in_order, takes_gzip
from tracker.front.front import BROKEN_AFTER, STALE_FOR, TRIES_AT_ONCE, Front
from tracker.front.watch import EVERY, GOOD_FOR, PATIENCE, Seen, Watch

PAGE = "text/html; charset=utf-8"
TEXT = "承诺事项" * 500


class StandIn:
    """In place of a watch: the number is what the test says, and the database answers or not."""

    def __init__(self):
        self.number, self.age, self.here = 1, 0.0, True

    def look(self):
        return Seen(self.number, self.age)

    def number_here(self):
        return self.number if self.here else None


class Site:
    """An application that answers `answers[path]`, or a page that names all that it was told."""

    def __init__(self):
        self.asked, self.answers, self.lock = [], {}, threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.asked.append(environ)
        told = sorted(name for name in environ if name.startswith("HTTP_"))
        page = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} {told} {TEXT}"
        found = self.answers.get(environ["PATH_INFO"], {})
        if callable(found):
            found = found(environ)
        status, headers = found.get("status", "200 OK"), found.get("headers", [])
        start_response(status, [("Content-Type", found.get("type", PAGE)), *headers])
        return found.get("parts", [page.encode()])


class Answered:
    def __init__(self, status, headers, parts):
        self.status, self.headers = status, {name.lower(): value for name, value in headers}
        self.sent = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        is_zipped = self.headers.get("content-encoding") == "gzip"
        self.body = gzip.decompress(self.sent) if is_zipped and self.sent else self.sent


class Case:
    def __init__(self, most_bytes=1_000_000):
        self.site, self.watch, self.day = Site(), StandIn(), dt.date(2026, 12, 31)
        self.front = Front(
            self.site,
            watch=self.watch,
            today=lambda: self.day,
            most_bytes=most_bytes,
            refuse=self.refuse,
            session_cookie="sessionid",
            transport_header="HTTP_X_FORWARDED_PROTO",
            outside=("/admin/", "/en/admin/", "/static/"),
        )

    def refuse(self, environ, start_response):
        start_response("503 refused", [])
        return []

    def get(self, path, query="", method="GET", **headers):
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "wsgi.url_scheme": "http",
        }
        environ |= {"HTTP_HOST": "register.example"} | headers
        started = []
        parts = self.front(environ, lambda *args: started.append(args))
        # As a server does: nothing is sent before the first part is there.
        parts = parts if isinstance(parts, list) else Whole(parts)
        return Answered(*started[-1][:2], parts)

    def times(self):
        """How often the application was asked since the last time."""
        found = len(self.site.asked)
        self.site.asked.clear()
        return found

    def renders(self, *args, **kwargs):
        """How often the same request asks the application when it comes twice."""
        self.times()
        self.get(*args, **kwargs)
        self.get(*args, **kwargs)
        return self.times()


class Whole(list):
    def __init__(self, parts):
        super().__init__(parts)
        self.close = getattr(parts, "close", lambda: None)


@pytest.fixture
def case():
    return Case()


# --- What is kept, and for whom -------------------------------------------------------------------


def test_a_page_is_made_once(case):
    first, second = case.get("/"), case.get("/")
    assert case.times() == 1
    assert (first.status, first.body, first.headers) == (
        second.status,
        second.body,
        second.headers,
    )
    assert TEXT in first.body.decode()


def test_each_language_query_day_and_host_has_its_own(case):
    asked = [
        ("/commitments/", "", "register.example"),
        ("/en/commitments/", "", "register.example"),
        ("/commitments/", "q=%E8%8D%AF", "register.example"),
        ("/commitments/", "as_of=2023-06-30", "register.example"),
        ("/commitments/", "", "other.example"),
    ]
    bodies = [case.get(path, query, HTTP_HOST=host).body for path, query, host in asked]
    assert len({*bodies}) == 4  # The site of this test does not tell its host.
    assert case.times() == 5
    for (path, query, host), body in zip(asked, bodies, strict=True):
        assert case.get(path, query, HTTP_HOST=host).body == body
    assert case.times() == 0


def test_the_order_of_fields_does_not_matter_but_that_of_values_does(case):
    case.get("/commitments/", "theme=a&agency=b&theme=c")
    case.get("/commitments/", "&agency=b&theme=a&theme=c")
    assert case.times() == 1
    case.get("/commitments/", "agency=b&theme=c&theme=a")
    assert case.times() == 1
    assert in_order("b=%26&a&&b=1=2") == "a&b=%26&b=1=2"


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "theme=dark; sessionid=abc"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"CONTENT_LENGTH": "3"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_HOST": ""},
    ],
    ids=str,
)
def test_who_is_somebody_is_let_through_as_they_came(case, headers):
    assert case.renders("/", **headers) == 2
    case.get("/", **headers)
    assert case.site.asked[0].items() >= headers.items()
    assert case.site.asked[0]["REMOTE_ADDR"] == "192.0.2.7"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_answered(case, method):
    case.get("/")
    assert case.renders("/", method=method) == 2


@pytest.mark.parametrize("path", ["/admin/", "/en/admin/login/", "/static/site.css"])
def test_the_staff_area_is_let_through(case, path):
    assert case.renders(path) == 2


def test_a_cookie_of_somebody_else_changes_nothing(case):
    case.get("/")
    case.get("/", HTTP_COOKIE="visits=7; theme=dark")
    assert case.times() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"headers": [("Set-Cookie", "csrftoken=x")]},
        {"headers": [("Cache-Control", "max-age=0, No-Store")]},
        {"headers": [("Cache-Control", "private")]},
        {"headers": [("Vary", "Accept-Encoding, Cookie")]},
        {"headers": [("Vary", "Accept")]},
        {"headers": [("Vary", "*")]},
    ],
    ids=str,
)
def test_an_answer_for_one_person_is_made_for_that_person(case, said):
    case.site.answers["/"] = said
    answer = case.get("/", HTTP_ACCEPT="text/html")
    assert case.site.asked[-1]["HTTP_ACCEPT"] == "text/html"
    assert case.site.asked[-1]["REMOTE_ADDR"] == "192.0.2.7"
    assert "etag" not in answer.headers
    case.times()
    # From then on nobody need find that out again, whatever else is asked of the page.
    case.get("/")
    case.get("/", "about=x")
    assert case.times() == 2


@pytest.mark.parametrize(
    "status",
    ["302 Found", "400 Bad Request", "404 Not Found", "429 x", "500 x", "503 x"],
)
def test_errors_and_passing_redirects_are_not_kept(case, status):
    case.site.answers["/"] = {"status": status, "headers": [("Retry-After", "60")]}
    answer = case.get("/")
    assert (answer.status, answer.headers["retry-after"]) == (status, "60")
    assert case.renders("/") == 2
    case.site.answers.clear()
    assert case.get("/").status == "200 OK"


def test_a_permanent_redirect_is_kept(case):
    case.site.answers["/x"] = {"status": "301 x", "headers": [("Location", "/x/")], "parts": []}
    assert case.renders("/x") == 1
    answer = case.get("/x", HTTP_IF_NONE_MATCH="*")
    assert (answer.status, answer.headers["location"]) == ("301 x", "/x/")


def test_nothing_that_is_not_in_the_key_reaches_the_page(case):
    case.get(
        "/",
        HTTP_ACCEPT_LANGUAGE="en",
        HTTP_USER_AGENT="x",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_FORWARDED="host=evil.example",
        HTTP_COOKIE="csrftoken=evil",
        HTTP_ACCEPT_ENCODING="gzip",
        HTTP_X_HTTP_METHOD_OVERRIDE="DELETE",
    )
    [seen] = case.site.asked
    told = {name for name in seen if name.startswith(("HTTP_", "REMOTE_"))}
    # The sender only so that one who asks too much can be refused.
    assert told == {"HTTP_HOST", "REMOTE_ADDR"}


def test_the_proxys_word_on_the_transport_is_in_the_key(case):
    case.get("/")
    case.get("/", HTTP_X_FORWARDED_PROTO="https")
    assert [seen.get("HTTP_X_FORWARDED_PROTO") for seen in case.site.asked] == [None, "https"]


def test_an_endless_address_is_not_kept(case):
    assert case.renders("/", "q=" + "x" * 2_000) == 2


# --- Revision, day, and a database that does not answer -------------------------------------------


def test_a_new_revision_makes_everything_anew(case):
    case.get("/")
    case.watch.number = 2
    assert case.renders("/") == 1


def test_midnight_makes_everything_anew(case):
    case.get("/")
    case.day = dt.date(2027, 1, 1)
    assert case.renders("/") == 1


def test_a_page_begun_before_a_change_is_not_shown_after_it(case):
    """Made of the old figures, finished when the number has been raised and read."""

    def slow(_environ):
        case.watch.number = 2
        case.watch.look()
        case.site.answers.clear()
        return {"parts": [b"old"]}

    case.site.answers["/"] = slow
    assert case.get("/").body == b"old"
    assert TEXT.encode() in case.get("/").body


def test_what_a_standby_has_not_heard_of_is_not_kept(case):
    """The number was read where it is 2 already, the page where all is as at 1."""
    case.watch.number = 2
    case.watch.number_here = lambda: 1
    assert case.renders("/") == 2
    case.watch.number_here = lambda: 2
    assert case.renders("/") == 1


def test_a_page_that_was_read_elsewhere_than_its_number_is_not_kept(case):
    case.site.answers["/"] = {"headers": [("X-Read-Elsewhere", "1")]}
    assert "x-read-elsewhere" not in case.get("/").headers
    assert case.renders("/") == 2


def test_what_is_kept_outlives_the_database_for_its_day_and_an_hour(case):
    case.get("/")
    case.watch.here, case.watch.age = False, STALE_FOR - 1
    case.site.answers = {"/": {"status": "500 x"}, "/en/": {"status": "500 x"}}
    assert case.get("/").status == "200 OK"
    assert case.get("/en/").status == "500 x"
    case.watch.age = STALE_FOR + 1
    assert case.get("/").status == "500 x"
    case.watch.age = 10
    case.day = dt.date(2027, 1, 1)
    assert case.get("/").status == "500 x"


def test_nothing_is_kept_while_nobody_knows_the_revision(case):
    case.watch.number = None
    assert case.renders("/") == 2
    case.watch.number, case.watch.here = 1, False
    assert case.renders("/") == 2


def test_a_database_that_hangs_takes_no_more_than_two_threads_from_what_is_kept(case):
    case.get("/")
    is_asked, may_end = threading.Semaphore(0), threading.Event()

    def hanging(_environ):
        is_asked.release()
        may_end.wait(20)
        return {"status": "503 tried"}

    case.site.answers["/en/"] = hanging
    case.watch.here, case.watch.age = False, BROKEN_AFTER + 1
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(case.get("/en/").status))
        for _n in range(TRIES_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
        assert is_asked.acquire(timeout=20)
    assert case.get("/en/").status == "503 refused"
    assert case.get("/").status == "200 OK"
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert answers == ["503 tried"] * TRIES_AT_ONCE
    assert case.get("/en/").status == "503 tried"


# --- A stampede -----------------------------------------------------------------------------------


def test_a_stampede_on_a_cold_page_makes_it_once(case):
    everyone_is_here, answers = threading.Event(), []

    def slow(_environ):
        everyone_is_here.wait(20)
        return {}

    case.site.answers["/"] = slow
    crowd = [
        threading.Thread(target=lambda: answers.append(case.get("/").body)) for _n in range(500)
    ]
    for one in crowd:
        one.start()
    everyone_is_here.set()
    for one in crowd:
        one.join(60)
    assert (len(answers), len({*answers}), case.times()) == (500, 1, 1)


def test_who_waited_for_an_answer_that_failed_makes_an_own_one(case):
    numbers, is_asked, may_end = count(1), threading.Event(), threading.Event()

    def failing(_environ):
        if next(numbers) > 1:
            return {}
        is_asked.set()
        may_end.wait(20)
        raise OSError

    case.site.answers["/"] = failing
    faults, answers = [], []

    def first():
        try:
            case.get("/")
        except OSError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    is_asked.wait(20)
    threads.append(threading.Thread(target=lambda: answers.append(case.get("/").status)))
    threads[1].start()
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert (len(faults), answers) == (1, ["200 OK"])
    assert case.renders("/") == 1


# --- How it is sent -------------------------------------------------------------------------------


def test_a_page_is_sent_compressed_to_who_takes_it(case):
    plain, zipped = case.get("/"), case.get("/", HTTP_ACCEPT_ENCODING="br, gzip")
    assert case.times() == 1
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.body == zipped.body
    for answer in (plain, zipped):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-length"] == str(len(answer.sent))
        assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert len(zipped.sent) < len(plain.sent) / 4
    assert plain.headers["etag"] != zipped.headers["etag"]


@pytest.mark.parametrize(
    ("accepted", "is_taken"),
    [
        ("", False),
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("*", True),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*;q=0", False),
        ("identity, *;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=x", True),
    ],
)
def test_quality_values_are_read(accepted, is_taken):
    assert takes_gzip(accepted) is is_taken


def test_who_has_it_already_is_told_so(case):
    for headers in ({}, {"HTTP_ACCEPT_ENCODING": "gzip"}):
        whole = case.get("/", **headers)
        tag = whole.headers["etag"]
        assert tag[0] + tag[-1] == '""'
        for held in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            answer = case.get("/", HTTP_IF_NONE_MATCH=held, **headers)
            assert (answer.status, answer.sent) == ("304 Not Modified", b"")
            assert answer.headers == {
                name: whole.headers[name] for name in ("cache-control", "vary", "etag")
            }
        assert case.get("/", HTTP_IF_NONE_MATCH='"x"', **headers).status == "200 OK"
    # The bytes are others, so the tag of the one does not stand for the other.
    assert case.get("/", HTTP_IF_NONE_MATCH=tag).status == "200 OK"


def test_the_tag_stays_when_a_change_elsewhere_left_the_page_as_it_was(case):
    tag = case.get("/").headers["etag"]
    case.watch.number = 2
    assert case.get("/", HTTP_IF_NONE_MATCH=tag).status == "304 Not Modified"


def test_head_is_answered_like_get_without_the_body(case):
    assert case.get("/", method="HEAD").status == "200 OK"
    assert case.site.asked[0]["REQUEST_METHOD"] == "HEAD"
    whole = case.get("/")
    case.times()
    head = case.get("/", method="HEAD")
    assert (case.times(), head.sent, head.headers) == (0, b"", whole.headers)


def test_a_views_own_word_on_how_long_it_holds_is_left(case):
    case.site.answers["/"] = {"headers": [("Cache-Control", "public, max-age=900")]}
    assert case.renders("/") == 1
    assert case.get("/").headers["cache-control"] == "public, max-age=900"


def test_a_picture_is_not_compressed(case):
    case.site.answers["/card.png"] = {"type": "image/png", "parts": [b"\x89PNG" * 500]}
    answer = case.get("/card.png", HTTP_ACCEPT_ENCODING="gzip")
    assert (answer.sent, "vary" in answer.headers) == (b"\x89PNG" * 500, False)
    assert case.renders("/card.png") == 0


def test_what_belongs_to_one_request_is_not_kept(case):
    case.site.answers["/"] = {
        "headers": [("X-Request-ID", "7"), ("Date", "x"), ("ETag", '"x"'), ("X-Frame-Options", "A")]
    }
    headers = case.get("/").headers
    assert {"x-request-id", "date"}.isdisjoint(headers)
    assert (headers["etag"] != '"x"', headers["x-frame-options"]) == (True, "A")


# --- How much is kept -----------------------------------------------------------------------------


def test_a_long_file_streams_through_and_is_not_kept():
    case, given, is_closed = Case(most_bytes=80_000), [], []

    class Parts:
        def __iter__(self):
            for number in range(40):
                given.append(number)
                yield b"x" * 1_000

        def close(self):
            is_closed.append(True)

    case.site.answers["/all.csv"] = lambda _environ: {"type": "text/csv", "parts": Parts()}
    case.site.answers["/short.csv"] = {"type": "text/csv", "parts": [b"x"] * 1_000}
    answer = case.get("/all.csv", HTTP_ACCEPT_ENCODING="gzip")
    assert (answer.body, len(is_closed)) == (b"x" * 40_000, 1)
    assert case.renders("/all.csv") == 2
    assert len(is_closed) == 3
    assert case.renders("/short.csv") == 1


def test_memory_is_bounded_and_the_longest_unasked_gives_way():
    case = Case(most_bytes=60_000)
    for number in range(200):
        case.get("/", f"page={number}")
        case.get("/")
    assert case.times() == 201
    assert case.renders("/", "page=199") == 0
    assert case.renders("/", "page=0") == 1
    generation = case.front._generation
    assert sum(each.size for each in generation._answers.values()) == generation._bytes <= 60_000


# --- The watch ------------------------------------------------------------------------------------


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Database:
    def __init__(self):
        self.number, self.times, self.may_answer = 1, 0, threading.Event()
        self.may_answer.set()

    def read(self):
        self.times += 1
        self.may_answer.wait(20)
        if self.number is None:
            from django.db import OperationalError

            raise OperationalError
        return self.number


@pytest.fixture
def watched(monkeypatch):
    monkeypatch.setattr("tracker.front.watch.close_old_connections", lambda: None)
    clock, database = Clock(), Database()
    return clock, database, Watch(database.read, clock)


def until(holds):
    for _n in range(2_000):
        if holds():
            return
        threading.Event().wait(0.005)
    pytest.fail("it never came to hold")


def test_the_number_is_read_at_most_every_half_second(watched):
    clock, database, watch = watched
    assert watch.look().number == 1
    for _n in range(100):
        watch.look()
    clock.now += EVERY - 0.01
    assert (watch.look().is_fresh, database.times) == (True, 1)
    clock.now += 0.02
    # Nobody waits for the second reading while the first one is good.
    assert watch.look().is_fresh
    until(lambda: database.times == 2)


def test_a_change_is_seen_within_a_second(watched):
    clock, database, watch = watched
    watch.look()
    database.number = 2
    clock.now += GOOD_FOR + 0.01
    assert watch.look().number == 2


def test_a_database_that_fails_leaves_the_last_number_and_its_age(watched):
    clock, database, watch = watched
    watch.look()
    database.number = None
    clock.now += 5
    assert watch.look() == Seen(1, 5)
    assert not watch.look().is_fresh
    # Asked again no more often than one that works, and right again when it does.
    assert database.times == 2
    database.number = 3
    clock.now += EVERY
    watch.look()
    until(lambda: watch.look() == Seen(3, 0))


def test_a_database_that_hangs_holds_up_one_reader_for_a_moment_and_nobody_after(watched):
    clock, database, watch = watched
    watch.look()
    database.may_answer.clear()
    clock.now += 5
    first = threading.Thread(target=watch.look)
    first.start()
    first.join(PATIENCE + 5)
    assert not first.is_alive()
    for _n in range(50):
        clock.now += EVERY
        assert watch.look().number == 1
    assert database.times == 2
    database.may_answer.set()
    until(lambda: watch.look().is_fresh)
    assert database.times <= 3


def test_a_register_without_any_revision_has_no_number(watched):
    from commitments.models import Revision

    _clock, database, watch = watched
    database.read = None

    def read():
        raise Revision.DoesNotExist

    watch = Watch(read)
    assert watch.look().number is None
