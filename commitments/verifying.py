"""Whether a register is whole: after a restore, a move, or whenever somebody wants to know.

Each check gives a line for each fault. Nothing is mended here.
"""

import datetime as dt
import hashlib
from itertools import groupby

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.db.models import Min
from django.utils import timezone

from commitments.actions.assessing import differing
from commitments.actions.history import CHUNK, NOTHING, as_json, told_fields
from commitments.models import (
    Commitment,
    Entry,
    Evidence,
    IssuedFile,
    SourceDocument,
    UntrackedPassage,
)
from commitments.models.append_only import GUARDS, VERBS
from commitments.models.raising import NOTES, held_triggers, triggers
from commitments.models.source_document import sha256_of
from commitments.models.workflow import Publishable

FOLDER = "evidence"
# A file is written before its row: what is younger may belong to a form being saved now.
LEFT_ALONE = dt.timedelta(days=1)
# Of some megabytes each.
FILES_AT_ONCE = 5


def references():
    """Rows that name others which are not there."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield str(error)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (line for (line,) in cursor.fetchall() if line != "ok")


def texts():
    """Printed texts that are not those that were stored."""
    for code, text, sha256 in SourceDocument.objects.values_list("code", "text", "sha256"):
        if sha256_of(text) != sha256:
            yield f"source document {code}: the text is not the one whose SHA-256 is stored"


def quotes():
    """Quotes that are not where they should be in the printed text."""
    printed = dict(SourceDocument.objects.values_list("pk", "text"))
    for model in (Commitment, UntrackedPassage):
        rows = model.objects.values_list("code", "source", "quote", "quote_start")
        for code, source, quote, start in rows.iterator():
            if printed[source][start : start + len(quote)] != quote:
                yield f"{model._meta.verbose_name} {code}: the quote is not at character {start}"


def evidence():
    """Uploaded files that are missing or changed, and files that no record names."""
    named = set()
    for found in Evidence.objects.order_by("pk").iterator():
        named.add(found.file.name)
        try:
            with found.file.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield f"evidence {found.key}: the file is missing or cannot be read"
            continue
        if sha256 != found.sha256:
            yield f"evidence {found.key}: the file is not the one that was uploaded"
    before = timezone.now() - LEFT_ALONE
    for name in sorted(set(stored_files()) - named):
        if default_storage.get_modified_time(name) < before:
            yield f"{name}: no record names this file (manage.py clean_evidence removes it)"


def stored_files():
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return  # Nothing was ever uploaded.
    for folder in folders:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


def assessments():
    """Promises whose stored status is not what the rule makes of the facts."""
    for commitment, days in differing():
        yield f"promise {commitment.code}: its status differs from {days[0]} (manage.py reassess)"


def issued_reports():
    """Files of reports that are not what they were when they were made."""
    rows = IssuedFile.objects.values_list("report__number", "language", "ext", "sha256", "content")
    for number, language, ext, sha256, content in rows.iterator(FILES_AT_ONCE):
        if hashlib.sha256(content).hexdigest() != sha256:
            yield f"report {number}: the file {language}.{ext} is not the one that was made"


def guards():
    """What the database itself should refuse, or raise the revision for, and does not."""
    wanted = {f"{guard.table}_no_{verb}" for guard in GUARDS for verb in VERBS}
    wanted |= {name for name, _statement in triggers(connection.vendor)} - {NOTES}
    with connection.cursor() as cursor:
        for name in sorted(wanted - held_triggers(connection.vendor, cursor)):
            yield f"the trigger {name} is missing (manage.py migrate puts it back)"


def history():
    """Records whose history has a gap: a value that changed without an entry that says so."""
    entries = Entry.objects.exclude(record_id=None).order_by("kind", "record_id", "pk")
    rows = entries.values_list("kind", "record_id", "action", "changes").iterator(CHUNK)
    known = {model._meta.label_lower: model for model in apps.get_models()}
    for kind, of_kind in groupby(rows, key=lambda row: row[0]):
        if kind not in known:
            continue  # Of a table that this version does not have.
        model = known[kind]
        told = {f.name: f for f in told_fields(model) if not f.is_relation}
        last = {}
        for pk, of_record in groupby(of_kind, key=lambda row: row[1]):
            last[pk] = yield from followed(model, pk, of_record, told)
        yield from unlike_their_history(model, last, told)
    yield from without_history()


def without_history():
    """Records made since the history began of which it says nothing."""
    began_at = Entry.objects.aggregate(at=Min("at"))["at"] or timezone.now()
    for model in apps.get_app_config("commitments").get_models():
        if issubclass(model, Publishable):
            told = Entry.objects.filter(kind=model._meta.label_lower).values("record_id")
            found = model._base_manager.filter(created_at__gt=began_at).exclude(pk__in=told)
            for pk in found.order_by("pk").values_list("pk", flat=True):
                yield f"{model._meta.verbose_name} {pk}: there is no history of it"


def followed(model, pk, rows, told):
    """Follow one record through its entries; returns its last values, None if it was deleted."""
    values = {}
    for _kind, _pk, action, changes in rows:
        for name, (old, new) in changes.items():
            if name in told and name in values and not same(values[name], old):
                yield f"{model._meta.verbose_name} {pk}: a change of {name} is not in its history"
            values[name] = new
        if action == Entry.Action.DELETED:
            values = None
            break
    return values


def unlike_their_history(model, last, told):
    pks = [pk for pk, values in last.items() if values is not None]
    for start in range(0, len(pks), CHUNK):
        wanted = pks[start : start + CHUNK]
        rows = {
            row["pk"]: row for row in model._base_manager.filter(pk__in=wanted).values("pk", *told)
        }
        for pk in wanted:
            if pk not in rows:
                yield f"{model._meta.verbose_name} {pk}: it is gone without a word in its history"
                continue
            for name in told.keys() & last[pk].keys():
                if last[pk][name] != "" and not same(last[pk][name], as_json(rows[pk][name])):
                    yield f"{model._meta.verbose_name} {pk}: {name} is not what its history says"


def same(one, other):
    return one == other or (one in NOTHING and other in NOTHING)


CHECKS = {
    "references": references,
    "printed texts": texts,
    "quotes": quotes,
    "evidence": evidence,
    "assessments": assessments,
    "issued reports": issued_reports,
    "guards": guards,
    "history": history,
}
