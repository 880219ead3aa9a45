"""Figures for Prometheus, at an address of their own that the public cannot reach.

Each process counts in files that all of them can read, so whichever process is asked answers for
the whole node. What the server itself knows (connections, requests, memory of its workers) granian
tells at another address: docs/deploy.md.
"""

import os
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication

from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from tracker.standbys import GONE, LAGS, databases

ANSWERS = Counter(
    "register_answers", "Answers that were made, by page and status", ["page", "status"]
)
SECONDS = Histogram(
    "register_answer_seconds",
    "Seconds until an answer was made, by page",
    ["page"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)


def answered(page: str, status: int, seconds: float) -> None:
    ANSWERS.labels(page, f"{status // 100}xx").inc()
    SECONDS.labels(page).observe(seconds)


class Databases:
    """How this process sees the databases, looked at when the figures are asked for."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # Nothing is asked before the figures are.

    def collect(self) -> Iterator[GaugeMetricFamily]:
        databases.look()
        up = GaugeMetricFamily("register_database_up", "Whether it answers", labels=["database"])
        lags = GaugeMetricFamily("register_database_lags", "Too far behind", labels=["database"])
        for alias, state in databases.states.items():
            up.add_metric([alias], state != GONE)
            lags.add_metric([alias], state == LAGS)
        yield up
        yield lags
        yield GaugeMetricFamily(
            "register_revision", "The number of what the public sees", databases.revision or 0
        )
        yield GaugeMetricFamily(
            "register_revision_age_seconds", "Since it was read", databases.age()
        )


class Server(WSGIServer):
    # Every process listens at the same address, and the system gives a question to one of them.
    allow_reuse_port = True


class Quiet(WSGIRequestHandler):
    timeout = 5

    def log_message(self, format: str, *args: object) -> None:
        pass


def application() -> WSGIApplication:
    registry = REGISTRY
    # A name of the library's own, which it looks for in the environment and nowhere else.
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Databases())
    return make_wsgi_app(registry)


def serve(host: str, port: int) -> None:
    """Answer at the address in a thread of this process."""
    server = make_server(host, port, application(), Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
