import sqlite3

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from commitments.actions import sign_ins
        from commitments.models.append_only import guard_what_is_kept
        from commitments.models.raising import keep_the_revision, make_way

        post_migrate.connect(guard_what_is_kept, sender=self)
        pre_migrate.connect(make_way, sender=self)
        post_migrate.connect(keep_the_revision, sender=self)
        sign_ins.connect()
        connection_created.connect(use_all_parameters)


def use_all_parameters(connection, **kwargs):
    # Django 5.2 takes SQLite's limit of 2010 for granted, and makes a hundred statements of a bulk
    # insert that fits in one; later versions ask, as here.
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
