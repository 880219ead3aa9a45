"""Files that take long: made once, aside from what serves pages, and kept for a day.

Nodes share nothing but the database and the storage. A file is claimed there by one process, which
says every few seconds that it is still at it; when it falls silent, the next to look claims the
file anew. See docs/decisions/0023-long-files.md.
"""

import datetime as dt
import hashlib
import secrets
import subprocess
import threading
from dataclasses import replace

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import override

from commitments.domain.result import RULE_VERSION
from commitments.exporters.report import Part
from commitments.filters import CommitmentFilter, ManyField
from commitments.models import LongFile, Revision
from commitments.models.long_file import FOLDER
from commitments.report.asking import PartsForm, report_asked
from commitments.report.kinds import KINDS

KEPT = dt.timedelta(days=1)
# Of all that are kept; the oldest go first. A workbook of 50,000 promises has up to 20 MB.
MOST_BYTES = 1_000_000_000
# On all nodes together: each takes a core, though it lets everything else go before.
AT_ONCE = 2
MOST_WAITING, MOST_WAITING_OF_ONE, MOST_OF_ONE = 20, 5, 40
BEAT = dt.timedelta(seconds=2)
BEHIND_OTHERS = ("--nice", "10")
# A change while a file is written would leave it half of one day and half of another.
MOST_WRITINGS = 3


PIECE = 65_536


class TooManyAsked(Exception):
    """More long files wait than are made in a while, or one sender asked for very many."""


class LeaseLost(Exception):
    """Another process has taken the file over."""


class Gone(Exception):
    """What was asked for is not open any more."""


class BrokenOff(Exception):
    """The process that wrote a file ended before its end; it has said why in the log."""


# --- Asking ---------------------------------------------------------------------------------------


def asked_before(found, kind, language):
    """The `LongFile` of what a valid filter finds, if somebody has asked for it; or None.

    One whose content the storage has lost is forgotten, so that it is made again.
    """
    file = LongFile.objects.filter(key=key_of(found, kind, language)).first()
    if file and file.finished_at and not file.is_ready:
        file.delete()
        return None
    return file


def ask(found, kind, report, *, name, sender, at):
    """The `LongFile` of a report; the same for whoever asks the same. Raises `TooManyAsked`."""
    expire(at)
    unfinished = LongFile.objects.filter(finished_at=None)
    of_one = LongFile.objects.filter(sender=sender)
    if (
        unfinished.count() >= MOST_WAITING
        or unfinished.filter(sender=sender).count() >= MOST_WAITING_OF_ONE
        or of_one.count() >= MOST_OF_ONE
    ):
        raise TooManyAsked
    file, _is_new = LongFile.objects.get_or_create(
        key=key_of(found, kind, report.language),
        defaults={
            "ext": kind.ext,
            "language": report.language,
            "query": canonical(found.data),
            "today": found.today,
            "name": name,
            "asked_at": at,
            "sender": sender,
            "total": report.total * len(tables(report)),
        },
    )
    return file


def tables(report):
    """The parts that are read promise by promise."""
    return report.parts & {Part.TABLE, Part.DETAILS} or {Part.TABLE}


def key_of(found, kind, language):
    """A number that follows from all that decides what is in the file."""
    told = (
        canonical(found.data),
        found.day.isoformat(),
        kind.ext,
        language,
        RULE_VERSION,
        Revision.current(),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def canonical(data):
    """What a query string asks of a report, in one order whatever order it came in."""
    asked = QueryDict(mutable=True)
    fields = {name: each.field for name, each in CommitmentFilter.base_filters.items()}
    many = ["part", *(name for name, field in fields.items() if isinstance(field, ManyField))]
    for name in many:
        asked.setlist(name, sorted({value for value in data.getlist(name) if value}))
    for name in fields.keys() - many:
        # Of several values of a field that takes one the last counts.
        asked.setlist(name, [value for value in data.getlist(name)[-1:] if value])
    return "&".join(sorted(asked.urlencode().split("&")))


def expire(at):
    """Remove what is old, and the oldest of what is too much."""
    kept = 0
    for file in LongFile.objects.order_by("-asked_at", "-pk"):
        kept += file.size or 0
        if file.asked_at < at - KEPT or kept > MOST_BYTES:
            file.delete()
            if file.file:
                default_storage.delete(file.file.name)
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return  # None was ever made.
    named = set(LongFile.objects.values_list("file", flat=True))
    for name in names:
        stored = f"{FOLDER}/{name}"
        # Whoever is just finishing has written the file, and says so in a moment.
        if stored not in named and default_storage.get_modified_time(stored) < at - KEPT:
            default_storage.delete(stored)


# --- Sending while it is made ---------------------------------------------------------------------


class Piped:
    """The bytes of a CSV or JSON, as a process of its own writes them.

    The thread that sends them only waits, so the other threads of its process go on. Made by a
    thread, they would keep the interpreter busy that answers for pages.
    """

    def __init__(self, found, kind, language):
        fields = [
            f"--{name.replace('_', '-')}={value}"
            for name, values in QueryDict(canonical(found.data)).lists()
            for value in values
        ]
        self.process = subprocess.Popen(
            [
                *settings.MANAGE,
                "export_report",
                kind.ext,
                *("--language", language, "--output", "-", *BEHIND_OTHERS, *fields),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        # Before anything is promised to the reader.
        self.first = self.next_piece()

    def next_piece(self):
        piece = self.process.stdout.read(PIECE)
        if len(piece) < PIECE and self.process.wait() != 0:
            raise BrokenOff(self.process.args)
        return piece

    def __iter__(self):
        piece = self.first
        try:
            while piece:
                yield piece
                piece = self.next_piece()
        finally:
            self.close()

    def close(self):
        """A reader who goes away ends the process."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


# --- Making ---------------------------------------------------------------------------------------


def claim(at):
    """Take the file that waited longest, or None: nothing waits, or enough are being made."""
    with transaction.atomic():
        # Locked all together, or two processes would both count one less than there are.
        unfinished = LongFile.objects.filter(finished_at=None)
        list(unfinished.select_for_update().order_by("pk").values_list("pk"))
        if LongFile.objects.being_made(at).count() >= AT_ONCE:
            return None
        file = LongFile.objects.waiting(at).order_by("asked_at", "pk").first()
        if file is not None:
            file.maker, file.beat_at, file.done = secrets.token_hex(16), at, 0
            file.tries += 1
            file.save(update_fields=["maker", "beat_at", "done", "tries"])
        return file


def start_maker(at):
    """Begin what waits, in a process of its own, if there is room for one more."""
    file = claim(at) if settings.MANAGE else None
    if file is None:
        return
    process = subprocess.Popen(
        [*settings.MANAGE, "make_long_files", file.maker, *BEHIND_OTHERS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody must take notice of its end, or it stays in the table of processes.
    threading.Thread(target=process.wait, daemon=True).start()


def make(file, *, clock):
    """Write a claimed file and keep it. Raises `LeaseLost` when another process took it over."""
    mine = LongFile.objects.filter(pk=file.pk, maker=file.maker)
    is_kept = False
    try:
        with written(file, mine, clock) as content:
            keep(mine, file, content, clock)
        is_kept = True
    finally:
        if not is_kept:
            # The next to look need not wait until the lease has run out.
            mine.filter(finished_at=None).update(maker="", beat_at=None)


def written(file, mine, clock):
    """The content, of one moment: written again if the register changed meanwhile."""
    for _writing in range(MOST_WRITINGS):
        before = Revision.current()
        content = write(file, Progress(mine, clock))
        if Revision.current() == before:
            break
    return content


def write(file, progress):
    data = QueryDict(file.query)
    with override(file.language):
        found = CommitmentFilter(data, today=file.today)
        if found.problems:
            raise Gone(file.query)
        report = report_asked(found, PartsForm(data).parts)
        report = replace(
            report, rows=Watched(report.rows, progress), figures=Watched(report.figures, progress)
        )
        return KINDS[file.ext].write(report)


def keep(mine, file, content, clock):
    stored = default_storage.save(f"{FOLDER}/{file.key}", File(content))
    finished = {"finished_at": clock(), "size": default_storage.size(stored), "beat_at": None}
    if not mine.update(file=stored, done=F("total"), **finished):
        default_storage.delete(stored)
        raise LeaseLost(file.key)


class Progress:
    """Says now and then how many promises are written, and that somebody is still at it."""

    def __init__(self, mine, clock):
        self.mine, self.clock = mine, clock
        self.done, self.said_at = 0, clock()

    def one_more(self):
        self.done += 1
        if (self.done % 100) == 0 and self.clock() - self.said_at > BEAT:
            self.said_at = self.clock()
            if not self.mine.update(done=self.done, beat_at=self.said_at):
                raise LeaseLost


class Watched:
    """Rows as they are, each new promise among them told to a `Progress`."""

    def __init__(self, rows, progress):
        self.rows, self.progress = rows, progress

    def __iter__(self):
        last = None
        for row in self.rows:
            # The code comes first in both tables.
            if row[0] != last:
                last = row[0]
                self.progress.one_more()
            yield row
