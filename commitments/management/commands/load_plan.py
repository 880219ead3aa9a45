from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from commitments.actions.loading import load_plan
from commitments.importing.plan_files import PlanRefused, read_plan_files
from commitments.models import Plan


class Command(BaseCommand):
    help = "Load a plan from a folder of plan files (docs/plan-files.md): all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="the folder of the plan's CSV files")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default="en",
            help="the language of the messages (default: en)",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="load again although the files are those loaded last",
        )

    def handle(self, *, folder, language, force, **options):
        with translation.override(language):
            files = read_plan_files(folder)
            if not force and not files.problems and is_loaded(files):
                self.stdout.write(f"{folder}: unchanged since it was loaded.")
                return
            try:
                loaded = load_plan(files, by=loader(), at=timezone.now())
            except PlanRefused as refused:
                count = len(refused.problems)
                raise CommandError(
                    f"{folder}: nothing was loaded; {count} mistake(s):\n{refused}"
                ) from None
        counts = loaded.counts
        self.stdout.write(
            f"{loaded.plan.code}: {counts['added']} added, {counts['changed']} changed, "
            f"{counts['unchanged']} unchanged."
        )


def is_loaded(files):
    return Plan.objects.filter(files_sha256=files.sha256).exists()


def loader():
    """The account that stands for the command in `created_by`; nobody can log in with it."""
    user, created = get_user_model().objects.get_or_create(
        username="load_plan", defaults={"is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save()
    return user
