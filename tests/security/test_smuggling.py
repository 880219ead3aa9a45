"""nginx, with the very files of deploy/nginx, hands on no request that hides in another."""

import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
FILES = Path(__file__).resolve().parents[2] / "deploy" / "nginx"
HIDDEN = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = f"0\r\n\r\n{HIDDEN}"


def post(headers, body):
    return f"POST /en/report-error/ HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{body}"


SENT = {
    "both lengths": post(f"Content-Length: {len(CHUNKED)}\r\nTransfer-Encoding: chunked", CHUNKED),
    "both, the other first": post("Transfer-Encoding: chunked\r\nContent-Length: 4", CHUNKED),
    "two lengths": post(f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}", HIDDEN),
    "a list of lengths": post(f"Content-Length: 0, {len(HIDDEN)}", HIDDEN),
    "a signed length": post(f"Content-Length: +{len(HIDDEN)}", HIDDEN),
    "a negative length": post("Content-Length: -1", HIDDEN),
    "a space before the colon": post(
        f"Transfer-Encoding : chunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED
    ),
    "a tab in the name": post(
        f"Transfer\tEncoding: chunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED
    ),
    "an unknown coding": post(
        f"Transfer-Encoding: xchunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED
    ),
    "two codings": post(
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"
        f"Content-Length: {len(CHUNKED)}",
        CHUNKED,
    ),
    "a folded coding": post(
        f"Transfer-Encoding:\r\n chunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED
    ),
    "an odd space": post(
        f"Transfer-Encoding: \x0bchunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED
    ),
    "an underscore": post(f"Transfer_Encoding: chunked\r\nContent-Length: {len(CHUNKED)}", CHUNKED),
    "a chunk too long": post("Transfer-Encoding: chunked", f"ffffffffffffffffff\r\n{HIDDEN}"),
    "a chunk with a sign": post("Transfer-Encoding: chunked", f"-1\r\n{HIDDEN}"),
    "an old version": post("Transfer-Encoding: chunked", CHUNKED).replace(
        "HTTP/1.1", "HTTP/1.0", 1
    ),
    "a line break in the path": (
        "GET /a%0d%0aX:%20y%0d%0a%0d%0aGET%20/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
    ),
    "a bare line break": "GET / HTTP/1.1\nHost: localhost\nX: a\rGET /hidden HTTP/1.1\n\n",
    "an absolute address": "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two hosts": "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "a change of protocol": "GET / HTTP/1.1\r\nHost: localhost\r\n"
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
}


class Node(threading.Thread):
    """Stands in for the application: notes each byte it is sent, and answers each request."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.heads = self.listener.getsockname()[1], []

    def run(self):
        while True:
            try:
                connection, _sender = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        held = b""
        with connection, suppress(ConnectionError):
            while more := connection.recv(65_536):
                held += more
                while b"\r\n\r\n" in held:
                    head, _end, held = held.partition(b"\r\n\r\n")
                    self.heads.append(head.decode("latin-1"))
                    length = [
                        int(line.partition(":")[2])
                        for line in self.heads[-1].split("\r\n")
                        if line.lower().startswith("content-length:")
                    ]
                    # What the head says is the body, and what follows it is the next request.
                    while length and len(held) < length[0]:
                        held += connection.recv(65_536)
                    held = held[length[0] if length else 0 :]
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(port, node) of an nginx with our files before a stand-in."""
    if NGINX is None:
        pytest.skip(
            "REQUEST SMUGGLING IS NOT TESTED: no nginx here (Debian: apt-get install nginx)"
        )
    folder, node, port = tmp_path_factory.mktemp("nginx"), Node(), free_port()
    node.start()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;\n"
        f"events {{}}\nhttp {{ {temporary}\naccess_log off;\n"
        f"upstream register {{ server 127.0.0.1:{node.port}; keepalive 4; }}\n"
        f"include {FILES}/register-limits.conf;\n"
        f"server {{ listen 127.0.0.1:{port}; server_name localhost;\n"
        f"set $register_static {folder}; set $register_pages {FILES};\n"
        f"include {FILES}/register-site.conf; }} }}\n"
    )
    nginx = subprocess.Popen([NGINX, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    for _try in range(100):
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.05)
    yield port, node
    nginx.terminate()
    nginx.wait(10)
    node.listener.close()


def ask(site, text):
    """The status of the first answer, and the heads that reached the node."""
    port, node = site
    node.heads.clear()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sender:
        sender.sendall(text.encode("latin-1"))
        answer = b""
        try:
            sender.settimeout(0.5)
            while more := sender.recv(65_536):
                answer += more
                sender.settimeout(0.1)
        except (TimeoutError, ConnectionError):
            pass
    return answer.split(b" ")[1:2], [*node.heads]


def test_a_plain_request_arrives(site):
    status, heads = ask(site, "GET /en/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert status == [b"200"]
    assert len(heads) == 1


@pytest.mark.parametrize("name", SENT)
def test_no_request_hides_in_another(site, name):
    _status, heads = ask(site, SENT[name])
    hidden = [head for head in heads if head.startswith("GET /hidden")]
    assert hidden == []
    assert all("X-Forwarded-Proto: http" in head for head in heads)
    assert all("X-Request-ID:" in head for head in heads)
    for head in heads:
        lengths = [line for line in head.lower().split("\r\n") if line.startswith("content-length")]
        codings = [line for line in head.lower().split("\r\n") if line.startswith("transfer-")]
        assert len(lengths) <= 1
        assert codings == []
        assert "upgrade" not in head.lower()
        assert "\nhost: evil" not in head.lower() or name == "an absolute address"


def test_what_a_sender_claims_of_itself_is_overwritten(site):
    claims = (
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Request-ID: mine-mine-mine\r\n"
        "Proxy: evil.example\r\nX_Forwarded_Proto: https\r\nConnection: close, X-Forwarded-For\r\n"
    )
    _status, [head] = ask(site, f"GET / HTTP/1.1\r\nHost: localhost\r\n{claims}\r\n")
    lines = head.split("\r\n")
    assert [line for line in lines if line.lower().startswith("x-forwarded-proto")] == [
        "X-Forwarded-Proto: http"
    ]
    assert [line for line in lines if "forwarded-for" in line.lower()] == [
        "X-Forwarded-For: 127.0.0.1"
    ]
    assert "mine-mine-mine" not in head
    assert "evil.example" not in head
    assert "X_Forwarded" not in head


def test_static_files_do_not_lead_out_of_their_folder(site):
    for path in (
        "/static/../nginx.conf",
        "/static/%2e%2e/nginx.conf",
        "/static../nginx.conf",
        "/static/..%2fnginx.conf",
    ):
        status, heads = ask(
            site, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        # Either refused here or no file of ours: the register answers what is no static file.
        assert status in ([b"404"], [b"400"]) or heads, path


def test_probes_and_methods_for_machines_are_closed(site):
    status, heads = ask(site, "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert status == [b"405"]
    assert heads == []
