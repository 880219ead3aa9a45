"""The revision number rises with every change of something public, however it is written."""

import datetime as dt
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import TestCase

from commitments.actions.publishing import publish
from commitments.models import (
    Agency,
    Amendment,
    Commitment,
    ErrorReport,
    Observation,
    Plan,
    Revision,
    Theme,
    Update,
)
from commitments.models.append_only import removal
from commitments.models.raising import NOTES, PRIVATE, SEEN, public_models
from tests.factories import (
    make_amendment,
    make_commitment,
    make_error_report,
    make_evidence,
    make_indicator,
    make_issued_report,
    make_milestone,
    make_observation,
    make_passage,
    make_plan,
    make_sheet_import,
    make_staff,
    make_target,
    make_theme,
    make_update,
    make_user,
    moment,
)

IS_POSTGRESQL = connection.vendor == "postgresql"


def number():
    """The number as it will be when the transaction has ended: a test's never does."""
    if IS_POSTGRESQL:
        connection.check_constraints()
    return Revision.current()


def forget():
    """Begin anew in the middle of a transaction: returns what `is_raised` compares with."""
    if IS_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {NOTES}")
    return Revision.current()


def is_raised(since):
    """Whether the transaction will have raised the number, though it can never be ended."""
    if not IS_POSTGRESQL:
        return Revision.current() > since
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {NOTES}")
        return cursor.fetchone()[0] == 1


def make_one_of_each():
    """A row in every table there is, all of them public that can be."""
    commitment = make_commitment(supporting=[make_commitment().lead_agency])
    commitment.plan.agencies.add(commitment.lead_agency)
    indicator = make_indicator()
    for field in Commitment._meta.local_many_to_many:
        made = commitment.lead_agency if field.related_model is Agency else indicator
        getattr(commitment, field.name).add(made)
    make_target(commitment, indicator=indicator)
    make_evidence(make_observation(indicator, 2023))
    make_milestone(commitment)
    make_update(commitment)
    make_amendment(commitment, published=True)
    make_passage(commitment.source, "市农业农村局")
    make_issued_report(commitment.plan, dt.date(2025, 3, 31))


class TestEveryTable(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_one_of_each()

    def test_each_way_of_writing_raises_the_number(self):
        number()
        # What the database keeps as it is could not be changed or removed otherwise.
        with connection.cursor() as cursor:
            for statement in removal(connection.vendor):
                cursor.execute(statement)
        for model in public_models():
            [row, *_rest] = model._base_manager.all() or [None]
            assert row is not None, f"make_one_of_each makes no {model.__name__}"
            same = model._base_manager.filter(pk=row.pk)
            ways = {
                "UPDATE": lambda same=same, row=row: same.update(id=row.pk),
                "DELETE": lambda same=same: same._raw_delete(same.db),
                "INSERT": lambda model=model, row=row: model._base_manager.bulk_create([row]),
            }
            assert ways.keys() == SEEN.keys()
            with transaction.atomic():
                for verb, write in ways.items():
                    since = forget()
                    write()
                    assert is_raised(since), f"{verb} of {model.__name__}"
                transaction.set_rollback(True)

    def test_a_change_undone_raises_nothing(self):
        before = number()
        with transaction.atomic():
            Theme.objects.update(name_zh="别的")
            transaction.set_rollback(True)
        assert number() == before


class TestWhatIsNotPublic(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_commitment()
        cls.editor = make_staff("editor", cls.commitment.lead_agency, username="wang")

    def test_work_on_drafts_raises_nothing(self):
        indicator = make_indicator()
        before = number()
        hidden = {"published": False, "by": self.editor}
        make_observation(indicator, 2023, **hidden)
        make_update(self.commitment, **hidden)
        make_milestone(self.commitment, **hidden)
        amendment = make_amendment(self.commitment, **hidden)
        Update.objects.update(text_zh="改一改")
        Observation.objects.update(
            state="in_review", submitted_at=moment(dt.date(2024, 3, 2)), submitted_by=self.editor
        )
        amendment.delete()
        assert number() == before

    def test_what_only_staff_see_raises_nothing(self):
        before = number()
        make_error_report(self.commitment)
        ErrorReport.objects.update(text="别的")
        make_sheet_import(self.editor)
        make_staff("auditor")
        assert number() == before

    def test_every_name_kept_private_is_a_table(self):
        from django.apps import apps

        models = apps.get_app_config("commitments").get_models(include_auto_created=True)
        assert {model.__name__ for model in models} >= PRIVATE


class TestPublishing(TestCase):
    def test_publishing_a_draft_raises_the_number(self):
        target = make_target()
        figure = make_observation(target.indicator, 2023, published=False)
        before = number()
        publish(figure, by=make_user("li"), at=moment(dt.date(2024, 3, 2)))
        assert number() > before

    def test_publishing_an_amendment_raises_the_number(self):
        amendment = make_amendment(make_commitment())
        before = number()
        publish(amendment, by=make_user("li"), at=moment(dt.date(2024, 3, 2)))
        assert Amendment.objects.get().is_published
        assert number() > before


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_do_not_wait_for_each_other_and_both_count():
    """On SQLite there is one writer at a time anyway, and the second waits as it always did."""
    if not IS_POSTGRESQL:
        pytest.skip("SQLite has one writer at a time")
    make_plan(), make_theme()
    before = Revision.current()
    faults = []

    def change_the_theme():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                Theme.objects.update(name_zh="别的")
        except BaseException as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    with transaction.atomic():
        Plan.objects.update(title_zh="别的")
        other = Thread(target=change_the_theme)
        other.start()
        other.join(20)
        assert faults == []
        # The change that is not over yet shows to nobody, and has raised nothing yet.
        assert Revision.current() == before + 1
    assert Revision.current() == before + 2


@pytest.mark.django_db(transaction=True)
def test_the_number_comes_with_the_change_and_not_before_it():
    make_theme()
    before, seen = Revision.current(), []

    def look():
        seen.append((Revision.current(), Theme.objects.get().name_zh))
        connection.close()

    with transaction.atomic():
        Theme.objects.update(name_zh="别的")
        other = Thread(target=look)
        other.start()
        other.join(20)
    look()
    assert [each for each, _name in seen] == [before, before + 1]
    assert seen[1][1] == "别的" != seen[0][1]
