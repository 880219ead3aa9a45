from smtplib import SMTPException

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.reminding import letters, send

# What a mail server, the way to it, or an address that is none can answer.
UNSENT = (SMTPException, OSError, ValueError)


class Command(BaseCommand):
    help = "Remind editors by mail of what came back, is due, or will be soon. Run it once a day."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="send nothing; print who would get what"
        )

    def handle(self, *, dry_run, **options):
        day = timezone.localdate()
        sent = failed = 0
        for letter in letters(day):
            if not letter.user.email:
                self.stderr.write(f"{letter.user.get_username()} has no mail address.")
            elif dry_run:
                self.stdout.write(f"To: {letter.user.email}\n{letter.subject}\n\n{letter.text}")
            else:
                try:
                    sent += send(letter, day)
                except UNSENT as error:
                    failed += 1
                    self.stderr.write(f"{letter.user.get_username()}: not sent: {error}")
        if not dry_run:
            self.stdout.write(f"Reminders sent: {sent}.")
        if failed:
            raise CommandError(f"Reminders not sent: {failed}.")
