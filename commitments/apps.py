from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from commitments.actions import sign_ins
        from commitments.models.append_only import guard_the_history

        post_migrate.connect(guard_the_history, sender=self)
        sign_ins.connect()
