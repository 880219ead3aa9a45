from django.core.management.base import BaseCommand, CommandError

from commitments.backups import BackupRefused, back_up


class Command(BaseCommand):
    help = "Back up database and uploaded files into a new folder, while the register is in use."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="where the new folder is made")

    def handle(self, *, folder, **options):
        try:
            done, missing = back_up(folder)
        except BackupRefused as refused:
            raise CommandError(f"Nothing was backed up. {refused}") from None
        self.stdout.write(str(done))
        if missing:
            raise CommandError(
                f"The backup is made, but {len(missing)} uploaded files are missing or changed: "
                + ", ".join(missing)
            )
