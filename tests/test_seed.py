"""The two plans that come with the register: Zhuzhou's promises, and the fictional example."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import timezone

from commitments.actions.loading import load_plan
from commitments.domain.assessment import assess_target
from commitments.domain.kinds import Kind
from commitments.domain.outlook import Word, outlook
from commitments.domain.status import Flag, Status
from commitments.facts import dossiers
from commitments.importing.plan_files import read_plan_files
from commitments.management.commands.load_plan import loader
from commitments.models import (
    Agency,
    Assessment,
    Commitment,
    Observation,
    Target,
    UntrackedPassage,
    Update,
)

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent.parent / "commitments" / "data"
# The example's story is told up to this day; on later days time alone moves it on.
TODAY = dt.date(2026, 11, 23)
NOON = timezone.make_aware(dt.datetime(2026, 11, 23, 12))


def load(folder):
    return load_plan(read_plan_files(DATA / folder), by=loader(), at=NOON).plan


def shown(plan, on=TODAY):
    return Commitment.objects.shown_on(on).filter(plan=plan).with_standing()


def test_zhuzhou_has_every_core_and_qualitative_promise():
    plan = load("zhuzhou-2021")
    found = shown(plan)
    tested = [commitment.code for commitment in found if commitment.standing.target_id]
    assert (len(found), len(tested), Target.objects.live().count()) == (61, 11, 13)
    assert Counter(c.standing.status for c in found) == {
        "not_assessable": 50,
        "awaiting_result": 9,
        "met_early": 1,
        "no_data": 1,
    }


def test_zhuzhous_tests_have_their_numbers_owners_and_years():
    load("zhuzhou-2021")
    told = {
        t.code: (t.kind, t.value, t.commitment.lead_agency.name_zh, str(t.due_period), t.due_basis)
        for t in Target.objects.live().select_related("commitment__lead_agency")
    }
    air, farms = "株洲市生态环境局", "株洲市农业农村局"
    water = ("class_at_or_better", Decimal(2), air, "2026", "implied")
    assert told == {
        "ZZ-028.1": ("composite", None, air, "2026", "implied"),
        "ZZ-029.1": water,
        "ZZ-029.2": water,
        "ZZ-029.3": water,
        "ZZ-052.1": ("at_least", Decimal(350), farms, "2025", "stated"),
        "ZZ-053.1": ("at_least", Decimal(7500), farms, "2025", "stated"),
        "ZZ-054.1": ("at_least", Decimal(6000), farms, "2025", "stated"),
        "ZZ-065.1": ("zero", Decimal(0), farms, "2025", "stated"),
        "ZZ-066.1": ("at_least", Decimal("18.5"), farms, "2025", "stated"),
        "ZZ-067.1": ("above_comparator", None, farms, "2025", "stated"),
        "ZZ-068.1": ("ratio", Decimal("1.8"), farms, "2025", "stated"),
        "ZZ-070.1": ("coverage", Decimal(100), farms, "2025", "stated"),
        "ZZ-071.1": ("at_least", Decimal(100), farms, "2025", "stated"),
    }


def test_what_was_read_and_not_listed_says_why():
    load("zhuzhou-2021")
    found = {each.code: each.reason for each in UntrackedPassage.objects.all()}
    ambiguous = {f"ZZ-{number:03d}": "looks_back" for number in range(1, 8)}
    assert found.items() >= (ambiguous | {"ZZ-022": "cut_off"}).items()
    sections = UntrackedPassage.objects.filter(covers="section")
    assert [each.reason for each in sections] == ["other_report"] * 4


def test_every_quote_is_in_its_source_and_every_figure_has_one():
    for folder in ("zhuzhou-2021", "xulan-example"):
        load(folder)
    for commitment in Commitment.objects.select_related("source"):
        commitment.check_quote()
    assert not Observation.objects.filter(source_zh="").exists()


def test_the_commission_whose_page_is_missing_is_listed_and_says_why():
    plan = load("zhuzhou-2021")
    [agency] = Agency.objects.filter(plans=plan, led_commitments=None)
    assert agency.name_zh == "株洲市发展和改革委员会"
    assert agency.note_zh
    assert agency.note_en


def test_where_sources_disagree_the_river_says_so():
    plan = load("zhuzhou-2021")
    [dossier] = dossiers(shown(plan).filter(code="ZZ-029"))
    flags = {
        facts.row.code: assess_target(facts.target, facts.observations, as_of=TODAY).flags
        for facts in dossier.on(TODAY).originals
    }
    assert [Flag.CONFLICT in found for found in flags.values()] == [False, False, True]


def test_the_fictional_plan_shows_every_kind_status_and_flag():
    plan = load("xulan-example")
    assert plan.is_fictional
    standing = [commitment.standing for commitment in shown(plan)]
    assert {row.status for row in standing} == {status.value for status in Status}
    assert {row.kind for row in standing} == {kind.value for kind in Kind}
    assert {flag for row in standing for flag in row.flags} == {flag.value for flag in Flag}


def test_the_fictional_plan_shows_every_word_of_the_outlook():
    plan = load("xulan-example")
    words = {
        found.word
        for dossier in dossiers(shown(plan))
        for facts in dossier.on(TODAY).originals
        if (found := outlook(facts.target, facts.observations, as_of=TODAY))
    }
    assert words == set(Word)


def test_every_source_of_the_fictional_plan_says_that_it_is_invented():
    plan = load("xulan-example")
    assert "虚构" in plan.title_zh
    assert "fictional" in plan.title_en.lower()
    assert all("虚构" in source.title_zh for source in plan.sources.all())
    assert all("虚构" in row.source_zh for row in Observation.objects.all())


def test_the_assessments_of_a_commitment_never_overlap():
    load("xulan-example")
    rows = list(Assessment.objects.order_by("commitment", "starts_on"))
    for before, after in pairwise(rows):
        if before.commitment_id == after.commitment_id:
            assert before.ends_on <= after.starts_on


def test_the_example_shows_an_agencys_words_from_the_day_it_said_them():
    load("xulan-example")
    found = Update.objects.values_list("dated_on", "published_at")
    assert len(found) > 0
    assert all(said == timezone.localtime(shown).date() for said, shown in found)
