"""Which database a page is read from, told by what each of them would answer."""

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from commitments.models import Agency
from tracker.standbys import (
    GONE,
    KEEPS_UP,
    LAGS,
    READ_ELSEWHERE,
    Databases,
    PublicReads,
    PublicReadsMiddleware,
    stop_reading,
)

ONE, TWO = "standby_1", "standby_2"


class Servers:
    """Databases that answer with the numbers given, under a clock that is set by hand."""

    def __init__(self, *standbys, may_lag=2, **numbers):
        self.numbers, self.now, self.looks = numbers, 100.0, 0
        self.seen = Databases([*standbys], may_lag=may_lag, ask=self.ask, clock=lambda: self.now)

    def ask(self, alias):
        self.looks += 1
        return self.numbers[alias]

    def after(self, seconds, **numbers):
        self.now += seconds
        self.numbers |= numbers
        return self.seen.chosen()


@pytest.fixture
def servers():
    return Servers(ONE, default=7, standby_1=7)


@pytest.fixture(autouse=True)
def nothing_is_being_read():
    stop_reading()
    yield
    stop_reading()


def test_without_a_standby_nothing_is_asked():
    alone = Servers(default=7)
    assert alone.seen.chosen() == "default"
    assert alone.looks == 0


def test_a_standby_that_has_everything_is_read(servers):
    assert servers.seen.chosen() == ONE
    assert servers.seen.revision == 7


def test_looks_once_a_second_at_most(servers):
    for _request in range(5):
        assert servers.after(0.1) == ONE
    assert servers.looks == 2
    servers.after(1)
    assert servers.looks == 4


def test_a_standby_may_lag_for_as_long_as_it_is_let(servers):
    servers.seen.chosen()
    assert servers.after(1, default=8) == ONE
    assert servers.after(2) == ONE
    assert servers.after(1) == "default"
    assert servers.seen.states == {"default": KEEPS_UP, ONE: LAGS}
    assert servers.after(1, standby_1=8) == ONE


def test_its_lag_is_that_of_the_oldest_change_it_lacks(servers):
    servers.seen.chosen()
    for number in (8, 9, 10):
        servers.after(1, default=number)
    assert servers.after(1, default=11) == "default"
    # It catches up with the older ones: what it lacks now is young.
    servers.numbers[ONE] = 10
    servers.after(1, default=11)
    assert servers.seen.states[ONE] == KEEPS_UP


def test_of_a_standby_that_was_behind_from_the_start_nobody_knows_how_long():
    late = Servers(ONE, default=9, standby_1=3)
    assert late.seen.chosen() == "default"
    assert late.seen.states[ONE] == LAGS


def test_a_reader_is_never_shown_less_than_before():
    two = Servers(ONE, TWO, may_lag=60, default=5, standby_1=5, standby_2=5)
    first = two.seen.chosen()
    other = TWO if first == ONE else ONE
    assert two.after(1, default=6, **{first: 6}) == first
    # The other one lags by less than it may, and still shows less.
    assert two.after(1, **{first: None}) == "default"
    assert two.after(1, **{other: 6}) == other


def test_the_same_standby_is_read_as_long_as_it_keeps_up():
    two = Servers(ONE, TWO, default=5, standby_1=5, standby_2=5)
    first = two.seen.chosen()
    assert {two.after(1) for _look in range(5)} == {first}


def test_a_standby_that_is_gone_is_left_and_comes_back(servers, caplog):
    servers.seen.chosen()
    assert servers.after(1, standby_1=None) == "default"
    assert servers.after(1, standby_1=7) == ONE
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("ERROR", "Database standby_1 is gone."),
        ("WARNING", "Database standby_1 is back."),
    ]


def test_without_the_primary_the_standby_that_has_most_is_read(caplog):
    two = Servers(ONE, TWO, default=5, standby_1=4, standby_2=5)
    two.seen.chosen()
    assert two.after(1, default=None) == TWO
    assert two.seen.is_primary_gone()
    assert two.after(1, standby_1=None, standby_2=None) == "default"
    assert two.after(1, default=6, standby_1=6, standby_2=6) in (ONE, TWO)


def test_a_standby_that_lags_is_better_than_a_primary_that_is_gone(servers):
    servers.seen.chosen()
    servers.after(1, default=8)
    assert servers.after(3) == "default"
    servers.seen.give_up("default")
    assert servers.seen.chosen() == ONE


def test_what_fails_in_between_is_left_at_once(servers):
    servers.seen.chosen()
    servers.seen.give_up(ONE)
    assert servers.seen.chosen() == "default"
    assert servers.seen.states[ONE] == GONE
    assert servers.after(1) == ONE


# --- A request -----------------------------------------------------------------------------------


class Site:
    """A site behind the middleware that notes where each request would read."""

    def __init__(self, servers, fails=()):
        self.read, self.fails = [], fails
        self.middleware = PublicReadsMiddleware(self.answer, servers.seen)

    def answer(self, request):
        alias = PublicReads().db_for_read(Agency)
        self.read.append(alias)
        response = HttpResponse(status=503 if alias in self.fails else 200)
        response.is_database_gone = alias in self.fails
        return response

    def ask(self, path, method="get", **cookies):
        request = getattr(RequestFactory(), method)(path)
        request.COOKIES.update(cookies)
        return self.middleware(request).status_code


@pytest.mark.parametrize("path", ["/", "/en/", "/en/large/commitments/", "/administration/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_public_pages_read_the_standby(servers, path, method):
    site = Site(servers)
    site.ask(path, method)
    assert site.read == [ONE]


@pytest.mark.parametrize(
    ("path", "method", "cookies"),
    [
        ("/admin/", "get", {}),
        ("/en/admin/commitments/plan/", "get", {}),
        ("/report-error/", "post", {}),
        ("/", "get", {"sessionid": "of somebody who is logged in"}),
    ],
)
def test_staff_and_whoever_writes_read_the_primary(servers, path, method, cookies):
    site = Site(servers)
    site.ask("/")
    site.ask(path, method, **cookies)
    assert site.read == [ONE, None]
    assert PublicReads().db_for_write(Agency) == "default"


def test_without_the_primary_those_who_are_logged_in_read_public_pages_too(servers):
    site = Site(servers)
    site.ask("/", sessionid="x")
    # Nobody else asks for anything meanwhile.
    servers.now += 1
    servers.numbers["default"] = None
    site.ask("/", sessionid="x")
    assert site.read == [None, ONE]


def test_a_page_whose_standby_fails_is_read_from_the_primary(servers, caplog):
    caplog.set_level(logging.CRITICAL)
    site = Site(servers, fails={ONE})
    assert site.ask("/") == 200
    assert site.read == [ONE, "default"]
    assert site.ask("/") == 200
    assert site.read[2:] == ["default"]


def test_a_page_read_elsewhere_says_so_for_its_number_was_not(servers, caplog):
    caplog.set_level(logging.CRITICAL)
    site = Site(servers, fails={ONE})
    first, second = (site.middleware(RequestFactory().get("/")).headers for _time in range(2))
    assert READ_ELSEWHERE in first
    assert READ_ELSEWHERE not in second


def test_nothing_that_was_sent_is_done_twice(servers):
    site = Site(servers, fails={None, ONE, "default"})
    assert site.ask("/report-error/", "post") == 503
    assert site.read == [None]
    assert site.ask("/") == 503
    assert site.read[1:] == [ONE, "default"]
