"""What each role sees and may write: the rows, record by record."""

import pytest

from commitments.access import EVERYTHING, Access
from commitments.models import (
    Agency,
    Appointment,
    Assessment,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    Plan,
    Target,
    Update,
)
from tests.factories import (
    make_agency,
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_staff,
    make_target,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


class World:
    """Two agencies' promises: one leads and the other supports the first, the second is alone."""

    def __init__(self):
        self.ours, self.theirs = make_agency(), make_agency()
        self.led = make_commitment(lead_agency=self.ours, supporting=[self.theirs])
        self.other = make_commitment(lead_agency=self.theirs)
        for commitment in (self.led, self.other):
            target = make_target(commitment)
            make_observation(target.indicator, published=False)
            make_milestone(commitment, published=False)
            make_update(commitment, published=False)


@pytest.fixture
def world():
    return World()


def seen(user, model):
    return [*Access.of(user).visible(model.objects.order_by("pk"))]


def test_an_editor_sees_what_their_agency_leads_and_nothing_else(world):
    editor = make_staff("editor", world.ours)
    assert seen(editor, Commitment) == [world.led]
    for model in (Target, Milestone, Update):
        assert seen(editor, model) == [*model.objects.filter(commitment=world.led)]
    assert seen(editor, Indicator) == [world.led.targets.get().indicator]
    assert seen(editor, Observation) == [*world.led.targets.get().indicator.observations.all()]
    assert {row.commitment for row in seen(editor, Assessment)} == {world.led}


def test_supporting_counts_only_where_the_role_says_so(world):
    assert seen(make_staff("editor", world.theirs), Commitment) == [world.other]
    both = make_staff("editor", world.theirs, covers="lead_or_support", username="both")
    assert seen(both, Commitment) == [world.led, world.other]


def test_another_agencys_words_are_seen_once_they_are_public(world):
    editor = make_staff("editor", world.theirs, covers="lead_or_support")
    assert seen(editor, Update) == [*Update.objects.filter(commitment=world.other)]
    said = make_update(world.led)
    assert said in seen(editor, Update)
    assert not Access.of(editor).writes(said)


def test_a_figure_belongs_to_all_whose_promises_it_tests(world):
    shared = world.led.targets.get().indicator
    editor = make_staff("editor", world.theirs)
    draft = shared.observations.get()
    assert not Access.of(editor).may_change(draft)
    make_target(world.other, indicator=shared)
    assert Access.of(editor).may_change(draft)
    assert shared in seen(editor, Indicator)


def test_a_draft_of_a_test_opens_no_figures(world):
    shared = world.led.targets.get().indicator
    make_target(world.other, indicator=shared, published=False)
    editor = make_staff("editor", world.theirs)
    assert not Access.of(editor).may_change(shared.observations.get())
    assert shared not in seen(editor, Indicator)


def test_the_figure_compared_with_is_part_of_the_test(world):
    nation = make_indicator()
    make_target(
        world.led,
        kind="above_comparator",
        comparator_indicator=nation,
        first_period="2022",
    )
    assert nation in seen(make_staff("editor", world.ours), Indicator)


def test_two_appointments_add_up(world):
    editor = make_staff("editor", world.ours)
    more = Appointment.objects.create(user=editor, role="editor", covers="lead")
    more.agencies.add(world.theirs)
    assert seen(editor, Commitment) == [world.led, world.other]


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_the_other_roles_read_everything_and_write_no_record(world, role):
    person = make_staff(role)
    for model in EVERYTHING:
        assert seen(person, model) == [*model.objects.order_by("pk")]
    for model in (Observation, Update, Target):
        assert not Access.of(person).may_add(model)
        assert not Access.of(person).may_change(model.objects.unpublished().first() or model())


def test_an_administrator_alone_keeps_what_promises_refer_to(world):
    for role in ("editor", "reviewer", "auditor"):
        assert not Access.of(make_staff(role)).may_add(Plan)
        assert not Access.of(make_user(role)).may_change(world.ours)
    administrator = make_staff("administrator")
    assert Access.of(administrator).may_add(Plan)
    assert Access.of(administrator).may_change(world.ours)


@pytest.mark.parametrize("fields", [{"is_active": False}, {}])
def test_without_a_role_or_an_active_account_there_is_nothing(world, fields):
    person = make_user("nobody", is_staff=True, **fields)
    if fields:
        Appointment.objects.create(user=person, role="auditor")
    for model in EVERYTHING:
        assert seen(person, model) == []
    assert not person.has_perm("commitments.view_commitment")
    assert not person.has_module_perms("commitments")


def test_an_editor_without_an_agency_sees_no_promise(world):
    assert seen(make_staff("editor"), Commitment) == []
    assert seen(make_user("editor"), Agency) == [*Agency.objects.order_by("pk")]


def test_permissions_are_those_of_the_roles_and_no_others(world):
    editor, auditor = make_staff("editor", world.ours), make_staff("auditor")
    assert editor.has_perm("commitments.add_observation")
    assert not editor.has_perm("commitments.change_plan")
    assert not editor.has_perm("auth.view_user")
    assert auditor.has_perm("auth.view_user")
    assert not any("view_" not in name for name in auditor.get_all_permissions())


def test_a_superuser_has_every_role(world):
    boss = Access.of(make_user("boss", is_superuser=True))
    assert boss.is_editor
    assert boss.is_reviewer
    assert boss.may_administer
    assert boss.may_change(Update.objects.first())
