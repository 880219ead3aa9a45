"""The register itself behind its front: every public address, and what a publication changes."""

import datetime as dt
import zipfile
from io import BytesIO

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.api.limits import ALLOWANCE
from commitments.models import Evidence, Revision
from tests.factories import make_observation, make_staff
from tests.views.test_leaks import ADDRESSES, ONE, at, make_public
from tracker.front.front import Front
from tracker.front.watch import Seen
from tracker.front.wiring import fronted, outside, refuse

# These say themselves that they are for one person.
PERSONAL = {"report_error", "report_thanks"}
# The walk of leaks has the others.
MOST_QUERIES = 2


class Reading:
    """A watch that reads the number every time, by the test's own connection."""

    def look(self):
        return Seen(self.number_here(), 0.0)

    def number_here(self):
        if connection.vendor == "postgresql":
            connection.check_constraints()
        return Revision.current()


def register(application=None):
    return Front(
        application or WSGIHandler(),
        watch=Reading(),
        today=timezone.localdate,
        most_bytes=32_000_000,
        refuse=refuse,
        session_cookie="sessionid",
        outside=outside(),
    )


class Answered:
    def __init__(self, application, address, **headers):
        environ = RequestFactory(SERVER_NAME="localhost").get(address, **headers).environ
        environ["HTTP_HOST"] = "localhost"
        started = []
        parts = application(environ, lambda *args: started.append(args))
        self.body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        self.status, self.headers = started[-1][0], dict(started[-1][1])

    @property
    def content(self):
        """The body; of a zipped file its parts, for the archive itself tells the time."""
        if not self.body.startswith(b"PK"):
            return self.body
        with zipfile.ZipFile(BytesIO(self.body)) as book:
            return {name: book.read(name) for name in book.namelist()}


class TestEveryPublicAddress(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_public()

    def setUp(self):
        # The connection is in the middle of the test's own transaction, as in Django's client.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def test_comes_from_memory_the_second_time_and_says_the_same(self):
        front, bare = register(), WSGIHandler()
        for name, (each, queries) in ADDRESSES.items():
            for parameters in each:
                for address in at(name, **parameters):
                    for query in queries[:MOST_QUERIES]:
                        with self.subTest(address + query):
                            self.compare(name, front, bare, address + query)

    def compare(self, name, front, bare, address):
        # Who asks shows in no page.
        first = Answered(front, address, REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="192.0.2.8")
        without = Answered(bare, address)
        assert first.status == without.status
        with CaptureQueriesContext(connection) as asked:
            second = Answered(front, address, HTTP_ACCEPT_LANGUAGE="fr", HTTP_COOKIE="a=b")
        if name in PERSONAL or not first.status.startswith("200"):
            assert "ETag" not in second.headers
            return
        # One to read the number, which the true watch does twice a second.
        queries = [query["sql"] for query in asked if "SET CONSTRAINTS" not in query["sql"]]
        assert len(queries) == 1, queries
        assert first.content == second.content == without.content
        # What is right for all can be right only if Django said nothing of one of them.
        own = {"ETag", "Cache-Control", "Content-Length", "Vary"}
        said = {name: value for name, value in without.headers.items() if name not in own}
        assert {n: v for n, v in second.headers.items() if n not in own} == said
        assert "Set-Cookie" not in second.headers

    def test_shows_what_was_published_and_hides_what_was_withdrawn(self):
        front = register()
        address = f"/commitments/{ONE['commitment']}/"
        before = Answered(front, address)
        [indicator] = {each.indicator for each in self.targets()}
        figure = make_observation(indicator, 2024, "351.25", published_on=dt.date(2025, 3, 1))
        after = Answered(front, address)
        assert b"351.25" not in before.body
        assert b"351.25" in after.body
        assert b"351.25" in Answered(front, "/commitments.json").body
        type(figure).objects.filter(pk=figure.pk).delete()

    def targets(self):
        from commitments.models import Target

        return Target.objects.filter(commitment__code=ONE["commitment"])

    def test_evidence_is_gone_with_the_next_revision(self):
        front, file = register(), Evidence.objects.get()
        address = f"/evidence/{file.key}/"
        assert Answered(front, address).status == "200 OK"
        assert Answered(front, address, HTTP_RANGE="bytes=0-3").headers["Cache-Control"]
        file.delete()
        assert Answered(front, address).status.startswith("404")

    def test_staff_are_never_answered_from_memory(self):
        front = register()
        client = Client()
        client.force_login(make_staff("reviewer"))
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        for address in ("/admin/", "/en/admin/", "/"):
            answers = [Answered(front, address, HTTP_COOKIE=cookie) for _time in range(2)]
            assert all("ETag" not in answer.headers for answer in answers)
            assert answers[1].status == "200 OK"
        assert Answered(front, "/admin/").status.startswith("302")

    def test_a_page_for_one_person_is_asked_for_once_and_in_their_name(self):
        asked = []

        def django(environ, start_response):
            asked.append(environ.get("REMOTE_ADDR"))
            return WSGIHandler()(environ, start_response)

        front = register(django)
        # The last of them leads to the staff area, or nowhere for who is outside its networks.
        personal = ("/long-files/?ext=xlsx", "/en/large/report-error/", "/long-files/x/", "/admin")
        for address in personal:
            for _time in range(2):
                Answered(front, address)
        assert asked == ["127.0.0.1"] * 8

    def test_who_asks_too_much_is_refused_alone(self):
        front = register()

        def statuses(sender, asked):
            return [
                Answered(front, f"/api/v1/plans/?page={number}", REMOTE_ADDR=sender).status[:3]
                for number in asked
            ]

        self.addCleanup(setattr, ALLOWANCE, "most", ALLOWANCE.most)
        ALLOWANCE.most = 2
        assert "429" in statuses("192.0.2.7", range(1, 5))
        assert statuses("192.0.2.9", [1]) == ["200"]

    def test_a_refusal_is_the_page_that_django_shows(self):
        for path, words in (("/", 'lang="zh-hans"'), ("/en/commitments/", "Nothing was changed.")):
            answer = Answered(refuse, path)
            assert answer.status.startswith("503")
            assert answer.headers["Retry-After"] == "30"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert words in answer.body.decode()

    def test_a_host_that_is_not_ours_is_refused_each_time(self):
        front = register()
        for _time in range(2):
            environ = RequestFactory().get("/").environ | {"HTTP_HOST": "evil.example"}
            started = []
            front(environ, lambda *args: started.append(args))  # noqa: B023
            assert started[0][0].startswith("400")
        assert b"evil.example" not in Answered(front, "/sitemap.xml").body


def test_there_is_none_where_none_is_wanted(settings):
    application = WSGIHandler()
    settings.DEBUG, settings.FRONT_CACHE_BYTES = True, 1
    assert fronted(application) is application
    settings.DEBUG, settings.FRONT_CACHE_BYTES = False, 0
    assert fronted(application) is application
    settings.FRONT_CACHE_BYTES = 1
    assert isinstance(fronted(application), Front)
