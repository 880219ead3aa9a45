"""The files of deploy/ agree with the code and with each other; script/cluster runs them."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NGINX = shutil.which("nginx", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")


def variables(path):
    return re.findall(r"^#? ?([A-Z_]+)=", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_there_is_and_owns_nothing_else(unit):
    text = unit.read_text(encoding="utf-8")
    for command in re.findall(r"manage\.py (\w+)", text):
        assert command in get_commands()
    for script in re.findall(r"/srv/register/(script/\w+)", text):
        assert (ROOT / script).exists()
    for setting in ("User=register", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0027"):
        assert f"\n{setting}\n" in text
    assert "\nCapabilityBoundingSet=\n" in text
    for name in re.findall(r"\$\{(\w+)\}", text):
        assert name in variables(DEPLOY / "environment.example")


def test_every_timer_has_its_unit():
    timers = {path.stem for path in (DEPLOY / "systemd").glob("*.timer")}
    assert timers == {"register-reminders", "register-backup", "register-daily"}
    assert timers <= {unit.stem for unit in UNITS}


@pytest.mark.parametrize("name", ["environment.example", "migrate.env.example"])
def test_every_variable_of_the_example_is_described(name):
    told = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    for variable in variables(DEPLOY / name):
        assert f"`{variable}`" in told, variable


def test_django_has_nothing_to_say_of_the_example():
    given = re.findall(
        r"^([A-Z_]+)=(.+)$", (DEPLOY / "environment.example").read_text("utf-8"), re.MULTILINE
    )
    environment = dict(given) | {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(64),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "HTTPS_ONLY" in dict(given)


@pytest.mark.skipif(NGINX is None, reason="no nginx here")
def test_nginx_can_read_its_files(tmp_path):
    text = (DEPLOY / "nginx" / "register.conf").read_text(encoding="utf-8")
    text = text.replace("/srv/register/deploy", str(DEPLOY))
    text = text.replace("/var/log/nginx", str(tmp_path))
    # Certificates are the city's own, and the ports belong to root.
    text = re.sub(r"^ *(ssl_|listen \[|return 444).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"listen (80|443)[^;]*;", r"listen 127.0.0.1:18\1;", text)
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ {folders}\n{text}\n}}\n"
    )
    done = subprocess.run([NGINX, "-t", "-c", main], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_process_begins_without_the_libraries_of_files(tmp_path):
    libraries = {"authlib", "boto3", "docx", "lxml", "requests", "storages", "typst", "xlsxwriter"}
    program = f"import sys, tracker.wsgi, tracker.urls; print(*sys.modules.keys() & {libraries})"
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
