"""The invented plan that pages are looked at and measured with."""

import csv
import importlib.util

import pytest
from django.conf import settings
from django.core.management import call_command

from commitments.models import Commitment, Plan
from commitments.models.assessment import Assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def write():
    path = settings.BASE_DIR / "script" / "invented_plan.py"
    spec = importlib.util.spec_from_file_location("invented_plan", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.write


def test_can_be_loaded_and_says_it_is_invented(write, tmp_path):
    write(tmp_path, 80)
    call_command("load_plan", str(tmp_path), verbosity=0)
    plan = Plan.objects.get()
    assert plan.is_fictional
    assert "虚构" in plan.title_zh
    assert Commitment.objects.count() == 80
    # Enough different ways to stand for a page to be judged by.
    assert len(set(Assessment.objects.values_list("status", flat=True))) >= 8


def test_the_same_number_gives_the_same_bytes(write, tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name, 12)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    with (tmp_path / "one" / "commitments.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 12
