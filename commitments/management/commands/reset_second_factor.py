from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.actions import second_factor


class Command(BaseCommand):
    help = "Let an account that has lost its second log-in step log in with the password alone."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        accounts = get_user_model().objects
        try:
            person = accounts.get(username=username)
        except accounts.model.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        # At the command line there is nobody logged in: the entry is the account's own.
        second_factor.reset(
            person, by=person, at=timezone.now(), why="manage.py reset_second_factor"
        )
        self.stdout.write(f"{username} logs in with the password alone.")
