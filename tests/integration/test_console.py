"""The console on real pipes: what is read, and what nobody reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TextIO

import pytest

from worker.alerts import console
from worker.alerts.channel import Address, Failure, TransportError
from worker.alerts.console import Console
from worker.alerts.sample import view
from worker.types import Entity
from worker.watchlist.schema import ConsoleChannel

PAYLOAD = Console("screen", ConsoleChannel(type="console")).render(
    view(Entity("Binance"), datetime(2026, 3, 4, 12, 0, tzinfo=UTC)), Address("d")
)


def send() -> None:
    Console("screen", ConsoleChannel(type="console")).send(PAYLOAD)


@contextmanager
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, TextIO]]:
    """Standard output as a pipe; gives the end to read from."""
    reader, writer = os.pipe()
    out = os.fdopen(writer, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    try:
        yield reader, out
    finally:
        monkeypatch.undo()
        os.close(reader)
        out.close()


def test_a_reader_who_does_not_read_is_left_and_the_alert_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "DEADLINE", 0.3)
    with piped(monkeypatch) as (reader, _):
        failures = []
        while Failure.CERTAIN not in failures:  # then the pipe is full, and not a byte of the last one went out
            try:
                send()
            except TransportError as error:
                failures.append(error.failure)
        os.set_blocking(reader, False)
        with suppress(BlockingIOError):
            while os.read(reader, 65536):
                pass
        send()
        said = os.read(reader, 65536).decode()
    assert PAYLOAD["title"] in said
    assert PAYLOAD["text"].splitlines()[-1] in said


def test_a_reader_who_has_gone_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(TransportError) as caught:
            send()
        monkeypatch.undo()
    assert caught.value.failure is Failure.CERTAIN
    assert "BrokenPipeError" in caught.value.message
