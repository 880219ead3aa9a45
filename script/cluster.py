"""The machines of a city on one machine; script/cluster says how it is called."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from drills import run_drills
from postgres import binaries_in, short_folder, wait_until_ready

ROOT = Path(__file__).resolve().parent.parent
NODES, PROCESSES = 3, 2
PASSWORD = "correct-horse-battery-staple"
# As in production: what is acknowledged is on the disk.
HBA = "local all all trust\nlocal replication all trust\n"
# What a disk has left before the drill that fills it, and gets when somebody mends it; bytes.
LEFT, ADDED = 48 * 2**20, 512 * 2**20


class Postgres:
    """One server, reached by a socket in its own folder."""

    def __init__(self, cluster: "Cluster", name: str) -> None:
        self.folder = cluster.folder / name
        self.data, self.log = self.folder / "data", cluster.folder / f"{name}.log"
        self.binaries, self.as_user = cluster.binaries, cluster.as_user
        self.folder.mkdir()
        if self.as_user:
            os.chown(self.folder, self.as_user["user"], self.as_user["group"])
        self.process: subprocess.Popen[bytes] | None = None
        self.has_small_disk, self.is_mended = False, threading.Event()

    def run(self, program: str, *arguments: object) -> None:
        command = [self.binaries / program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, **self.as_user)
        if done.returncode:
            sys.exit(f"script/cluster: {program} failed:\n{done.stdout}{done.stderr}")

    def make(self) -> None:
        self.run(
            "initdb", "--pgdata", self.data, "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(HBA)

    def copy(self, primary: "Postgres") -> None:
        self.run(
            "pg_basebackup", "-h", primary.folder, "-U", "postgres", "-D", self.data,
            "--write-recovery-conf", "--checkpoint=fast", "--slot=standby_1", "--create-slot",
        )  # fmt: skip

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, "-h", "", "-k", self.folder],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, **self.as_user,
            )  # fmt: skip
        wait_until_ready(self.process, self.data, self.log)

    def kill(self) -> None:
        """As if the machine lost its power: every process of the server, at once."""
        assert self.process is not None
        # Each has a process group of its own.
        for pid in (self.process.pid, *children(self.process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def close(self) -> None:
        self.is_mended.set()
        self.stop()
        if self.has_small_disk:
            subprocess.run(["umount", self.data])

    # --- A disk that fills --------------------------------------------------------------------

    def move_to_small_disk(self) -> bool:
        """The same data on a disk with little left. False where nobody may make such a disk."""
        self.stop()
        kept = self.data.rename(self.folder / "before")
        self.data.mkdir(mode=0o700)
        used = sum(each.stat().st_blocks * 512 for each in kept.rglob("*"))
        size = f"size={used + LEFT}"
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "register", self.data])
        if made.returncode:
            self.data.rmdir()
            kept.rename(self.data)
        else:
            self.has_small_disk = True
            subprocess.run(["cp", "-a", f"{kept}/.", self.data], check=True)
        self.start()
        return not made.returncode

    def fill(self) -> None:
        """Write until there is no room, and try again and again, as a register in use does."""
        make = "CREATE TABLE filler (line text); ALTER TABLE filler ALTER line SET STORAGE EXTERNAL"
        # In a database beside the register's, which is backed up later.
        to_it = ("-h", self.folder, "-U", "postgres", "-d", "postgres")
        self.run("psql", *to_it, "-qc", make)
        add = "INSERT INTO filler SELECT repeat(md5(n::text), 250) FROM generate_series(1, 5000) n"

        def go_on() -> None:
            while not self.is_mended.wait(0.1):
                subprocess.run(
                    [self.binaries / "psql", *to_it, "-qc", add],
                    capture_output=True,
                    **self.as_user,
                )

        self.is_mended.clear()
        self.filler = threading.Thread(target=go_on)
        self.filler.start()
        deadline = time.monotonic() + 60
        while b"No space left on device" not in self.log.read_bytes():
            if time.monotonic() > deadline:
                sys.exit("script/cluster: the disk did not fill.")
            time.sleep(0.1)

    def give_room(self) -> None:
        """What an operator does: a larger disk, and the server started if it had given up."""
        size = shutil.disk_usage(self.data).total + ADDED
        subprocess.run(["mount", "-o", f"remount,size={size}", self.data], check=True)
        self.is_mended.set()
        self.filler.join()
        assert self.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
            self.start()

    def url(self, role: str, database: str = "register") -> str:
        return f"postgres://{role}@{quote(str(self.folder), safe='')}/{database}"


class Node:
    """granian with its processes, as the unit in deploy/systemd starts it."""

    def __init__(self, cluster: "Cluster", number: int) -> None:
        self.cluster, self.port, self.metrics_port = cluster, free_port(), free_port()
        self.counts = cluster.folder / f"metrics-{number}"
        self.log = cluster.folder / f"node-{number}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        shutil.rmtree(self.counts, ignore_errors=True)
        self.counts.mkdir()
        environment = self.cluster.environment("register_app") | {
            "DATABASE_REPLICA_URLS": self.cluster.standby.url("register_read"),
            "METRICS_ADDRESS": f"127.0.0.1:{self.metrics_port}",
            "PROMETHEUS_MULTIPROC_DIR": str(self.counts),
        }
        unit = (ROOT / "deploy/systemd/register.service").read_text()
        words = re.search(r"^ExecStart=((?:.*\\\n)*.*)$", unit, re.MULTILINE)
        assert words is not None
        command = words[1].replace("\\\n", " ").split()
        values = {
            "/srv/register/.venv/bin/python": sys.executable,
            "${WEB_ADDRESS}": "127.0.0.1", "${WEB_PORT}": str(self.port),
            "${WEB_WORKERS}": str(PROCESSES), "${WEB_THREADS}": "4", "9102": str(free_port()),
        }  # fmt: skip
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [values.get(word, word) for word in command],
                cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As systemd does: what was begun is finished."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(45)
            except subprocess.TimeoutExpired:
                self.kill()


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binaries, self.as_user = binaries_in(folder)
        folder.chmod(0o755)
        self.secret = secrets.token_urlsafe(64)
        self.primary, self.standby = Postgres(self, "primary"), Postgres(self, "standby")
        self.nodes = [Node(self, number) for number in range(1, NODES + 1)]
        self.nginx: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def environment(self, role: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | {
            "SECRET_KEY": self.secret,
            "DATABASE_URL": self.primary.url(role),
            "VAR_DIR": str(self.folder / "var"),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_PROXY": "yes",
            "LOG_FORMAT": "JSON",
            "ACCESS_LOG": "yes",
            "LOG_LEVEL": "ERROR",
            "POSTGRESQL_PROGRAMS": str(self.binaries),
        }

    def manage(self, *arguments: str, role: str = "register_owner", **more: str) -> str:
        return self.python("manage.py", *arguments, environment=self.environment(role) | more)

    def script(self, name: str, *, role: str) -> str:
        return self.python(f"script/{name}", environment=self.environment(role))

    def python(self, *arguments: str, environment: dict[str, str]) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"script/cluster: {arguments} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def make_copy(self) -> None:
        """An empty database beside the register's, for a backup to be restored into."""
        to_primary = ("-h", self.primary.folder, "-U", "postgres")
        self.primary.run("createdb", *to_primary, "--owner", "register_owner", "register_copy")

    def start(self) -> None:
        print("Starting a primary, a standby and", NODES, "nodes of", PROCESSES, "processes ...")
        self.primary.make()
        self.primary.start()
        self.primary.run("createdb", "-h", self.primary.folder, "-U", "postgres", "register")
        self.grant()
        self.manage("prepare")
        self.grant()
        self.manage(
            "createsuperuser", "--noinput", "--username", "drill", "--email", "drill@city.example",
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )  # fmt: skip
        self.standby.copy(self.primary)
        self.standby.start()
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            wait_for_port(node.port)
        self.start_nginx()

    def grant(self) -> None:
        self.primary.run(
            "psql", "-h", self.primary.folder, "-U", "postgres", "-d", "register", "-q",
            "-v", "ON_ERROR_STOP=1", "-f", self.readable(ROOT / "deploy/postgresql/roles.sql"),
        )  # fmt: skip

    def readable(self, path: Path) -> Path:
        """A copy that whoever runs PostgreSQL may read."""
        copied = self.folder / path.name
        copied.write_text(path.read_text())
        copied.chmod(0o644)
        return copied

    def start_nginx(self) -> None:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            print("NO NGINX HERE: it is left out, and the drills ask the first node alone.")
            print("Install it to drill all of it (Debian: apt-get install nginx-light).")
            self.port = self.nodes[0].port
            return
        folder, deploy = self.folder / "nginx", ROOT / "deploy/nginx"
        folder.mkdir()
        upstream = "".join(
            f"server 127.0.0.1:{node.port} max_fails=2 fail_timeout=5s;\n" for node in self.nodes
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        known = Path("/etc/nginx/mime.types")
        types = f"include {known};\n" if known.exists() else ""
        (folder / "nginx.conf").write_text(
            f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
            "worker_processes 2;\nevents { worker_connections 4096; }\n"
            f"http {{\n{types}{temporary}upstream register {{\n{upstream}keepalive 64;\n}}\n"
            f"include {deploy}/register-limits.conf;\n"
            f"server {{\nlisten 127.0.0.1:{self.port};\n"
            f"access_log {folder}/access.log register;\n"
            f"set $register_static {self.folder}/var/static;\nset $register_pages {deploy};\n"
            f"include {deploy}/register-site.conf;\n}}\n}}\n"
        )
        command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        self.nginx = subprocess.Popen(command, start_new_session=True)
        wait_for_port(self.port)

    def stop(self) -> None:
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait()
        for node in self.nodes:
            node.stop()
        for server in (self.standby, self.primary):
            server.close()


def children(parent: int) -> list[int]:
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = (line.split() for line in told.splitlines())
    return [int(pid) for pid, of in pairs if int(of) == parent]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"script/cluster: nothing listens at port {port}.")


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--serve"]):
        sys.exit("script/cluster: takes --serve or nothing")

    def stop(number: int, frame: Any) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    with tempfile.TemporaryDirectory(prefix="register-cluster-", dir=short_folder()) as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            if arguments:
                print(f"The cluster answers at http://127.0.0.1:{cluster.port}/ (Ctrl-C stops it).")
                signal.pause()
            return run_drills(cluster, password=PASSWORD)
        except KeyboardInterrupt:
            return 130
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
