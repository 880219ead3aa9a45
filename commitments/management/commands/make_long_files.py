"""Make the long files that readers wait for, one after another, until none waits."""

import os

from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments import long_files
from commitments.models import LongFile


class Command(BaseCommand):
    help = "Make the long files that readers wait for; the site starts this by itself."

    def add_arguments(self, parser):
        parser.add_argument("claim", nargs="?", help="of a file claimed for this process")
        parser.add_argument("--nice", type=int, default=0, help="let others go first, up to 19")

    def handle(self, *, claim, nice, **options):
        os.nice(nice)
        file = self.claimed(claim)
        while file is not None:
            try:
                long_files.make(file, clock=timezone.now)
                self.stdout.write(f"Made {file.name}")
            except long_files.LeaseLost:
                self.stderr.write(f"Another process has taken over {file.name}")
            file = self.claimed(None)

    def claimed(self, number):
        if number is None:
            return long_files.claim(timezone.now())
        return LongFile.objects.filter(maker=number, finished_at=None).first()
