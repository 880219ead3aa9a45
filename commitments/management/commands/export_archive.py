"""Write the archive of everything public, as /data/commitments-register.zip answers it."""

from django.core.management.base import BaseCommand

from commitments.archive import write_archive


class Command(BaseCommand):
    help = "Write everything public as one ZIP: tables as CSV and JSON, described and summed."

    def add_arguments(self, parser):
        parser.add_argument("output", help="the file to write")

    def handle(self, *, output, **options):
        with open(output, "w+b") as file:
            write_archive(file)
        self.stdout.write(output)
