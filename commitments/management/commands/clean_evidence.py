"""Remove stored files that no record names: uploads that failed, files taken from drafts."""

import datetime as dt

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments.models import Evidence

FOLDER = "evidence"
# A file is written before its row: what is younger may belong to a form being saved now.
LEFT_ALONE = dt.timedelta(days=1)


class Command(BaseCommand):
    help = "Remove stored evidence files that no record names, and name files that are missing."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *, dry_run, **options):
        named = set(Evidence.objects.values_list("file", flat=True))
        stored = set(stored_files())
        before = timezone.now() - LEFT_ALONE
        orphans = [
            name
            for name in sorted(stored - named)
            if default_storage.get_modified_time(name) < before
        ]
        for name in orphans:
            if not dry_run:
                default_storage.delete(name)
        said = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{len(orphans)} files without a record {said}.")
        for evidence in Evidence.objects.filter(file__in=named - stored):
            record = evidence.observation or evidence.update
            self.stderr.write(f"Missing: {evidence.name} of {record._meta.verbose_name} {record}")


def stored_files():
    if not default_storage.exists(FOLDER):
        return
    folders, _files = default_storage.listdir(FOLDER)
    for folder in folders:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"
