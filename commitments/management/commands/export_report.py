"""Write the report of what the list would show: the same fields, parts and kinds as the page."""

import os
import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from commitments.exporters.report import Part
from commitments.filters import CommitmentFilter
from commitments.report.asking import PartsForm, name_asked, report_asked, too_long
from commitments.report.kinds import KINDS, TooLong

LANGUAGES = [code for code, _name in settings.LANGUAGES]
STANDARD_OUTPUT = "-"


class Command(BaseCommand):
    help = "Write a report of commitments and how they stand on a day, as a file."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=list(KINDS), help="kind of file")
        parser.add_argument("--language", choices=LANGUAGES, default=settings.LANGUAGE_CODE)
        parser.add_argument(
            "--part",
            action="append",
            default=[],
            help=f"what to include, any number of times: {', '.join(Part)}",
        )
        parser.add_argument(
            "--output",
            default="",
            help="a file or folder; - for standard output; else here, under a name of its own",
        )
        parser.add_argument("--nice", type=int, default=0, help="let others go first, up to 19")
        fields = parser.add_argument_group(
            "which commitments", "as in the address of the list; any number of times"
        )
        for name in CommitmentFilter.base_filters:
            fields.add_argument(
                f"--{name.replace('_', '-')}", dest=name, action="append", default=[]
            )

    def handle(self, *, format, language, part, output, nice, **options):
        os.nice(nice)
        asked = QueryDict(mutable=True)
        for name in CommitmentFilter.base_filters:
            asked.setlist(name, options[name])
        asked.setlist("part", part)
        with override(language):
            self.write(KINDS[format], asked, output)

    def write(self, kind, asked, output):
        found = CommitmentFilter(asked, today=timezone.localdate())
        form = PartsForm(asked)
        problems = found.problems + form.problems
        if problems:
            raise CommandError("\n".join(f"{field.label}: {words}" for field, words in problems))
        if found.chosen_plan is None:
            raise CommandError("No plan is open yet.")
        name = name_asked(found, kind)
        try:
            written = kind.written(report_asked(found, form.parts))
        except TooLong as error:
            raise CommandError(too_long(error, form.parts)) from error
        if output == STANDARD_OUTPUT:
            save(written, getattr(self.stdout, "buffer", sys.stdout.buffer))
            return
        place = Path(output or ".")
        place = place / name if place.is_dir() else place
        with place.open("wb") as file:
            save(written, file)
        self.stdout.write(str(place))


def save(written, file):
    """Write what a `Kind` gives: bytes, a file, or bytes in parts."""
    if isinstance(written, bytes):
        file.write(written)
    elif hasattr(written, "read"):
        with written:
            shutil.copyfileobj(written, file)
    else:
        for part in written:
            file.write(part)
