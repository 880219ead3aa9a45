"""What the register says of a promise, in the active language, rendered from the data alone."""

from commitments.sentences.finding import sentence
from commitments.sentences.freshness import freshness
from commitments.sentences.limits import bare_test, limit, test, test_in_words
from commitments.sentences.measures import measures, measures_of_promise
from commitments.sentences.workings import workings

__all__ = [
    "bare_test",
    "freshness",
    "limit",
    "measures",
    "measures_of_promise",
    "sentence",
    "test",
    "test_in_words",
    "workings",
]
