"""What the tests in a browser share: the plans that come with the code."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from commitments.models import Revision
from tests.page_kinds import SEEDS


@pytest.fixture(scope="session")
def kept_rows():
    """The plans' rows once they were loaded: judging them anew for each test takes long."""
    return []


@pytest.fixture
def plans(transactional_db, settings, kept_rows):
    """The real plan and the fictional one, which has every kind and status."""
    if kept_rows:
        with connection.constraint_checks_disabled(), transaction.atomic():
            for row in serializers.deserialize("json", kept_rows[0]):
                # They are new here, and even an update that meets no row is refused in the history.
                row.save(force_insert=True)
        return
    for folder in SEEDS:
        call_command("load_plan", str(settings.SEED_DIR / folder), verbosity=0)
    register = apps.get_app_config("commitments").get_models()
    # Every database has a revision number of its own.
    models = (get_user_model(), *(model for model in register if model is not Revision))
    rows = (row for model in models for row in model._base_manager.order_by("pk"))
    kept_rows.append(serializers.serialize("json", rows))
