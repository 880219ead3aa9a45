import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from commitments.domain.assessment import RULE_VERSION
from commitments.models import Appointment, Assessment
from tests.factories import make_agency, make_commitment, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.SEED_DIR = tmp_path / "seed"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("body {}", encoding="utf-8")
    settings.STATICFILES_DIRS = [source]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return tmp_path


def prepare():
    said = io.StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


def passwords_in(said):
    """{user name: password} of the accounts that were made."""
    return dict(re.findall(r"^    (\w+) +((?:\w{5}-){3}\w{5})   ", said, re.MULTILINE))


def password_in(said):
    return passwords_in(said).get("admin")


def test_makes_one_login_and_shows_its_password_once():
    password = password_in(prepare())
    admin = get_user_model().objects.get(is_superuser=True)
    assert admin.username == "admin"
    assert admin.check_password(password)
    assert len(password) >= 20
    again = prepare()
    assert passwords_in(again) == {}
    assert "changepassword admin" in again
    assert get_user_model().objects.filter(is_superuser=True).count() == 1


def test_beside_the_fictional_plan_there_are_two_people_to_try_it_with(django_user_model):
    agency = make_agency()
    make_commitment(plan=make_plan(is_fictional=True), lead_agency=agency)
    django_user_model.objects.filter(username="editor").update(username="writer")
    made = passwords_in(prepare())
    assert made.keys() == {"admin", "editor", "reviewer"}
    assert len(set(made.values())) == 3
    held = {each.user.username: each for each in Appointment.objects.all()}
    assert [*held["editor"].agencies.all()] == [agency]
    assert (held["editor"].role, held["reviewer"].role) == ("editor", "reviewer")
    for name, password in made.items():
        user = django_user_model.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff
    assert passwords_in(prepare()) == {}


def test_without_the_seed_there_is_one_login(settings, django_user_model):
    settings.LOAD_SEED = False
    make_commitment(plan=make_plan(is_fictional=True))
    django_user_model.objects.update(username="writer")
    assert passwords_in(prepare()).keys() == {"admin"}


def test_never_the_same_password(django_user_model):
    first = password_in(prepare())
    django_user_model.objects.all().delete()
    assert password_in(prepare()) != first


def test_makes_no_login_beside_a_superuser_of_another_name(django_user_model):
    django_user_model.objects.create_superuser("wang", password="x")
    assert password_in(prepare()) is None
    assert not django_user_model.objects.filter(username="admin").exists()


def test_judges_again_by_a_new_rule():
    make_commitment()
    Assessment.objects.update(rule_version="0.1")
    assert f"Judging every commitment again, by rule {RULE_VERSION}" in prepare()
    assert set(Assessment.objects.values_list("rule_version", flat=True)) == {RULE_VERSION}
    assert "Judging" not in prepare()


def test_judges_what_a_migration_left_without_an_assessment():
    make_commitment()
    Assessment.objects.all().delete()
    assert "Judging every commitment again" in prepare()
    assert Assessment.objects.exists()
    assert "Judging" not in prepare()


def test_collects_static_files_only_when_one_has_changed(own_folders):
    assert "Compressing" in prepare()
    assert "Compressing" not in prepare()
    (own_folders / "source" / "site.css").write_text("body { color: red }", encoding="utf-8")
    assert "Compressing" in prepare()
    collected = [path.name for path in (own_folders / "static").glob("site.*.css")]
    assert len(collected) == 1, "the old file is gone"


@pytest.mark.parametrize("lost", ["static.stamp", "static/staticfiles.json"])
def test_an_interrupted_collection_is_done_again(own_folders, lost):
    prepare()
    (own_folders / lost).unlink()
    assert "Compressing" in prepare()


def test_loads_each_plan_of_the_seed_unless_told_not_to(settings):
    settings.SEED_DIR = settings.BASE_DIR / "commitments" / "data"
    settings.LOAD_SEED = False
    assert "added" not in prepare()
    settings.LOAD_SEED = True
    plans = len(list(settings.SEED_DIR.glob("*/plan.csv")))
    assert plans
    assert prepare().count(" added, ") == plans
    assert prepare().count("unchanged since it was loaded") == plans
