"""``/metrics`` for Prometheus and ``/healthz``, on a small port of their own: ``WIREWATCH_METRICS=127.0.0.1:9464``.

Everything is read from the database when it is asked for, so the figures are those of all processes together, and one
address tells them, however many workers there are. ``wirewatch run`` serves it when the variable is set; beside
separate workers ``python -m worker.metrics`` does.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker import alarms, health, logs, polling
from worker.db import DatabaseUrlError, make_engine, reading
from worker.settings import SettingsError, settings
from worker.store import coverage, figures

BOUNDS: Final = (5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)  # seconds from publication to delivery
AT_ONCE: Final = 64
LATE_COMMIT: Final = timedelta(minutes=10)  # more than passes from a delivery to the commit that tells of it


class Archive(Collector):
    """What the database knows, as metrics."""

    def __init__(self, engine: Engine) -> None:
        """Count delays from this moment on; the other counters go back to the first day."""
        self._engine = engine
        self._lock = threading.Lock()
        self._began = datetime.now(UTC)
        self._counted: frozenset[int] = frozenset()
        self._delays = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that the database is not asked at the start."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read everything in one transaction."""
        now = datetime.now(UTC)
        with self._lock, reading(self._engine) as session:
            found = figures.read(session)
            queue = polling.left(session, now)
            holding = alarms.holding(coverage.picture(session, now))
            sent = figures.delays(session, max(self._began, now - LATE_COMMIT))
            for delivery, delay in sent.items():
                if delivery not in self._counted:
                    self._delays[bisect_left(BOUNDS, delay)] += 1
                    self._seconds += delay
            self._counted = frozenset(sent)
            delays, seconds = list(self._delays), self._seconds
        polls = {"ok": found.polls - found.failed, "failed": found.failed}
        yield _counter("polls", "Polls of feeds.", "outcome", polls)
        yield CounterMetricFamily("wirewatch_entries", "Entries that feeds carried.", value=found.entries)
        yield _gauge("articles", "Articles on record.", "state", found.articles)
        yield _counter("verdicts", "Verdicts on articles that named an entity.", "verdict", found.verdicts)
        yield _counter("alerts", "Alerts put into the outbox.", "kind", found.alerts)
        ended = CounterMetricFamily("wirewatch_deliveries", "Deliveries that ended.", labels=["channel", "outcome"])
        waiting = GaugeMetricFamily("wirewatch_deliveries_waiting", "Deliveries on their way.", labels=["channel"])
        for channel in dict.fromkeys(channel for channel, _ in found.deliveries):
            for state in ("sent", "dead"):  # also a 0, or Prometheus' increase() would not see the first one
                ended.add_metric([channel, state], found.deliveries.get((channel, state), 0))
            open_ = (n for (name, state), n in found.deliveries.items() if name == channel and state in figures.OPEN)
            waiting.add_metric([channel], sum(open_))
        yield ended
        yield waiting
        yield _histogram(delays, seconds)
        yield _gauge("queue", "What is due and that nobody has in hand.", "step", queue)
        yield _gauge("feeds_failing", "Feeds whose last poll failed.", "reason", found.failing)
        yield GaugeMetricFamily("wirewatch_feeds", "Feeds of the watchlist.", value=found.feeds)
        kinds = [alarm.key.partition(":")[0] for alarm in holding]
        yield _gauge("alarms", "Alarms that hold.", "kind", {kind: kinds.count(kind) for kind in kinds})
        tick = found.tick.timestamp() if found.tick else 0.0
        yield GaugeMetricFamily("wirewatch_last_tick_timestamp_seconds", "When beat was last heard.", value=tick)


class _Server(ThreadingHTTPServer):
    """Answers ``AT_ONCE`` callers at a time, and hangs up on more: each asks the database."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._room = threading.BoundedSemaphore(AT_ONCE)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as socketserver has it
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, *_: object) -> None:
        """A caller that hangs up is no news."""


def _counter(name: str, says: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(f"wirewatch_{name}", says, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _gauge(name: str, says: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"wirewatch_{name}", says, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _histogram(delays: list[int], seconds: float) -> Metric:
    buckets, met = [], 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), delays, strict=True):
        met += count
        buckets.append((bound, met))
    says = "Seconds from an article's publication to the delivery of its alert."
    return HistogramMetricFamily("wirewatch_publication_to_delivery_seconds", says, buckets=buckets, sum_value=seconds)


def serve(engine: Engine, host: str, port: int) -> ThreadingHTTPServer:
    """Answer on ``host:port`` in a thread; give back the server. Raises SettingsError where that cannot be had."""
    registry = CollectorRegistry()
    registry.register(Archive(engine))
    ProcessCollector(registry=registry)

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(*_metrics(registry))
            elif self.path == "/healthz":
                wrong = health.trouble(engine, "tick", datetime.now(UTC))
                status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
                self._answer(status, f"{wrong or 'ok'}\n".encode(), "text/plain; charset=utf-8")
            else:
                self._answer(HTTPStatus.NOT_FOUND, b"/healthz and /metrics are here\n", "text/plain; charset=utf-8")

        def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A scrape each few seconds is no news."""

    try:
        server = _Server((host, port), Handler)
    except OSError as error:
        raise SettingsError(f"WIREWATCH_METRICS: {host}:{port} cannot be had: {error.strerror or error}") from None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    logs.get(__name__).info("metrics", host=host, port=server.server_address[1])
    return server


def _metrics(registry: CollectorRegistry) -> tuple[HTTPStatus, bytes, str]:
    """Give the figures, or a failure where there is no database: an empty page would tell Prometheus that all is up."""
    try:
        return HTTPStatus.OK, generate_latest(registry), CONTENT_TYPE_LATEST
    except SQLAlchemyError as error:
        logs.get(__name__).warning("database unreachable", error=type(error).__name__)
        said = f"the database does not answer: {type(error).__name__}\n"
        return HTTPStatus.SERVICE_UNAVAILABLE, said.encode(), "text/plain; charset=utf-8"


def main() -> None:
    """Serve until a signal comes; on every address and port 9464 where ``WIREWATCH_METRICS`` says nothing."""
    try:
        here = settings()
        logs.setup(here.log_format)
        host, port = here.metrics or ("0.0.0.0", 9464)  # noqa: S104  # inside a container, whose ports are its own
        server = serve(make_engine(here.database_url), host, port)
    except (SettingsError, DatabaseUrlError) as error:
        sys.exit(f"wirewatch: {error}")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
