"""What deploy/postgresql/roles.sql keeps from the role that only reads, no public page needs."""

import re
from pathlib import Path

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.security.walk import make_register
from tests.views.test_leaks import ADDRESSES, at

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "postgresql" / "roles.sql"


def kept_back():
    told = ROLES.read_text(encoding="utf-8").partition("REVOKE SELECT")[2]
    return re.findall(r"\('(\w+)'\)", told)


class Reading(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_register()

    def test_no_public_address_reads_what_lets_somebody_log_in(self):
        tables = kept_back()
        assert {*tables} <= {*connection.introspection.table_names()}
        assert "auth_user" in tables
        for name, (each, _queries) in ADDRESSES.items():
            address = at(name, **each[0])[0]
            with self.subTest(address), CaptureQueriesContext(connection) as asked:
                answer = self.client.get(address)
                b"".join(answer) if answer.streaming else answer.content
            told = " ".join(query["sql"] for query in asked)
            for table in tables:
                assert f'"{table}"' not in told, (address, table)
