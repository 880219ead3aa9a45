import gzip

import pytest

from tests.factories import make_commitments
from tracker.middleware import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/login/", 200),
        ("/en/admin/login/", 200),
        ("/static/admin/css/base.css", 200),
        ("/no-such-page/", 404),
        ("/en/no-such-page/", 404),
    ],
)
def test_every_answer_carries_the_strict_headers(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_redirect_to_https_carries_them_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/admin/login/")
    assert (response.status_code, response["Location"]) == (
        301,
        "https://testserver/admin/login/",
    )
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/admin/login/", "zh-hans"),
        ("/en/admin/login/", "en"),
        ("/no-such-page/", "zh-hans"),
        ("/en/no-such-page/", "en"),
        ("/fr/admin/login/", "zh-hans"),
    ],
)
@pytest.mark.parametrize("wanted", ["en", "zh-Hans", "fr", "*;q=0"])
def test_the_path_alone_decides_the_language(client, path, language, wanted):
    client.cookies["django_language"] = wanted
    response = client.get(path, headers={"accept-language": wanted})
    assert response["Content-Language"] == language
    assert "Accept-Language" not in response.get("Vary", "")


def test_the_admin_speaks_the_language_of_its_path(client):
    assert 'lang="zh-hans"' in client.get("/admin/login/").content.decode()
    assert 'lang="en"' in client.get("/en/admin/login/").content.decode()


@pytest.mark.parametrize("path", ["/", "/commitments.csv"])
def test_pages_and_files_are_sent_compressed_to_those_who_can_read_it(client, path):
    make_commitments(100)
    plain = client.get(path)
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    sent, read = b"".join(packed), b"".join(plain)
    assert len(sent) < len(read) / 3
    assert gzip.decompress(sent) == read


@pytest.mark.parametrize("accepted", ["gzip;q=0", "br, gzip; q=0.0", "identity", "gzipped"])
def test_nothing_is_compressed_for_who_does_not_take_it(client, accepted):
    page = client.get("/en/nowhere/", headers={"accept-encoding": accepted})
    assert "Content-Encoding" not in page
    assert page["Vary"] == "Accept-Encoding"
