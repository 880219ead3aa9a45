"""The description of the API is true: by its examples, and by what is thrown at it."""

import datetime as dt

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from commitments.api import limits
from tests.factories import (
    make_amendment,
    make_commitment,
    make_issued_report,
    make_milestone,
    make_observation,
    make_passage,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
PATH = "/en/api/v1/openapi.json"


@pytest.fixture
def register():
    """One row or more in every table."""
    commitment = make_commitment(due_year=2025)
    target = make_target(commitment, baseline_period=2020, baseline_value=200)
    for period, value in ((2022, 280), (2022, 282), (2023, 310)):
        make_observation(target.indicator, period, value)
    make_milestone(commitment, done_on=dt.date(2023, 5, 5))
    make_update(commitment)
    make_amendment(commitment, published=True)
    make_passage(commitment.source, "市农业农村局")
    make_commitment(plan=commitment.plan, source=commitment.source, due_year=None)
    make_issued_report(commitment.plan, dt.date(2025, 3, 31))


@pytest.fixture
def described(register, monkeypatch):
    """Asked far more often than a reader may."""
    monkeypatch.setattr(limits.ALLOWANCE, "most", 10**9)
    # The connection is the test's, with its transaction.
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(PATH, get_wsgi_application())
    for end in ends:
        end.connect(close_old_connections)


def test_nothing_thrown_at_it_is_answered_otherwise_than_described(described, subtests):
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        )
        @given(case=operation.as_strategy())
        def ask(case):
            # That a code names nothing no schema can say: it is answered with 400 all the same.
            case.call_and_validate(
                headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
            )

        with subtests.test(operation.label):
            ask()


def test_the_examples_of_the_documentation_work(client, register):
    for prefix in ("", "/en"):
        page = client.get(f"{prefix}/api/")
        assert len(page.context["examples"]) == 7
        for _words, address in page.context["examples"]:
            answer = client.get(address.removeprefix("http://testserver"))
            assert answer.status_code == 200, address


def test_the_page_tells_all_that_the_schema_has(client, register):
    document = client.get(PATH).json()
    page = client.get("/en/api/").content.decode()
    for path, operations in document["paths"].items():
        assert path.removesuffix("/").removeprefix("/") in page
        for parameter in operations["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page or parameter["in"] == "path"
    for schema_ in document["components"]["schemas"].values():
        assert schema_["type"] == "object"
