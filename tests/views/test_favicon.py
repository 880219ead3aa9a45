import pytest


@pytest.mark.django_db
def test_a_browser_finds_the_icon_on_public_and_staff_pages_alike(client):
    icon = client.get("/favicon.ico", follow=True)
    assert icon.status_code == 200
    assert b"".join(icon).startswith(b"\0\0\1\0")
    for address in ("/", "/en/admin/login/", "/embed/plans/none/"):
        assert 'rel="icon"' in client.get(address).content.decode()
