"""Uploaded files in an S3-compatible storage, which may be unreachable."""

import datetime as dt
import os
import socket
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from commitments.actions.assessing import reassess
from commitments.models import Commitment, Evidence, LongFile, Observation
from tests.admin.forms import sent
from tests.factories import (
    PDF,
    make_commitment,
    make_evidence,
    make_observation,
    make_staff,
    make_target,
    make_update,
)
from tests.store import KEY, SECRET, Store
from tests.test_backups import programs
from tracker.bucket import LEFT_ALONE, PATIENCE, TIMES, Bucket

REGION = "us-east-1"
# A machine with much else to do is no storage that does not answer.
LONG = (60, 60)
NAME = "tracker.bucket"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("store"))
    store.start()
    yield store
    store.stop()


@pytest.fixture
def store(running):
    """The storage, which is there again for the next test whatever this one did to it."""
    yield running
    if running.process.poll() is not None:
        running.start()


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bucket(store, clock):
    return Bucket(store.address, REGION, KEY, SECRET, clock, patience=LONG)


class TestStorage:
    def test_gives_back_what_it_was_given(self, bucket):
        for content in (b"", b"some bytes", os.urandom(5_000_000)):
            name = bucket.save("evidence/ab/name", ContentFile(content))
            with bucket.open(name) as file:
                assert file.read() == content
            assert bucket.size(name) == len(content)
            assert timezone.now() - bucket.get_modified_time(name) < dt.timedelta(minutes=5)

    def test_stores_a_file_out_of_an_archive(self, bucket, tmp_path):
        with tarfile.open(tmp_path / "all.tar", "w") as archive:
            archive.add(__file__, "this")
        with tarfile.open(tmp_path / "all.tar") as archive:
            name = bucket.save("evidence/ab/this", archive.extractfile("this"))
        assert bucket.open(name).read() == Path(__file__).read_bytes()

    def test_writes_over_nothing(self, bucket):
        first = bucket.save("evidence/ab/twice", ContentFile(b"1"))
        second = bucket.save("evidence/ab/twice", ContentFile(b"2"))
        assert first != second
        assert bucket.open(first).read() == b"1"

    def test_what_is_not_there_is_not_there(self, bucket):
        assert not bucket.exists("evidence/no")
        for ask in (bucket.open, bucket.size, bucket.get_modified_time):
            with pytest.raises(FileNotFoundError):
                ask("evidence/no")
        assert bucket.listdir("nowhere") == ([], [])

    def test_removes_also_what_is_gone(self, bucket):
        name = bucket.save("evidence/ab/removed", ContentFile(b"1"))
        for _time in range(2):
            bucket.delete(name)
            assert not bucket.exists(name)

    def test_lists_more_than_one_answer_holds(self, bucket, store):
        names = [f"{number:04} 文 件" for number in range(1_005)]
        store.stop()
        (store.bucket / "many" / "below").mkdir(parents=True)
        (store.bucket / "many" / "below" / "one").write_bytes(b"x")
        for name in names:
            (store.bucket / "many" / name).write_bytes(b"x")
        store.start()
        folders, files = bucket.listdir("many")
        assert (folders, sorted(files)) == (["below"], names)

    def test_a_wrong_secret_or_name_is_no_lost_file(self, store):
        ask = (
            lambda bucket: bucket.open("evidence/no"),
            lambda bucket: bucket.exists("evidence/no"),
            lambda bucket: bucket.listdir(""),
            lambda bucket: bucket.save("evidence/no", ContentFile(b"1")),
        )
        for each in ask:
            with pytest.raises(OSError, match=r"403|SignatureDoesNotMatch"):
                each(Bucket(store.address, REGION, KEY, "wrong"))
        for each in ask[2:]:
            with pytest.raises(OSError, match="NoSuchBucket"):
                each(Bucket(f"{store.address}-other", REGION, KEY, SECRET))

    def test_one_that_is_gone_is_left_alone_for_a_while(self, bucket, store, clock, caplog):
        name = bucket.save("evidence/ab/kept", ContentFile(b"1"))
        store.stop()
        with pytest.raises(OSError, match="Could not connect"):
            bucket.open(name)
        for ask in (bucket.open, bucket.exists, bucket.listdir, bucket.delete):
            with pytest.raises(OSError, match="did not answer a moment ago"):
                ask(name)
        store.start()
        clock.now += LEFT_ALONE + 1
        assert bucket.open(name).read() == b"1"
        assert [record.getMessage() for record in caplog.records if record.name == NAME] == [
            "The storage of uploaded files is gone.",
            "The storage of uploaded files is back.",
        ]

    def test_one_that_says_nothing_is_given_up(self, clock):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}/register"
            bucket = Bucket(address, REGION, KEY, SECRET, clock, patience=(0.1, 0.1))
            with pytest.raises(OSError, match="Read timeout"):
                bucket.open("evidence/ab/kept")
            with pytest.raises(OSError, match="did not answer a moment ago"):
                bucket.open("evidence/ab/kept")

    def test_nobody_waits_long(self):
        assert TIMES * max(PATIENCE) < 10


class Poor(BaseHTTPRequestHandler):
    """A storage that breaks off each file it sends, and keeps the heads of what it is sent."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(b"the first ")
        self.close_connection = True

    def do_PUT(self):
        self.server.heads = {name.lower() for name in self.headers}
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said):
        pass


@pytest.fixture
def poor():
    with ThreadingHTTPServer(("127.0.0.1", 0), Poor) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.fixture
def poor_bucket(poor, clock):
    address = f"http://127.0.0.1:{poor.server_port}/register"
    return Bucket(address, REGION, KEY, SECRET, clock, patience=LONG)


class TestPoorStorage:
    def test_a_file_that_breaks_off_is_not_opened(self, poor_bucket):
        with pytest.raises(OSError, match="Max Retries Exceeded"):
            poor_bucket.open("evidence/ab/kept")

    def test_is_sent_no_checksum_that_it_may_not_know(self, poor, poor_bucket):
        poor_bucket._save("evidence/ab/new", ContentFile(b"some bytes"))
        assert not {name for name in poor.heads if "checksum" in name or "trailer" in name}


@pytest.mark.parametrize(
    "address", ["https://files.example/register", "https://register.s3.example"]
)
def test_a_bucket_is_asked_for_under_the_address_it_was_given(address):
    assert Bucket(address, REGION, KEY, SECRET).url("evidence/a") == f"{address}/evidence/a"


# --- The register with it ------------------------------------------------------------------------


@pytest.fixture
def register_in(store, settings, tmp_path):
    """The settings, as they are where `MEDIA_BUCKET` is set."""
    settings.MEDIA_ROOT = tmp_path / "unused"
    settings.POSTGRESQL_PROGRAMS = programs()
    options = {"address": store.address, "region": REGION, "key": KEY, "secret": SECRET}
    options["patience"] = LONG
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tracker.bucket.Bucket", "OPTIONS": options}
    }
    yield store
    assert not (tmp_path / "unused").exists()


@pytest.fixture
def evidence(register_in, transactional_db):
    target = make_target(make_commitment(code="ZZ-900"))
    found = make_evidence(make_observation(target.indicator, period="2023", value=270))
    reassess(Commitment.objects.all())
    yield found
    # Of no other test.
    default_storage._wrapped._left_alone_until = 0


@pytest.fixture
def reader():
    return Client(raise_request_exception=False)


def address(evidence):
    return f"/en/evidence/{evidence.key}/"


def test_only_what_is_published_is_sent_and_inert(reader, evidence):
    answer = reader.get(address(evidence))
    assert answer.getvalue() == PDF
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    draft = make_evidence(make_update(Commitment.objects.get(), published=False))
    assert default_storage.exists(draft.file.name)
    assert reader.get(address(draft)).status_code == 404


def test_a_lost_file_is_said_to_be_lost(reader, evidence):
    default_storage.delete(evidence.file.name)
    answer = reader.get(address(evidence))
    assert answer.status_code == 404
    assert "cannot be read at the moment" in answer.content.decode()


def test_an_unreachable_storage_breaks_no_page_and_loses_no_form(reader, evidence, register_in):
    promise = Commitment.objects.get()
    register_in.stop()
    assert reader.get(promise.get_absolute_url()).status_code == 200
    answer = reader.get(address(evidence))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Files cannot be read or stored at the moment" in answer.content.decode()
    # Staff are not told to add it again.
    reader.force_login(make_staff("editor", promise.lead_agency))
    figure = evidence.observation
    seen = f"/en/admin/commitments/observation/{figure.pk}/evidence/{evidence.pk}/"
    assert reader.get(seen).status_code == 503
    before = Evidence.objects.count()
    form = "/en/admin/commitments/observation/add/"
    typed = sent(reader.get(form)) | {
        "indicator": figure.indicator.pk,
        "period": "2024",
        "value": "300",
        "published_on": "2025-02-01",
        "source_zh": "统计公报，第三页",
        "evidence-0-upload": ContentFile(PDF, "a.pdf"),
    }
    answer = reader.post(form, typed)
    text = answer.content.decode()
    assert answer.status_code == 503, text
    assert "统计公报，第三页" in text
    assert "Files do not come along" in text
    assert (Evidence.objects.count(), Observation.objects.count()) == (before, 1)
    register_in.start()
    default_storage._wrapped._left_alone_until = 0
    assert reader.get(address(evidence)).getvalue() == PDF


def test_a_long_file_that_cannot_be_asked_for_is_not_forgotten(reader, evidence, register_in):
    file = LongFile.objects.create(
        key="k" * 32,
        ext="xlsx",
        language="en",
        today=timezone.localdate(),
        name="a.xlsx",
        asked_at=timezone.now(),
        finished_at=timezone.now(),
        total=1,
        size=1,
        file=default_storage.save("made/kkk", ContentFile(b"x")),
    )
    page = f"/en/long-files/{file.key}/"
    assert reader.get(page).status_code == 200
    register_in.stop()
    assert reader.get(page).status_code == 503
    assert LongFile.objects.get().file.name == file.file.name


def test_a_backup_brings_back_what_it_held(reader, evidence, tmp_path):
    said = StringIO()
    call_command("backup", str(tmp_path), stdout=said)
    folder = Path(said.getvalue().strip())
    default_storage.delete(evidence.file.name)
    with pytest.raises(CommandError, match="1 uploaded files are missing"):
        call_command("backup", str(tmp_path / "second"), stdout=StringIO())
    said = StringIO()
    call_command("restore", str(folder), replace=True, stdout=said)
    assert "evidence: in order" in said.getvalue()
    assert reader.get(address(evidence)).getvalue() == PDF


def test_nothing_is_restored_while_the_files_have_no_place(evidence, register_in, tmp_path):
    said = StringIO()
    call_command("backup", str(tmp_path), stdout=said)
    register_in.stop()
    later = make_commitment(code="ZZ-901")
    with pytest.raises(CommandError, match=r"Nothing was restored\. The storage of uploaded files"):
        call_command("restore", said.getvalue().strip(), replace=True)
    assert Commitment.objects.filter(pk=later.pk).exists()


def test_verify_and_clean_see_what_no_record_names(evidence, register_in):
    left = make_evidence(evidence.observation)
    Evidence.objects.filter(pk=left.pk).delete()
    stored = register_in.bucket / left.file.name
    long_ago = (timezone.now() - dt.timedelta(days=2)).timestamp()
    register_in.stop()
    os.utime(stored, (long_ago, long_ago))
    register_in.start()
    lines = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=StringIO(), stderr=lines)
    assert f"{left.file.name}: no record names this file" in lines.getvalue()
    call_command("clean_evidence", stdout=StringIO())
    assert not stored.exists()
    assert default_storage.exists(evidence.file.name)
