"""A client that asks a server on this machine, and what that cost the server."""

import http.client
import os
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 32


@dataclass(frozen=True)
class Cost:
    """Of one answer: seconds that a reader waits, seconds of processor that the servers work."""

    waited: float
    worked: float


def tree(pid):
    """A process and all that it started."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has just ended.
        children.setdefault(int(fields[1]), []).append((int(stat.parent.name), fields))
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        found += children.get(parent, [])
        waiting += [child for child, _fields in children.get(parent, [])]
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [(pid, own), *found]


def worked(pids):
    """Seconds of processor of some processes and their children, the ended ones too."""
    every = {pid: fields for each in pids for pid, fields in tree(each)}
    return sum(sum(map(int, fields[11:15])) for fields in every.values()) / TICKS


def memory(pid):
    """The largest resident memory of a process of the tree, in MB."""
    pages = max(int(fields[21]) for _pid, fields in tree(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ask(port, path, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def one_by_one(port, path, headers, pids, *, most_seconds=1.5, most=15):
    """The cost of one answer, of some asked one after another on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    waits, before, end = [], worked(pids), time.monotonic() + most_seconds
    while not waits or (len(waits) < most and time.monotonic() < end):
        began = time.perf_counter()
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        waits.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"script/bench: {path} answered {answer.status}")
    connection.close()
    return Cost(statistics.median(waits), (worked(pids) - before) / len(waits))


def all_at_once(port, path, headers, pids, seconds, core):
    """The cost of one answer under as much load as the client makes; `waited` is its share of the
    time, so the answers of a second are one by it."""
    before = worked(pids)
    count, took = (wrk if shutil.which("wrk") else crowd)(port, path, headers, seconds, core)
    return Cost(took / count, (worked(pids) - before) / count)


def wrk(port, path, headers, seconds, core):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command += [f"-H{name}: {value}" for name, value in headers]
    said = subprocess.run(
        ["taskset", "-c", str(core), *command, f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in said and "If-None-Match" not in dict(headers):
        raise SystemExit(f"script/bench: {path} did not answer well\n{said}")
    count, took = re.search(r"(\d+) requests in ([\d.]+)s", said).groups()
    return int(count), float(took)


def crowd(port, path, headers, seconds, core):
    """The same without wrk: slower, but what an answer costs the server shows all the same."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()
    selector = selectors.DefaultSelector()
    for _number in range(CONNECTIONS):
        reader = socket.create_connection(("127.0.0.1", port))
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader.sendall(request)
        selector.register(reader, selectors.EVENT_READ, [b""])
    count, began = 0, time.monotonic()
    while time.monotonic() < began + seconds:
        for key, _events in selector.select(1):
            held = key.data
            held[0] += key.fileobj.recv(262_144)
            if is_whole(held[0]):
                held[0] = b""
                count += 1
                key.fileobj.sendall(request)
    took = time.monotonic() - began
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return count, took


def is_whole(answer):
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return len(body) >= (int(length[1]) if length else 0)
