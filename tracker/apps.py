"""Which admin site the staff area uses."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    # Not in commitments.admin: loading that registers its records, for which the site must exist.
    default_site = "tracker.staff.StaffSite"
