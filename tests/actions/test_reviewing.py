"""Draft, review, publish: who may do which step, and what is told to whom."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from commitments.actions.drafting import NotEditable, draft, edit
from commitments.actions.reviewing import approve, send_back, submit, take_back
from commitments.domain.status import Status
from commitments.models import Observation
from commitments.models.workflow import State
from tests.factories import (
    make_agency,
    make_commitment,
    make_milestone,
    make_observation,
    make_staff,
    make_target,
    make_update,
    make_user,
    moment,
)

pytestmark = pytest.mark.django_db

NOW = moment(dt.date(2024, 6, 1))
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def target(agency):
    """350 by 2025 from 200 in 2020: 270 in 2023 is behind."""
    commitment = make_commitment(lead_agency=agency, by=make_user("loader"))
    return make_target(commitment, baseline_period="2020", baseline_value=200)


@pytest.fixture
def editor(agency):
    return make_staff("editor", agency, username="wang")


@pytest.fixture
def reviewer():
    return make_staff("reviewer", username="li")


@pytest.fixture
def figure(target, editor):
    return make_observation(target.indicator, 2023, 270, published=False, by=editor)


def refusal(outcomes):
    [outcome] = outcomes
    return str(outcome.refused)


def waiting(record, by):
    assert all(outcome.is_done for outcome in submit([record], by=by, at=NOW))
    return record


def test_a_draft_is_submitted_and_published_by_another(figure, editor, reviewer):
    [outcome] = submit([figure], by=editor, at=NOW)
    assert outcome.is_done
    assert (figure.state, figure.submitted_by, figure.submitted_at) == (
        State.IN_REVIEW,
        editor,
        NOW,
    )
    [outcome] = approve([figure], by=reviewer, at=LATER)
    figure.refresh_from_db()
    assert (figure.state, figure.published_by) == (State.PUBLISHED, reviewer)
    [change] = outcome.published.statuses
    assert (change.before, change.after) == (Status.NO_DATA, Status.BEHIND)


def test_a_draft_is_not_published_before_it_is_submitted(figure, reviewer):
    assert "its state is now “draft”" in refusal(approve([figure], by=reviewer, at=NOW))
    assert not Observation.objects.published().exists()


@pytest.mark.parametrize("hand", ["created_by", "changed_by", "submitted_by"])
def test_nobody_publishes_or_returns_what_their_hand_was_in(figure, editor, hand):
    boss = make_user("boss", is_superuser=True)
    waiting(figure, editor)
    Observation.objects.update(**{hand: boss, "changed_at": NOW, "changed_by": boss})
    said = "is your own work. Another reviewer decides on it."
    assert said in refusal(approve([figure], by=boss, at=NOW))
    assert said in refusal(send_back([figure], by=boss, at=NOW, note="why"))
    figure.refresh_from_db()
    assert figure.state == State.IN_REVIEW


def test_the_database_refuses_one_person_in_both_roles(figure, editor):
    waiting(figure, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.update(state=State.PUBLISHED, published_at=NOW, published_by=editor)


@pytest.mark.parametrize("role", ["editor", "administrator", "auditor"])
def test_only_a_reviewer_publishes_or_returns(figure, editor, agency, role):
    waiting(figure, editor)
    other = make_staff(role, agency, username="zhao")
    assert "you may not review" in refusal(approve([figure], by=other, at=NOW))
    assert "you may not review" in refusal(send_back([figure], by=other, at=NOW, note="x"))


def test_an_editor_submits_only_for_their_own_agencies(figure):
    stranger = make_staff("editor", make_agency(), username="zhou")
    assert "you may not submit this" in refusal(submit([figure], by=stranger, at=NOW))
    figure.refresh_from_db()
    assert figure.state == State.DRAFT


def test_what_came_back_says_why_and_goes_on_from_there(figure, editor, reviewer):
    waiting(figure, editor)
    [outcome] = send_back([figure], by=reviewer, at=NOW, note="请附来源页码")
    assert outcome.is_done
    figure.refresh_from_db()
    assert (figure.state, figure.return_note, figure.returned_by) == (
        State.RETURNED,
        "请附来源页码",
        reviewer,
    )
    figure.value = 271
    edit(figure, by=editor, at=LATER)
    waiting(figure, editor)
    assert approve([figure], by=reviewer, at=LATER)[0].is_done
    assert Observation.objects.live().get().value == 271


def test_the_second_of_two_reviewers_is_told(figure, editor, reviewer):
    other = make_staff("reviewer", username="sun")
    stale = Observation.objects.get(pk=waiting(figure, editor).pk)
    approve([figure], by=reviewer, at=LATER)
    assert "is published already" in refusal(approve([stale], by=other, at=LATER))
    assert "is published already" in refusal(send_back([stale], by=other, at=LATER, note="x"))
    figure.refresh_from_db()
    assert (figure.published_by, figure.returned_by) == (reviewer, None)


def test_what_was_returned_meanwhile_is_not_published(figure, editor, reviewer):
    waiting(figure, editor)
    send_back([figure], by=reviewer, at=NOW, note="x")
    assert "its state is now “returned”" in refusal(approve([figure], by=reviewer, at=LATER))


def test_one_refusal_loses_nothing_of_the_others(figure, target, editor, reviewer):
    early = make_observation(
        target.indicator, 2024, 300, published=False, by=editor, published_on=dt.date(2025, 3, 1)
    )
    outcomes = submit([early, figure], by=editor, at=NOW)
    assert all(outcome.is_done for outcome in outcomes)
    outcomes = approve([early, figure], by=reviewer, at=NOW)
    assert [outcome.is_done for outcome in outcomes] == [False, True]
    assert "which has not come yet" in str(outcomes[0].refused)
    early.refresh_from_db()
    assert early.state == State.IN_REVIEW


def test_a_commitment_goes_with_its_parts(agency, editor, reviewer):
    commitment = make_commitment(lead_agency=agency, published=False, by=editor)
    target = make_target(commitment, published=False, by=editor)
    amendment = make_target(
        commitment, published=False, amends=target, reason_zh="新文件", by=editor
    )
    milestone = make_milestone(commitment, published=False, by=editor)
    waiting(commitment, editor)
    target.refresh_from_db()
    assert target.state == State.IN_REVIEW
    left = make_update(commitment, published=False, by=editor)
    [outcome] = approve([commitment], by=reviewer, at=NOW)
    assert outcome.published.records == [commitment, target, amendment, milestone]
    left.refresh_from_db()
    assert left.state == State.DRAFT


def test_of_a_published_commitment_the_new_parts_are_submitted(target, editor, reviewer):
    commitment = target.commitment
    news = make_update(commitment, published=False, by=editor)
    assert submit([commitment], by=editor, at=NOW)[0].is_done
    assert approve([commitment], by=reviewer, at=NOW)[0].published.records == [news]
    assert "is published already" in refusal(submit([commitment], by=editor, at=NOW))


def test_an_editor_takes_back_what_waits(figure, editor, reviewer):
    waiting(figure, editor)
    stranger = make_staff("editor", make_agency(), username="zhou")
    assert "is not yours" in refusal(take_back([figure], by=stranger, at=NOW))
    assert "is not yours" in refusal(take_back([figure], by=reviewer, at=NOW))
    assert take_back([figure], by=editor, at=NOW)[0].is_done
    figure.refresh_from_db()
    assert (figure.state, figure.submitted_by) == (State.DRAFT, None)


def test_what_waits_or_is_public_is_not_edited(figure, editor, reviewer):
    mine = Observation.objects.get(pk=figure.pk)
    waiting(figure, editor)
    mine.value = 999
    with pytest.raises(NotEditable, match="no longer a draft"):
        edit(mine, by=editor, at=LATER)
    approve([figure], by=reviewer, at=LATER)
    with pytest.raises(NotEditable, match="no longer a draft"):
        edit(mine, by=editor, at=LATER)
    figure.refresh_from_db()
    assert (figure.value, figure.state) == (270, State.PUBLISHED)


def test_nothing_is_entered_for_another_agency(figure, target):
    stranger = make_staff("editor", make_agency(), username="zhou")
    figure.pk = None
    with pytest.raises(NotEditable, match="not for your agency"):
        draft(figure, by=stranger, at=NOW)
    with pytest.raises(NotEditable, match="not for your agency"):
        edit(Observation.objects.get(), by=stranger, at=NOW)


def test_a_record_cannot_be_moved_to_another_agency(agency, editor):
    commitment = make_commitment(lead_agency=agency, published=False)
    milestone = make_milestone(commitment, published=False, by=editor)
    milestone.commitment = make_commitment(lead_agency=make_agency(), published=False)
    with pytest.raises(NotEditable, match="not for your agency"):
        edit(milestone, by=editor, at=NOW)
