from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments.actions import locks


class Command(BaseCommand):
    help = "Remove the counts of wrong passwords that count no more, with the addresses in them."

    def handle(self, **options):
        self.stdout.write(f"{locks.forget(timezone.now())} counts of wrong passwords removed.")
