"""What script/bench measures with is a register like any other, and counts answers rightly."""

from django.test import TestCase

from bench.asking import is_whole
from bench.seeding import assessed, seed
from commitments.actions.assessing import differing
from commitments.models import Assessment, Commitment, Observation, Target

PROMISES = 40


class TestSeeding(TestCase):
    @classmethod
    def setUpTestData(cls):
        seed(PROMISES)
        cls.runs, _seconds, cls.times, _alone = assessed()

    def test_every_promise_has_its_quote_its_test_and_eight_figures(self):
        for commitment in Commitment.objects.all():
            commitment.check_quote()
        tests = Target.objects.live().count()
        assert Commitment.objects.count() == PROMISES
        assert tests == PROMISES - PROMISES // 9
        assert Observation.objects.live().count() == 8 * tests

    def test_what_was_assessed_is_counted(self):
        assert self.runs == Assessment.objects.count()
        # Eight figures at least, and neighbouring days of one answer are one run.
        assert 8 * PROMISES < self.runs < self.times

    def test_it_is_open_and_shown(self):
        assert [*differing()] == []
        found = self.client.get("/commitments/?page=2").context["total"]
        assert found == PROMISES


def test_an_answer_is_counted_once_all_of_it_is_there():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
    for part, is_all in ((b"", False), (b"\r\nab", False), (b"\r\nabc", True)):
        assert is_whole(head + part) is is_all
    assert is_whole(b"HTTP/1.1 304 Not Modified\r\n\r\n")
