"""Two reviewers who decide on one record in the same moment, each with an own connection."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from commitments.actions.reviewing import approve, send_back, submit
from commitments.models import Observation
from tests.factories import (
    make_commitment,
    make_observation,
    make_staff,
    make_target,
    make_user,
)

NOTE = "请核对。"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["publishes", "returns"])
def test_one_decides_and_the_other_is_told(second):
    now = timezone.now()
    target = make_target(make_commitment(by=make_user("loader")))
    editor = make_staff("editor", target.commitment.lead_agency, username="wang")
    figure = make_observation(
        target.indicator, 2023, published=False, by=editor, published_on=dt.date(2024, 3, 1)
    )
    submit([figure], by=editor, at=now)
    people = [make_staff("reviewer", username=name) for name in ("li", "sun")]
    start, outcomes = Barrier(2), []

    def decide(person, returns):
        try:
            mine = Observation.objects.get(pk=figure.pk)
            start.wait(timeout=20)
            if returns:
                outcomes.extend(send_back([mine], by=person, at=now, note=NOTE))
            else:
                outcomes.extend(approve([mine], by=person, at=now))
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=(person, second == "returns" and place == 1))
        for place, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcome.is_done for outcome in outcomes) == [False, True]
    figure.refresh_from_db()
    assert figure.state in ("published", "returned")
    [told] = [str(each.refused) for each in outcomes if not each.is_done]
    assert "已经公开" in told or "已退回" in told
