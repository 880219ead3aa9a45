"""Which admin site the staff area uses, and how its sessions begin."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    # Not in commitments.admin: loading that registers its records, for which the site must exist.
    default_site = "tracker.staff.StaffSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib.auth.signals import user_logged_in

        from tracker import sessions

        user_logged_in.connect(sessions.begin, dispatch_uid="session")
