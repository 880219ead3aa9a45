"""Publishing: what it shows, what it replaces, what it refuses, and what it says came of it."""

import datetime as dt

import pytest
from django.utils import translation

from commitments.actions.publishing import (
    AlreadyPublished,
    NotPublishable,
    StatusChange,
    open_plan,
    publish,
    publish_together,
    revise,
)
from commitments.domain.periods import Period
from commitments.domain.status import Status
from commitments.models import Assessment, Commitment, Observation, Target
from commitments.models.workflow import State
from tests.factories import (
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_update,
    make_user,
    moment,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 6, 1)
NOW = moment(TODAY)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def promise(**fields):
    """350 by 2025 from 200 in 2020: 270 in 2023 is behind, 295 is on pace."""
    return make_target(baseline_period="2020", baseline_value=200, **fields)


def put(record, at=NOW):
    return publish(record, by=make_user("reviewer"), at=at)


def drafted(indicator, value, period=2023, **fields):
    return make_observation(
        indicator, period, value, published=False, **({"published_on": TODAY} | fields)
    )


def standing(commitment, on=TODAY):
    return Assessment.objects.get(commitment=commitment, starts_on__lte=on, ends_on__gt=on).status


def test_says_what_the_status_was_and_is():
    target = promise()
    figure = drafted(target.indicator, 270)
    done = put(figure)
    assert done.records == [figure]
    assert done.replaced == []
    assert done.statuses == [StatusChange(target.commitment, Status.NO_DATA, Status.BEHIND)]
    assert standing(target.commitment) == "behind"
    assert (figure.state, figure.published_by.username) == (State.PUBLISHED, "reviewer")


def test_a_correction_replaces_the_live_row_and_keeps_it():
    target = promise()
    old = drafted(target.indicator, 270)
    put(old)
    new = drafted(target.indicator, 295)
    new.created_at = NOW
    new.save()
    done = put(new)
    old.refresh_from_db()
    assert [(row.pk, row.replaced_by) for row in done.replaced] == [(old.pk, new)]
    assert (old.value, old.superseded_at, old.replaced_by) == (270, NOW, new)
    assert [(c.before, c.after) for c in done.statuses] == [(Status.BEHIND, Status.ON_TRACK)]


def test_a_draft_begun_before_another_was_published_does_not_replace_it():
    target = promise()
    mine, theirs = drafted(target.indicator, 270), drafted(target.indicator, 295)
    put(theirs, at=NOW + dt.timedelta(hours=1))
    with pytest.raises(NotPublishable, match="was published after this draft was begun"):
        put(mine, at=NOW + dt.timedelta(hours=2))
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.superseded_at, mine.state) == (None, State.DRAFT)
    assert standing(target.commitment) == "on_track"


def test_a_figure_moved_to_another_period_replaces_only_what_it_corrects():
    target = promise()
    wrong, there = drafted(target.indicator, 270), drafted(target.indicator, 260, 2022)
    put(wrong)
    put(there)
    moved = drafted(target.indicator, 270, 2022, corrects=wrong)
    moved.created_at = NOW
    moved.save()
    with pytest.raises(NotPublishable, match="there is a published figure for this period"):
        put(moved)
    moved.period = Period(2021)
    moved.save()
    assert put(moved).replaced == [wrong]
    assert {str(row.period) for row in Observation.objects.live()} == {"2021", "2022"}


def test_of_two_corrections_of_one_figure_the_second_is_overtaken():
    target = promise()
    wrong = drafted(target.indicator, 270)
    put(wrong)
    first, second = (
        drafted(target.indicator, 270, period, corrects=wrong) for period in (2021, 2022)
    )
    Observation.objects.filter(corrects=wrong).update(created_at=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    put(first, at=NOW + dt.timedelta(hours=1))
    with pytest.raises(NotPublishable, match="was published after this draft was begun"):
        put(second, at=NOW + dt.timedelta(hours=2))


def test_publishing_twice_does_nothing_the_second_time():
    figure = drafted(make_indicator(), 270)
    put(figure)
    with pytest.raises(AlreadyPublished):
        put(figure, at=NOW + dt.timedelta(days=1))
    figure.refresh_from_db()
    assert figure.published_at == NOW


def test_a_stale_copy_of_a_published_row_is_refused_too():
    figure = drafted(make_indicator(), 270)
    stale = Observation.objects.get(pk=figure.pk)
    put(figure)
    with pytest.raises(AlreadyPublished):
        put(stale)


def test_nothing_is_published_before_its_source():
    figure = drafted(make_indicator(), 270, published_on=dt.date(2024, 6, 2))
    with pytest.raises(NotPublishable, match="2024-06-02"):
        put(figure)
    assert not Observation.objects.published().exists()


@pytest.mark.parametrize("make", [make_target, make_milestone, make_update])
def test_nothing_is_published_before_its_commitment(make):
    part = make(make_commitment(published=False), published=False)
    with pytest.raises(NotPublishable, match="Publish the commitment ZZ-001 first"):
        put(part)


def test_an_amendment_waits_for_its_original():
    commitment = make_commitment()
    original = make_target(commitment, published=False)
    amendment = make_target(commitment, published=False, amends=original, reason_zh="新文件")
    with pytest.raises(NotPublishable, match=original.code):
        put(amendment)


def test_a_code_of_another_commitment_is_not_taken_over():
    original = make_target(make_commitment())
    thief = make_target(make_commitment(), published=False, code=original.code)
    with pytest.raises(NotPublishable, match="belongs to another commitment"):
        put(thief)
    assert Target.objects.live().get(code=original.code) == original


def test_a_misquoted_commitment_stays_a_draft():
    commitment = make_commitment(published=False, quote="到2035年")
    with pytest.raises(NotPublishable, match="到2025年"):
        put(commitment)
    assert not Commitment.objects.published().exists()


def test_an_update_changes_no_status():
    target = promise()
    done = put(make_update(target.commitment, published=False))
    assert done.statuses == []


def test_records_go_out_together_or_not_at_all():
    commitment = make_commitment(published=False)
    make_target(make_commitment(), code="taken")
    parts = [make_target(commitment, published=False, code=code) for code in ("free", "taken")]
    with pytest.raises(NotPublishable):
        publish_together([commitment, *parts], by=make_user(), at=NOW)
    assert not Commitment.objects.published().filter(pk=commitment.pk).exists()
    assert not Target.objects.published().filter(commitment=commitment).exists()
    done = publish_together([commitment, parts[0]], by=make_user(), at=NOW)
    assert done.statuses == [StatusChange(commitment, None, Status.NO_DATA)]


def test_a_plan_that_is_not_open_has_no_statuses_until_it_opens():
    plan = make_plan(opened_on=None)
    commitment = make_commitment(plan=plan, source=make_source(plan))
    done = put(make_target(commitment, published=False))
    assert done.statuses == [StatusChange(commitment, None, None)]
    assert not Assessment.objects.exists()
    open_plan(plan, by=make_user(), at=NOW)
    assert standing(commitment) == "no_data"
    with pytest.raises(AlreadyPublished):
        open_plan(plan, by=make_user(), at=NOW)


def test_a_withdrawal_is_judged_when_it_is_saved():
    commitment = promise().commitment
    commitment.withdrawn_on, commitment.withdrawn_document_zh = TODAY, "撤销文件"
    changes = revise(commitment, at=NOW)
    assert changes == [StatusChange(commitment, Status.NO_DATA, Status.WITHDRAWN)]
    assert standing(commitment) == "withdrawn"


def test_an_indicator_is_judged_again_by_its_new_reporting_unit():
    target = promise()
    put(drafted(target.indicator, 190))
    assert standing(target.commitment) == "reversing"
    target.indicator.reporting_unit = 20
    [change] = revise(target.indicator, at=NOW)
    assert (change.before, change.after) == (Status.REVERSING, Status.OFF_TRACK)


def test_saving_what_changes_nothing_says_nothing():
    commitment = promise().commitment
    commitment.title_en = "Another title"
    assert revise(commitment, at=NOW) == []
