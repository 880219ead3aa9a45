import logging

from django.core.management.base import BaseCommand

logger = logging.getLogger("commitments.warn")


class Command(BaseCommand):
    help = "Log an error, and so send it to whom WARN_BY_MAIL and WARN_BY_WEBHOOK name."

    def add_arguments(self, parser):
        parser.add_argument("words")

    def handle(self, *, words, **options):
        logger.error(words)
        for handler in logging.getLogger().handlers:
            handler.flush()
