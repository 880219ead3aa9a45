from django.core.management.base import BaseCommand, CommandError

from commitments.actions.assessing import differing, reassess
from commitments.models import Commitment


class Command(BaseCommand):
    help = "Rebuild the stored assessments from the facts, or check that they agree."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if any assessment differs"
        )

    def handle(self, *, check, **options):
        if not check:
            count = reassess(Commitment.objects.published())
            self.stdout.write(f"{count} assessments rebuilt.")
            return
        found = list(differing())
        for commitment, days in found:
            self.stderr.write(f"{commitment.code}: differs from {days[0]}")
        if found:
            raise CommandError(f"{len(found)} commitments differ. Run: manage.py reassess")
        self.stdout.write("Every stored assessment is what the facts give.")
