from errno import ENOSPC
from io import BytesIO

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client, SimpleTestCase, override_settings
from django.urls import path

from tracker import urls


def broken(request):
    raise ZeroDivisionError


def forbidden(request):
    raise PermissionDenied


def suspicious(request):
    raise SuspiciousOperation


def full(request):
    raise OSError(ENOSPC, "No space left on device")


def unreachable(request):
    raise OperationalError("password of the database")


# The site's own addresses and handlers, and an address for each way of failing.
urlpatterns = [
    *(
        path(f"{prefix}{view.__name__}", view)
        for prefix in ("", "en/")
        for view in (broken, forbidden, full, suspicious, unreachable)
    ),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


# A SimpleTestCase refuses every query, so these pages are seen to need no database.
@override_settings(ROOT_URLCONF="tests.views.test_errors")
class TestErrors(SimpleTestCase):
    client_class = Client

    def setUp(self):
        self.client = Client(raise_request_exception=False)

    def test_each_error_is_a_page_in_the_language_of_its_address(self):
        for address, status, zh, en in (
            ("nowhere", 404, "页面不存在", "There is no such page"),
            ("broken", 500, "网站暂时无法响应", "The site could not answer"),
            ("forbidden", 403, "您无权查看此页面", "This page is not open to you"),
            ("suspicious", 400, "无法识别这个地址", "This address cannot be read"),
            ("full", 503, "文件暂时无法读取或保存", "Files cannot be read or stored at the moment"),
            (
                "unreachable",
                503,
                "系统暂时无法访问",
                "The register cannot be reached at the moment",
            ),
        ):
            for prefix, language, heading in (("/", "zh-hans", zh), ("/en/", "en", en)):
                with self.subTest(address, language=language):
                    page = self.client.get(prefix + address)
                    assert page.status_code == status
                    text = page.content.decode()
                    assert f'<html lang="{language}">' in text
                    assert f"{heading} |" in " ".join(text.split())
                    assert f'<a href="{prefix}commitments/">' in text
                    assert page.headers["Content-Language"] == language

    def test_leads_to_the_same_address_in_the_other_language(self):
        for address, other in (
            ("/nowhere?a=b&a=c", "/en/nowhere?a=b&amp;a=c"),
            ("/en/nowhere", "/nowhere"),
            ("/english", "/en/english"),
            ("/没有", "/en/%E6%B2%A1%E6%9C%89"),
            ("/a%22b", "/en/a%22b"),
        ):
            with self.subTest(address):
                self.assertContains(self.client.get(address), f'href="{other}"', status_code=404)

    def test_never_leads_to_another_host(self):
        for address in ("//evil.example/x", "/en//evil.example/x", "/\\evil.example"):
            with self.subTest(address):
                # Given as the server would: the test client reads "//" as a host.
                page = self.client.get("/", PATH_INFO=address).content.decode()
                assert "evil.example" in page
                assert 'href="//' not in page
                assert 'href="/\\' not in page

    def test_an_unknown_host_gets_a_page_too(self):
        page = self.client.get("/en/", headers={"host": "evil.example"})
        assert page.status_code == 400
        assert "This address cannot be read" in page.content.decode()
        assert "evil.example" not in page.content.decode()

    def test_a_code_that_cannot_be_one_is_not_looked_for(self):
        for code in ("a%00b", "a b", "..", "%2e%2e", "a--b", "a/b"):
            with self.subTest(code):
                assert self.client.get(f"/commitments/{code}/").status_code == 404

    def test_an_error_names_the_number_of_its_line_in_the_log(self):
        with self.assertLogs("django.request", "ERROR"):
            page = self.client.get("/en/broken")
        self.assertContains(page, page.wsgi_request.number, status_code=500)
        assert len(page.wsgi_request.number) == 16

    def test_without_a_database_a_form_comes_back_to_be_sent_again(self):
        typed = {"value": ['7"><script>'], "chosen": ["1", "2"], "_save": ["Save"]}
        page = self.client.post("/en/unreachable?kept=x", typed)
        self.assertContains(page, "nothing of it is lost", status_code=503)
        self.assertContains(
            page, '<form method="post" action="/en/unreachable?kept=x">', status_code=503
        )
        for name, value in (
            ("value", "7&quot;&gt;&lt;script&gt;"),
            ("chosen", "1"),
            ("chosen", "2"),
            ("_save", "Save"),
        ):
            hidden = f'<input type="hidden" name="{name}" value="{value}">'
            self.assertContains(page, hidden, count=1, status_code=503)
        assert (page["Retry-After"], page["Cache-Control"]) == ("30", "private, no-store")
        self.assertNotContains(page, "password of the database", status_code=503)

    def test_files_that_cannot_come_back_are_named(self):
        page = self.client.post("/en/unreachable", {"value": "7", "file": BytesIO(b"x")})
        self.assertContains(page, "Files do not come along", status_code=503)

    def test_a_password_is_never_sent_back(self):
        page = self.client.post("/en/unreachable", {"username": "li", "password": "opensesame"})
        self.assertContains(page, "load this page again", status_code=503)
        self.assertNotContains(page, "opensesame", status_code=503)
