"""A full disk takes nothing more, and loses nothing: SQLite says so at a size that can be set."""

import re
from html import unescape

import pytest
from django.db import connection

from commitments.models import Entry, Theme
from tests.factories import make_commitment, make_user

ADD = "/en/admin/commitments/theme/add/"
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def set_most_pages(count=None):
    """Let the database grow no more than it has, or freely again."""
    with connection.cursor() as cursor:
        if count is None:
            cursor.execute("PRAGMA page_count")
            (count,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {count}")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite can be told its size")
@pytest.mark.django_db(transaction=True)
def test_a_form_comes_back_and_can_be_sent_when_there_is_room(client):
    make_commitment()
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    client.raise_request_exception = False
    set_most_pages()
    try:
        for number in range(200):
            typed = {"code": f"t-{number}", "name_zh": "领域", "name_en": "Theme " * 30}
            page = client.post(ADD, typed)
            if page.status_code != 302:
                break
        text = page.content.decode()
        assert page.status_code == 503
        assert "nothing of it is lost" in text
        given_back = {name: unescape(value) for name, value in FIELD.findall(text)}
        assert given_back == typed
        # All that was acknowledged, with its history, and nothing of the last one.
        held = Theme.objects.filter(code__startswith="t-").values_list("code", flat=True)
        told = Entry.objects.filter(kind="commitments.theme", name__startswith="t-")
        assert sorted(held) == sorted(f"t-{each}" for each in range(number))
        assert sorted(told.values_list("name", flat=True)) == sorted(held)
        assert client.get("/en/commitments/").status_code == 200
    finally:
        set_most_pages(2**31)
    assert client.post(ADD, given_back).status_code == 302
    assert Theme.objects.filter(code=typed["code"]).exists()
