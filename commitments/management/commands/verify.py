from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from commitments.verifying import CHECKS


class Command(BaseCommand):
    help = "Check that the register is whole: texts, quotes, files, assessments, history."

    def handle(self, **options):
        with translation.override("en"):
            self.verify()

    def verify(self):
        faults = 0
        for name, check in CHECKS.items():
            found = list(check())
            faults += len(found)
            self.stdout.write(f"{name}: {f'{len(found)} faults' if found else 'in order'}")
            for line in found:
                self.stderr.write(f"  {line}")
        if faults:
            raise CommandError(f"{faults} faults were found.")
