import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from commitments.domain.assessment import RULE_VERSION
from commitments.models import Agency, Appointment, Assessment, Commitment

# No 0/o, 1/l/i: somebody will copy this from a terminal by hand.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = (
        "Bring the database, the seed, the static files and the first login up to date."
        " Run before each start; does only what is not done yet."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--address",
            default="http://127.0.0.1:8000",
            help="where the site will be found, for the lines printed at the end",
        )

    def handle(self, *, address, **options):
        self.migrate()
        if settings.LOAD_SEED:
            self.load_seed()
        self.reassess_by_a_new_rule()
        self.collect_static()
        logins = self.first_logins()
        self.stdout.write(
            f"\nIn Chinese:   {address}/\n"
            f"In English:   {address}/en/\n"
            f"Staff:        {address}/admin/ and {address}/en/admin/\n"
        )
        self.explain(logins)
        self.stdout.write("Stop with Ctrl-C.\n")

    def migrate(self):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database's tables up to date ...")
            call_command("migrate", interactive=False, verbosity=0)

    def load_seed(self):
        for plan_file in sorted(settings.SEED_DIR.glob("*/plan.csv")):
            # Answers at once when the files are those loaded last.
            call_command("load_plan", os.path.relpath(plan_file.parent), stdout=self.stdout)

    def reassess_by_a_new_rule(self):
        """Stored statuses are a cache; a release may bring another version of the rule, or
        throw away what it stores in another shape."""
        published = Commitment.objects.published().filter(plan__opened_on__isnull=False)
        if (
            Assessment.objects.exclude(rule_version=RULE_VERSION).exists()
            or published.filter(assessments=None).exists()
        ):
            self.stdout.write(f"Judging every commitment again, by rule {RULE_VERSION} ...")
            call_command("reassess", stdout=self.stdout)

    def collect_static(self):
        """Copy, name by content and compress, but only when a source file is another than before.

        The stamp is written last, so a stop half-way is made good by the next start.
        """
        root = Path(settings.STATIC_ROOT)
        stamp = root.with_name(f"{root.name}.stamp")
        wanted = static_fingerprint()
        if (root / "staticfiles.json").exists() and stamp.exists():
            if stamp.read_text(encoding="ascii") == wanted:
                return
            stamp.unlink()
        self.stdout.write("Compressing the static files ...")
        call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
        stamp.write_text(wanted, encoding="ascii")

    def first_logins(self):
        """(user name, password, what for) of accounts made just now: none after the first start.

        Nobody publishes their own work, so with one login the register could not be tried: where
        the fictional plan is loaded, an editor of its agencies and a reviewer are made too.
        """
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return []
        made = [("admin", "everything, but never publishing its own work")]
        agency = Agency.objects.filter(led_commitments__plan__is_fictional=True).first()
        if settings.LOAD_SEED and agency is not None:
            made += [
                ("editor", f"writes for {agency.name_en}"),
                ("reviewer", "publishes or returns what others wrote"),
            ]
        logins = []
        for name, purpose in made:
            if users.filter(username=name).exists():
                continue
            password = new_password()
            if name == "admin":
                users.create_superuser(name, password=password)
            else:
                appoint(users.create_user(name, password=password, is_staff=True), name, agency)
            logins.append((name, password, purpose))
        return logins

    def explain(self, logins):
        if logins:
            self.stdout.write("\nStaff logins, shown this once and stored nowhere:\n")
            for name, password, purpose in logins:
                self.stdout.write(f"    {name:<10} {password}   {purpose}\n")
            self.stdout.write("\n")
            return
        self.stdout.write(
            "Staff login:  the passwords were shown at the first start; for another one:\n"
            "              .venv/bin/python manage.py changepassword admin\n"
            "              .venv/bin/python manage.py createsuperuser\n"
        )


def new_password():
    return "-".join(
        "".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(5)) for _part in range(4)
    )


def appoint(user, role, agency):
    appointment = Appointment.objects.create(user=user, role=role)
    if role == Appointment.Role.EDITOR:
        appointment.agencies.add(agency)


def static_fingerprint():
    """A checksum that changes when a static file, or how they are stored, changes."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{path}\0{storage.size(path)}\0{modified}\n".encode())
    return digest.hexdigest()
