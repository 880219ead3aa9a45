"""The scripts are run as a newcomer runs them: as programs, with an almost empty environment."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("cat", "cksum", "dirname", "rm", "mktemp")


def write_program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path):
    """A folder with the few programs the scripts may use, and this Python as python3."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))
    write_program(folder / "python3", f'exec "{sys.executable}" "$@"')
    return folder


@pytest.fixture
def clone(tmp_path):
    """A copy of the project that has never been started."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("commitments", "script", "templates", "tracker"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(script, *arguments, clone, programs):
    return subprocess.run(
        [clone / "script" / script, *arguments],
        env={"PATH": str(programs), "HOME": str(clone)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def refusal(script, *arguments, clone, programs):
    """What a script says when it refuses: one line, and nothing is left behind."""
    done = run(script, *arguments, clone=clone, programs=programs)
    assert done.returncode == 1
    assert done.stdout == ""
    assert not list(clone.glob(".venv*"))
    return done.stderr


@pytest.mark.parametrize("script", ["serve", "test"])
def test_says_that_python_is_missing(script, clone, programs):
    (programs / "python3").unlink()
    assert refusal(script, clone=clone, programs=programs) == (
        f"script/{script}: needs Python 3.11 or newer, and there is no python3 on the PATH.\n"
    )


@pytest.mark.parametrize("script", ["serve", "test"])
def test_says_that_python_is_too_old(script, clone, programs):
    write_program(
        programs / "python3", "case $2 in *print*) echo 3.9 ;; *) exit 1 ;; esac # an old one"
    )
    assert refusal(script, clone=clone, programs=programs) == (
        f"script/{script}: needs Python 3.11 or newer, but python3 is 3.9;"
        " install a newer one beside it.\n"
    )


@pytest.mark.parametrize("script", ["serve", "test"])
def test_says_that_venv_is_missing(script, clone, programs):
    write_program(
        programs / "python3",
        f'case $2 in *ensurepip*) exit 1 ;; esac; exec "{sys.executable}" "$@"',
    )
    arguments = [f"127.0.0.1:{free_port()}"] if script == "serve" else []
    assert refusal(script, *arguments, clone=clone, programs=programs) == (
        f"script/{script}: python3 cannot make virtual environments;"
        " on Debian or Ubuntu: apt-get install python3-venv\n"
    )


def test_takes_a_newer_python_that_lies_beside_an_old_one(clone, programs):
    (programs / "python3").rename(programs / "python3.12")
    write_program(programs / "python3", "case $2 in *print*) echo 3.9 ;; *) exit 1 ;; esac")
    assert "nowhere" in refusal("serve", "nowhere", clone=clone, programs=programs)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("8001", "'8001' is not an address; write it as HOST:PORT"),
        ("127.0.0.1:", "'127.0.0.1:' is not an address"),
        ("127.0.0.1:0", "'127.0.0.1:0' is not an address"),
        ("127.0.0.1:65536", "'127.0.0.1:65536' is not an address"),
        ("127.0.0.1:８０", "is not an address"),
        ("::1:8000", "'::1:8000' is not an address"),
        ("$(id):8000", "'$(id):8000' is not an address"),
        ("no-such-host.invalid:8000", "there is no host 'no-such-host.invalid'"),
        ("192.0.2.1:8000", "cannot listen on 192.0.2.1:8000"),
    ],
)
def test_refuses_an_address_it_cannot_listen_on(address, message, clone, programs):
    said = refusal("serve", address, clone=clone, programs=programs)
    assert said.startswith("script/serve: ")
    assert message in said
    assert "for example script/serve 127.0.0.1:8001" in said
    assert said.count("\n") == 1


def test_names_another_port_when_the_port_is_taken(clone, programs):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal("serve", f"127.0.0.1:{port}", clone=clone, programs=programs)
    assert said == (
        f"script/serve: port {port} is taken by another program;"
        f" choose another: script/serve 127.0.0.1:{port + 1}\n"
    )


def test_the_suite_does_not_take_another_database_for_postgresql(clone, programs):
    done = subprocess.run(
        [clone / "script" / "test"],
        env={"PATH": str(programs), "TEST_DATABASE_URL": "sqlite:////tmp/x"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("script/test: TEST_DATABASE_URL must be a PostgreSQL address")


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def pretend_installed(clone):
    """Give the clone this very environment as its .venv, stamped as script/serve does."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    write_program(clone / ".venv" / "bin" / "python", f'exec "{sys.executable}" "$@"')
    with (clone / "requirements.txt").open("rb") as lock:
        checksum = subprocess.check_output(["cksum"], stdin=lock, text=True).strip()
    version = "{}.{}".format(*sys.version_info)
    (clone / ".venv" / "stamp").write_text(f"{checksum} {version} {clone}\n", encoding="utf-8")


class Served:
    """A running script/serve; `said` is what it printed, complete after `stop`."""

    def __init__(self, clone, programs):
        self.address = f"http://127.0.0.1:{free_port()}"
        self.log = clone / "said"
        started = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [clone / "script" / "serve", self.address.removeprefix("http://")],
                env={"PATH": str(programs), "HOME": str(clone)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        while self.process.poll() is None and not self.answers():
            assert time.monotonic() < started + 180, self.said
            time.sleep(0.05)
        assert self.process.poll() is None, self.said

    @property
    def said(self):
        return self.log.read_text(encoding="utf-8")

    def answers(self):
        try:
            return self.get("/admin/login/").status == 200
        except urllib.error.URLError:
            return False

    def get(self, path):
        return urllib.request.urlopen(f"{self.address}{path}", timeout=10)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


def logs_in(address, password):
    cookies = http.cookiejar.CookieJar()
    client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    page = client.open(f"{address}/admin/login/").read().decode()
    form = {
        "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1],
        "username": "admin",
        "password": password,
    }
    client.open(f"{address}/admin/login/?next=/admin/", urllib.parse.urlencode(form).encode())
    return any(cookie.name == "sessionid" for cookie in cookies)


def test_serves_a_fresh_clone_and_does_nothing_twice(clone, programs):
    pretend_installed(clone)
    first = Served(clone, programs)
    try:
        assert f"In Chinese:   {first.address}/\n" in first.said
        assert f"In English:   {first.address}/en/\n" in first.said
        assert f"Staff:        {first.address}/admin/ and" in first.said
        password = re.search(r"^    admin +(\S+)", first.said, re.MULTILINE)[1]
        assert logs_in(first.address, password)
        assert not logs_in(first.address, "admin")

        page = first.get("/admin/login/").read().decode()
        style = first.get(re.search(r'href="(/static/admin/css/base\.[^"]+\.css)"', page)[1])
        assert "immutable" in style.headers["Cache-Control"]

        again = run("serve", first.address.removeprefix("http://"), clone=clone, programs=programs)
        assert again.returncode == 1
        assert "is taken by another program" in again.stderr
    finally:
        assert first.stop() == 0
    assert "Traceback" not in first.said

    second = Served(clone, programs)
    try:
        assert not re.search(r"^    admin +\S", second.said, re.MULTILINE)
        assert "changepassword admin" in second.said
        assert "Bringing" not in second.said
        assert "Compressing" not in second.said
        assert " added" not in second.said
        assert logs_in(second.address, password)
    finally:
        assert second.stop() == 0


def press_ctrl_c(process):
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells the whole group


@pytest.mark.parametrize("stop", [press_ctrl_c, subprocess.Popen.terminate])
def test_leaves_no_postgresql_behind_when_it_is_stopped(stop, tmp_path):
    mark = tmp_path / "url"
    command = f'echo "$DATABASE_URL" >{mark}.part; mv {mark}.part {mark}; exec sleep 60'
    process = subprocess.Popen(
        [sys.executable, ROOT / "script" / "with-postgres", "sh", "-c", command],
        env={"PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not mark.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    place = urllib.parse.urlsplit(mark.read_text(encoding="utf-8").strip()).netloc
    folder = Path(urllib.parse.unquote(place.removeprefix("register@")))
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    stop(process)
    _nothing, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert said == ""
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_passes_on_how_the_command_ended(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "script" / "with-postgres", "sh", "-c", "exit 7"],
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 7


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_pins_hashes_and_names_no_place(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    pinned = [line for line in lines if not line.startswith(" ")]
    assert pinned
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+ \\", line) for line in pinned)
    hashes = [line for line in lines if line.startswith(" ")]
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)
    assert not re.search(r"https?:|file:|/\w+/", text.replace("script/lock", ""))


def test_development_runs_the_very_libraries_of_production():
    production, development = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    )
    assert production.items() <= development.items()
