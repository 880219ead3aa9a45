"""Who finds a weakness finds whom to tell, where RFC 9116 says."""

import datetime as dt
import os
import subprocess
import sys

from django.utils import timezone

ADDRESS = "/.well-known/security.txt"


def test_says_whom_to_tell_until_when(client, settings, db):
    settings.SECURITY_CONTACT = ["mailto:security@city.example", "https://city.example/report"]
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    told = [tuple(line.split(": ", 1)) for line in lines]
    expires = dt.datetime.fromisoformat(dict(told)["Expires"])
    assert dt.timedelta(days=30) < expires - timezone.now() < dt.timedelta(days=365)
    assert [each for each in told if each[0] != "Expires"] == [
        ("Contact", "mailto:security@city.example"),
        ("Contact", "https://city.example/report"),
        ("Preferred-Languages", "zh, en"),
        ("Canonical", f"http://testserver{ADDRESS}"),
    ]


def test_is_not_there_where_nobody_is_named(client, db):
    assert client.get(ADDRESS).status_code == 404


def test_a_contact_that_is_no_address_is_refused_at_the_start():
    given = os.environ | {"SECURITY_CONTACT": "the office", "SECRET_KEY": "x1y2z" * 12}
    done = subprocess.run(
        [sys.executable, "-c", "import tracker.settings"], env=given, capture_output=True, text=True
    )
    assert "SECURITY_CONTACT must begin with" in done.stderr
