import datetime as dt

from tracker.front.answer import Answer
from tracker.front.generation import Generation

KEY = ("/", "", "testserver", "http", "")


def test_who_looked_just_before_it_was_kept_does_not_make_it_again():
    generation = Generation(1, dt.date(2026, 11, 24), 1_000_000)
    flight, is_first = generation.flight(KEY)
    assert is_first
    # Another request looks here and finds nothing, and is held up until the first is done.
    assert generation.get(KEY) is None
    made = Answer("200 OK", [("Content-Type", "text/html")], b"page")
    generation.keep(KEY, made)
    generation.end(KEY, flight)
    late, is_first = generation.flight(KEY)
    assert not is_first
    assert late.wait(0) is made
