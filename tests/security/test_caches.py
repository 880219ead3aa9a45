"""The memory of public pages keeps nothing that one visitor put there for another."""

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory, TestCase

from tests.front.test_register import Answered, register
from tests.security.walk import make_register, public_addresses

EVIL = "evil.example"
# What an answer must not depend on, since it is in no key.
UNKEYED = {
    "HTTP_X_FORWARDED_HOST": EVIL,
    "HTTP_X_FORWARDED_PROTO": "gopher",
    "HTTP_X_FORWARDED_FOR": EVIL,
    "HTTP_X_FORWARDED_PREFIX": f"//{EVIL}",
    "HTTP_X_ORIGINAL_URL": "/en/nowhere/",
    "HTTP_X_REWRITE_URL": "/en/nowhere/",
    "HTTP_FORWARDED": f"host={EVIL}",
    "HTTP_ACCEPT_LANGUAGE": "en",
    "HTTP_ACCEPT": "application/json",
    "HTTP_USER_AGENT": f"<script>{EVIL}</script>",
    "HTTP_REFERER": f"https://{EVIL}/",
    "HTTP_ORIGIN": f"https://{EVIL}",
    "HTTP_COOKIE": f"csrftoken={EVIL}; messages={EVIL}; django_language=en",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_IF_MODIFIED_SINCE": "Thu, 01 Jan 2099 00:00:00 GMT",
    "HTTP_X_REQUEST_ID": "evilevilevil",
}
# Asked for by somebody who is logged in; a cache by the ending would keep them for all.
DECEIVING = (
    *("/en/admin/x.css", "/en/admin/review/x.js", "/en/admin/;x.css", "/en/admin/%2e%2e/x.css"),
    *("/en/admin/commitments/commitment/1/change/x.png", "/en/admin/password_change/.css"),
    *("/en/admin/commitments/entry/history.csv", "/en/admin/commitments/commitment/export.csv"),
    *("/static/../en/admin/", "/static/..%2fen/admin/", "//en/admin/", "/en//admin/"),
    *("/en/large/admin/", "/EN/admin/", "/en/commitments/;x.css", "/en/commitments/x.css"),
)


class Caches(TestCase):
    @classmethod
    def setUpTestData(cls):
        _records, cls.root = make_register()

    def setUp(self):
        # The connection is in the middle of the test's own transaction, as in Django's client.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def test_no_header_that_is_in_no_key_changes_what_others_read(self):
        front, bare = register(), WSGIHandler()
        for name, address in public_addresses():
            if "/large/" in address or name == "report_error":
                continue
            wanted = Answered(bare, address)
            # Whoever comes first, with all of it; in pieces and by HEAD; and then anybody.
            Answered(front, address, **UNKEYED)
            Answered(front, address, HTTP_RANGE="bytes=0-3")
            Answered(front, address, REQUEST_METHOD="HEAD")
            Answered(front, address, REQUEST_METHOD="POST", **UNKEYED)
            found = Answered(front, address)
            assert (found.status, found.content) == (wanted.status, wanted.content), address
            assert EVIL not in str(found.headers)
            assert "Set-Cookie" not in found.headers

    def test_another_host_or_transport_has_an_answer_of_its_own(self):
        front = register()
        asked = {"PATH_INFO": "/en/commitments/", "HTTP_HOST": "localhost"}
        environ = RequestFactory().get("/").environ | asked
        for changed in ({"HTTP_HOST": "testserver"}, {"wsgi.url_scheme": "https"}):
            b"".join(front(environ | changed, lambda *_started: None))
        page = b"".join(front(environ, lambda *_started: None)).decode()
        assert "http://localhost/en/commitments/" in page
        assert "testserver" not in page
        assert "https://localhost" not in page

    def test_what_somebody_reads_who_is_logged_in_is_kept_for_nobody(self):
        front = register()
        client = Client()
        client.force_login(self.root)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        for path in DECEIVING:
            Answered(front, path, HTTP_COOKIE=cookie)
            found = Answered(front, path)
            assert b"logout" not in found.body, path
            assert b"root" not in found.body, path
            if "admin" in path and found.status.startswith("200"):
                assert "public" not in found.headers.get("Cache-Control", ""), path

    def test_no_staff_page_may_be_kept_by_anybody(self):
        client = Client()
        client.force_login(self.root)
        for path in ("/en/admin/", "/en/admin/commitments/entry/", "/en/admin/review/"):
            control = client.get(path).headers["Cache-Control"]
            assert "private" in control
            assert "no-store" in control

    def test_a_field_given_twice_or_endlessly_is_a_question_of_its_own(self):
        front, bare = register(), WSGIHandler()
        queries = (
            "sort=code&sort=agency",
            "sort=agency&sort=code",
            "q=a&q=b",
            "q=a;q=b",
            "q=%61",
            "q=a%26q=b",
            "q=" + "a" * 5_000,
            "&".join(f"x{number}=1" for number in range(400)),
        )
        for query in queries:
            Answered(front, f"/commitments/?{query}")
        for query in queries:
            address = f"/commitments/?{query}"
            wanted, found = Answered(bare, address), Answered(front, address)
            assert (found.status, found.body) == (wanted.status, wanted.body), query[:40]
