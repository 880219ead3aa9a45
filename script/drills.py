"""What script/cluster does to its machines under load, and what was lost by it.

Readers ask for public pages; one member of staff enters themes and sends again what came back
unsaved. After each drill the database must hold exactly what was acknowledged, each with its line
in the history, and the standby must hold the same.
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import re
import secrets
import socket
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

READERS, SLOW_CLIENTS, STAMPEDE = 4, 200, 500
PAGES = (
    "/",
    "/en/commitments/",
    "/commitments/?plan=xulan-example",
    "/commitments/XL-001/",
    "/method/",
)
# Before the drill, with what failed, and after it came back.
BEFORE, DURING, AFTER = 2.0, 6.0, 4.0
# A standby asks for its primary again every five seconds.
TO_CATCH_UP = 20.0

# What the clerk's records are in a database, and what the history says of them.
HELD = """
import json
from commitments.models import Entry, Theme
held = Theme.objects.filter(code__startswith="drill-")
told = Entry.objects.filter(kind="commitments.theme", action="created")
print(json.dumps([[*held.values_list("code", flat=True)], [*told.values_list("name", flat=True)]]))
"""


class Readers:
    """Threads that read public pages, each from an address of its own, as citizens do."""

    def __init__(self, port: int) -> None:
        self.port, self.stopping = port, threading.Event()
        self.answers: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.threads = [threading.Thread(target=self.read, args=(n,)) for n in range(READERS)]

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def read(self, number: int) -> None:
        source = (f"127.0.0.{10 + number}", 0)
        for turn in itertools.count(number):
            if self.stopping.is_set():
                return
            # Every other page is one that nobody has asked for yet: it is not in memory.
            page = PAGES[turn % len(PAGES)]
            if turn % 2:
                page += f"{'&' if '?' in page else '?'}q={number}-{turn}"
            began_at = time.perf_counter()
            told = answer(self.port, page, source)
            self.seconds.append(time.perf_counter() - began_at)
            self.answers[told] += 1
            time.sleep(0.02)

    @property
    def failed(self) -> int:
        return sum(count for told, count in self.answers.items() if told != "200")


def answer(port: int, page: str, source: tuple[str, int]) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
    try:
        connection.request("GET", page)
        response = connection.getresponse()
        body = response.read()
        whole = response.status != 200 or b"</html>" in body
        return str(response.status) if whole else "cut off"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


class Form(HTMLParser):
    """The fields of the last form of a page that has a submit button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.fields = {} if values.get("method", "").lower() == "post" else self.fields
        elif tag == "input" and values.get("name") and values.get("type") != "submit":
            self.fields[str(values["name"])] = values.get("value") or ""


class Clerk:
    """Enters one theme after another, and sends again what came back unsaved."""

    ADD = "/admin/commitments/theme/add/"

    def __init__(self, port: int, password: str) -> None:
        self.base, self.stopping = f"http://127.0.0.1:{port}", threading.Event()
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies, NoRedirects())
        self.acknowledged: list[str] = []
        self.attempted: set[str] = set()
        self.came_back = self.cut = 0
        self.thread = threading.Thread(target=self.work)
        form = Form(self.ask("/admin/login/")[1]).fields
        login = form | {"username": "drill", "password": password, "next": "/admin/"}
        if self.ask("/admin/login/", login)[0] != 302:
            raise SystemExit("script/cluster: the drill cannot log in.")

    def __enter__(self) -> "Clerk":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        self.thread.join()

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """(status, page); status 0 when no answer came."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.base + path, data, timeout=60) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""

    def work(self) -> None:
        while not self.stopping.is_set():
            self.send(*self.open())

    def open(self) -> tuple[str, dict[str, str]]:
        """A new code, and the form that is filled in with it."""
        code = f"drill-{secrets.token_hex(8)}"
        status, page = self.ask(self.ADD)
        while status != 200:
            time.sleep(0.5)
            status, page = self.ask(self.ADD)
        self.attempted.add(code)
        return code, Form(page).fields | {"code": code, "name_zh": code, "name_en": code}

    def add(self, other: "Clerk") -> None:
        self.acknowledged += other.acknowledged
        self.attempted |= other.attempted
        self.came_back += other.came_back
        self.cut += other.cut

    def send(self, code: str, form: dict[str, str]) -> None:
        for _attempt in range(120):
            status, page = self.ask(self.ADD, form)
            if status in (200, 302):
                # A form that was saved before its answer was cut off is not saved again.
                if status == 302 or "already" in page or "已" in page:
                    self.acknowledged.append(code)
                return
            if status == 503 and 'type="hidden"' in page:
                # The page that gives the form back: what it holds is what was typed.
                self.came_back += 1
                given = Form(page).fields
                assert given == form, (given, form)
            elif status != 429:  # Many people at one address are asked to wait.
                self.cut += 1
            time.sleep(0.5)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Drills:
    def __init__(self, cluster: Any, password: str) -> None:
        self.cluster, self.password = cluster, password
        self.rows: list[tuple[str, ...]] = []
        self.is_good = True

    def drill(self, name: str, fail: Callable[[], None], mend: Callable[[], None]) -> None:
        """Fail something under load, mend it, and count."""
        print(name, "...", flush=True)
        clerk, other = (Clerk(self.cluster.port, self.password) for _person in range(2))
        with Readers(self.cluster.port) as readers, clerk:
            time.sleep(BEFORE)
            # Somebody has a form open when it happens, and sends it then.
            code, form = other.open()
            sending = threading.Thread(target=other.send, args=(code, form))
            fail()
            sending.start()
            time.sleep(DURING)
            mend()
            time.sleep(AFTER)
            sending.join()
        clerk.add(other)
        lost = self.lost(clerk)
        self.is_good &= lost == 0
        self.row(name, readers, clerk, lost)

    def lost(self, clerk: Clerk) -> int:
        """How many writes are not as they were acknowledged; the standby may need a moment."""
        on_primary = self.lost_in("register_app", self.cluster.primary, clerk)
        deadline = time.monotonic() + TO_CATCH_UP
        while on_standby := self.lost_in("register_read", self.cluster.standby, clerk):
            if time.monotonic() > deadline:
                break
            time.sleep(1)
        return max(on_primary, on_standby)

    def lost_in(self, role: str, server: Any, clerk: Clerk) -> int:
        url = {"DATABASE_URL": server.url(role)}
        told = json.loads(self.cluster.manage("shell", "-v", "0", "-c", HELD, **url))
        held, history = (Counter(each) for each in told)
        missing = set(clerk.acknowledged) - held.keys()
        unlike_history = {code for code in clerk.attempted if held[code] != history[code]}
        twice = {code for code in clerk.attempted if held[code] > 1}
        return len(missing | unlike_history | twice)

    # --- Many at once ----------------------------------------------------------------------------

    def slow_clients(self) -> None:
        name = f"{SLOW_CLIENTS} clients that send a byte a second"
        print(name, "...", flush=True)
        sockets = []
        for number in range(SLOW_CLIENTS):
            each = socket.create_connection(
                ("127.0.0.1", self.cluster.port), source_address=(f"127.0.1.{number % 100}", 0)
            )
            each.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            sockets.append(each)
        with Readers(self.cluster.port) as readers:
            for _second in range(12):
                for each in sockets:
                    with contextlib.suppress(OSError):  # Let go, as it should be.
                        each.sendall(b"x")
                time.sleep(1)
        let_go = sum(is_closed(each) for each in sockets)
        self.row(f"{name}; {let_go} of them were let go within 12 s", readers)

    def ambiguous(self) -> None:
        """Requests of which two servers could read different ends: none may reach a node."""
        print("Requests with two ends ...", flush=True)
        hidden = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        heads = (
            f"Content-Length: {len(hidden)}\r\nTransfer-Encoding: chunked",
            "Content-Length: 0\r\nContent-Length: 40",
            "Content-Length: 0, 40",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: xchunked",
        )
        readers = Readers(self.cluster.port)
        for head in heads:
            began_at = time.perf_counter()
            with socket.create_connection(("127.0.0.1", self.cluster.port), 5) as raw:
                lines = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n\r\n0\r\n\r\n{hidden}"
                raw.sendall(lines.encode())
                found = b""
                with contextlib.suppress(TimeoutError):
                    while part := raw.recv(65_536):
                        found += part
            told = found[9:12].decode()
            is_refused = told in ("400", "501") and found.count(b"HTTP/1.1 ") == 1
            readers.answers["200" if is_refused else f"{told} for {head!r}"] += 1
            readers.seconds.append(time.perf_counter() - began_at)
        self.is_good &= readers.failed == 0
        self.row("Requests with two ends (smuggling), each refused by nginx", readers)

    def stampede(self) -> None:
        page = f"/commitments/?plan=xulan-example&q=stampede-{time.time_ns()}"
        name = f"{STAMPEDE} requests at once for a page that nobody has made yet"
        print(name, "...", flush=True)
        before = self.made()
        answers, seconds = asyncio.run(all_at_once(self.cluster.port, page))
        made = self.made() - before
        processes = 2 * len(self.cluster.nodes)
        self.is_good &= made <= processes and set(answers) == {"200"}
        failed = ", ".join(f"{n} × {told}" for told, n in answers.items() if told != "200")
        self.rows.append(
            (
                f"{name}; made {made} times by {processes} processes",
                str(STAMPEDE),
                failed or "0",
                f"{1000 * statistics.median(seconds):.0f} / {max(seconds):.1f}",
                "–",
                "–",
                "0",
            )
        )

    def backup(self) -> None:
        """Back up under load, restore beside it, verify, and compare what the public is given."""
        name = "A backup under load, restored into another database and verified"
        print(name, "...", flush=True)
        copy = {"DATABASE_URL": self.cluster.primary.url("register_owner", "register_copy")}
        with tempfile.TemporaryDirectory() as folder:
            clerk = Clerk(self.cluster.port, self.password)
            with Readers(self.cluster.port) as readers, clerk:
                time.sleep(BEFORE)
                made = self.cluster.manage("backup", folder).strip()
                self.cluster.make_copy()
                copy["MEDIA_DIR"] = f"{folder}/media"
                # It fails, and says so, if the copy is not whole.
                self.cluster.manage("restore", made, **copy)
            again = self.cluster.manage("backup", folder).strip()
            self.cluster.manage("restore", again, "--replace", **copy)
            same = self.public(folder) == self.public(folder, **copy)
        self.is_good &= same
        told = "the same byte for byte" if same else "NOT THE SAME"
        name = f"{name}; of a second one, in quiet, the public's whole archive is {told}"
        self.row(name, readers, clerk, self.lost(clerk))

    def public(self, folder: str, **more: str) -> bytes:
        """All that the public may have, as one archive."""
        place = Path(folder) / "public.zip"
        self.cluster.manage("export_archive", str(place), **more)
        return place.read_bytes()

    def row(
        self, name: str, readers: "Readers", clerk: "Clerk | None" = None, lost: int = 0
    ) -> None:
        failed = ", ".join(f"{n} × {told}" for told, n in readers.answers.items() if told != "200")
        self.rows.append(
            (
                name,
                str(sum(readers.answers.values())),
                failed or "0",
                f"{1000 * statistics.median(readers.seconds):.0f} / {max(readers.seconds):.1f}",
                str(len(clerk.acknowledged)) if clerk else "–",
                f"{clerk.came_back} / {clerk.cut}" if clerk else "–",
                str(lost),
            )
        )

    def made(self) -> int:
        """How often the list was made by all nodes, as their figures say."""
        total = 0
        for node in self.cluster.nodes:
            url = f"http://127.0.0.1:{node.metrics_port}/metrics"
            with urllib.request.urlopen(url, timeout=10) as found:
                text = found.read().decode()
            counted = re.search(
                r'^register_answers_total\{page="commitments",status="2xx"\} (\S+)', text, re.M
            )
            total += int(float(counted[1])) if counted else 0
        return total


def is_closed(each: Any) -> bool:
    try:
        each.setblocking(False)
        return each.recv(1000) is not None
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        each.close()


async def all_at_once(port: int, page: str) -> tuple[Counter[str], list[float]]:
    start = asyncio.Event()

    async def ask(number: int) -> tuple[str, float]:
        source = (f"127.0.2.{number % 100}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
        await start.wait()
        began_at = time.perf_counter()
        writer.write(
            f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        )
        body = await reader.read(-1)
        writer.close()
        told = body[9:12].decode()
        whole = told != "200" or b"</html>" in body
        return (told or "no answer") if whole else "cut off", time.perf_counter() - began_at

    asked = [asyncio.create_task(ask(number)) for number in range(STAMPEDE)]
    await asyncio.sleep(1)
    start.set()
    found = await asyncio.gather(*asked)
    return Counter(told for told, _seconds in found), [seconds for _told, seconds in found]


def run_drills(cluster: Any, *, password: str) -> int:
    drills = Drills(cluster, password)
    node, standby, primary = cluster.nodes[0], cluster.standby, cluster.primary
    drills.drill("Nothing fails", lambda: None, lambda: None)
    drills.drill("A node is killed (-9), and started again", node.kill, node.start)
    drills.drill("A node is stopped (SIGTERM), and started again", node.stop, node.start)
    drills.drill("The standby is killed, and started again", standby.kill, standby.start)
    drills.drill("The primary is killed, and started again", primary.kill, primary.start)
    if primary.move_to_small_disk():
        name = "The primary's disk is full, and gets more room"
        drills.drill(name, primary.fill, primary.give_room)
    else:
        print("NOT DRILLED: a full disk, for only root may make a small one.")
    drills.slow_clients()
    drills.stampede()
    if cluster.nginx is not None:
        drills.ambiguous()
    drills.backup()
    head = (
        "Drill", "pages read", "failed", "ms median / s worst", "writes acknowledged",
        "forms given back / cut off", "lost",
    )  # fmt: skip
    print()
    for row in (head, ("---",) * len(head), *drills.rows):
        print("|", " | ".join(row), "|")
    print()
    print(cluster.script("kill_steps.py", role="register_app"))
    print(cluster.manage("verify", role="register_app"))
    print("All is as it should be." if drills.is_good else "NOT AS IT SHOULD BE, see above.")
    return 0 if drills.is_good else 1
