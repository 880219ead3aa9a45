"""Remove stored files that no record names: uploads that failed, files taken from drafts."""

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments.models import Evidence
from commitments.verifying import LEFT_ALONE, stored_files


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
