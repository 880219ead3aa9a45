from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, SimpleTestCase, override_settings
from django.urls import path

from tracker import urls


def broken(request):
    raise ZeroDivisionError


def forbidden(request):
    raise PermissionDenied


def suspicious(request):
    raise SuspiciousOperation


# The site's own addresses and handlers, and an address for each way of failing.
urlpatterns = [
    *(
        path(f"{prefix}{view.__name__}", view)
        for prefix in ("", "en/")
        for view in (broken, forbidden, suspicious)
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
