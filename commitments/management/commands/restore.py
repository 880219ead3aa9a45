from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from commitments.backups import BackupRefused, restore


class Command(BaseCommand):
    help = "Bring back what `backup` made, up to date with this version, and verify it."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="the folder of one backup")
        parser.add_argument(
            "--replace", action="store_true", help="throw away what the database holds now"
        )

    def handle(self, *, folder, replace, **options):
        try:
            manifest = restore(folder, replace=replace)
        except BackupRefused as refused:
            raise CommandError(f"Nothing was restored. {refused}") from None
        self.stdout.write(f"Restored what was backed up at {manifest['made_at']}.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("verify", stdout=self.stdout, stderr=self.stderr)
