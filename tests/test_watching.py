import json
import logging
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.factories import make_commitment
from tracker import metrics, watching
from tracker.log import (
    JsonFormatter,
    WarningHandler,
    WithNumber,
    number,
    number_from_proxy,
    send_warning,
)
from tracker.standbys import Databases, revision_in


@pytest.fixture
def lines():
    """What the log would hold, as JSON."""
    found = []

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(json.loads(self.format(record)))

    handler = Kept()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(WithNumber())
    logger, access = logging.getLogger(), logging.getLogger("tracker.access")
    level = access.level
    access.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield found
    logger.removeHandler(handler)
    access.setLevel(level)


# --- Probes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"host": "10.0.0.7:8000"}])
def test_a_living_process_says_so_to_anyone_and_asks_no_database(client, settings, headers):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", headers=headers)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_is_migrated(client, monkeypatch):
    make_commitment()
    watching.MIGRATED.clear()
    monkeypatch.setattr(watching, "databases", Databases([], may_lag=2, ask=revision_in))
    answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("revision") > 0
    assert told.pop("revision_age_seconds") < 5
    assert told == {
        "ready": True,
        "databases": {"default": "keeps up"},
        "reads_from": "default",
        "migrated": True,
    }
    assert not answer.cookies


@pytest.mark.django_db
def test_not_ready_before_the_last_migration(client):
    watching.MIGRATED.clear()
    MigrationRecorder(connection).migration_qs.filter(app="commitments").last().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrated"] is False


def test_the_probes_are_no_pages(client):
    for path in ("/en/healthz", "/healthz/", "/large/readyz"):
        assert client.get(path).status_code == 404


# --- Lines ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_request_is_one_line_without_what_was_searched_for(client, lines):
    client.get("/en/commitments/?q=secret", headers={"user-agent": "secret"})
    (line,) = [line for line in lines if line["logger"] == "tracker.access"]
    assert {name: line[name] for name in ("level", "message", "path", "status")} == {
        "level": "INFO",
        "message": "GET /en/commitments/",
        "path": "/en/commitments/",
        "status": 200,
    }
    assert line["milliseconds"] >= 0
    assert len(line["request"]) == 16
    assert "secret" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("is_behind_proxy", "given", "is_taken"),
    [
        (True, "0a1b2c3d-4e5f", True),
        (False, "0a1b2c3d-4e5f", False),
        (True, "short", False),
        (True, 'x"} {"level', False),
        (True, "a" * 65, False),
    ],
)
def test_takes_a_well_formed_number_from_the_proxy(
    client, settings, lines, is_behind_proxy, given, is_taken
):
    settings.BEHIND_PROXY = is_behind_proxy
    client.get("/nowhere/", headers={"x-request-id": given})
    (line,) = [line for line in lines if line["logger"] == "tracker.access"]
    assert (line["request"] == given) is is_taken


def test_a_number_holds_for_its_request_alone(client):
    client.get("/nowhere/")
    assert number.get() == ""
    assert number_from_proxy("line\nbreak-line") == ""


def test_an_exception_is_told_by_kind_and_place_and_not_by_its_words(lines):
    try:
        try:
            int("王小明 13800000000")
        except ValueError as error:
            raise RuntimeError("of 王小明") from error
    except RuntimeError:
        logging.getLogger("commitments").exception("It broke.")
    (line,) = lines
    assert [each["kind"] for each in line["exceptions"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert "test_watching.py" in line["exceptions"][0]["frames"][0]
    assert "王小明" not in json.dumps(line, ensure_ascii=False)


# --- Warnings ------------------------------------------------------------------------------------


def warn(handler, words, at=0):
    handler.handle(logging.LogRecord("t", logging.ERROR, __file__, 1, words, (), None))
    handler.flush()


def test_the_same_warning_is_sent_once_in_a_quarter_of_an_hour():
    sent, now = [], [0.0]
    handler = WarningHandler(lambda *words: sent.append(words), clock=lambda: now[0])
    for words in ("one", "two", "one"):
        warn(handler, words)
    now[0] = 901
    warn(handler, "one")
    assert [subject for subject, _text in sent] == ["ERROR one", "ERROR two", "ERROR one"]


def test_a_warning_goes_by_mail_and_to_the_webhook(settings, mailoutbox, receiver):
    settings.WARN_BY_MAIL = ["ops@city.example"]
    settings.WARN_BY_WEBHOOK = receiver.url
    send_warning("ERROR 数据库", "more")
    assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [
        (["ops@city.example"], "ERROR 数据库", "more")
    ]
    assert receiver.received == [{"text": "ERROR 数据库", "details": "more"}]


def test_who_cannot_be_reached_stays_without(settings, caplog):
    settings.WARN_BY_WEBHOOK = "http://127.0.0.1:9/"
    send_warning("x", "y")
    assert "could not be sent" in caplog.text


@pytest.fixture
def receiver():
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.received.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.received, server.url = [], f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


# --- Figures -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_answers_are_counted_by_page_and_status(client):
    def counted(page, status):
        found = metrics.REGISTRY.get_sample_value(
            "register_answers_total", {"page": page, "status": status}
        )
        return found or 0

    before = counted("commitments", "2xx"), counted("none", "4xx"), counted("staff", "3xx")
    client.get("/en/commitments/?q=a")
    client.get("/nowhere/")
    client.get("/admin/")
    after = counted("commitments", "2xx"), counted("none", "4xx"), counted("staff", "3xx")
    assert after == tuple(each + 1 for each in before)


def test_any_process_tells_the_figures_of_all(tmp_path):
    """Two processes that listen at one address, as a server's workers do."""
    program = (
        "import os, sys; sys.path.insert(0, os.getcwd()); import django; django.setup()\n"
        "from tracker import metrics\n"
        "metrics.answered('home', 200, 0.01)\n"
        "metrics.serve('127.0.0.1', int(sys.argv[1])); print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    (tmp_path / "metrics").mkdir()
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
        "LOG_LEVEL": "CRITICAL",
    }
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(port)],
            cwd=Path(__file__).resolve().parent.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _worker in range(2)
    ]
    try:
        assert [worker.stdout.readline() for worker in workers] == [b"ready\n", b"ready\n"]
        for _question in range(4):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                told = answer.read().decode()
            assert 'register_answers_total{page="home",status="2xx"} 2.0' in told
            assert 'register_database_up{database="default"} 0.0' in told
    finally:
        for worker in workers:
            worker.communicate()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
