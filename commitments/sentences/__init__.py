"""What the register says of a promise, in the active language, rendered from the data alone."""

from commitments.sentences.finding import sentence
from commitments.sentences.limits import limit, missing_for_a_test, test, test_in_words
from commitments.sentences.workings import workings

__all__ = ["limit", "missing_for_a_test", "sentence", "test", "test_in_words", "workings"]
