"""Servers on loopback that every test may use. Databases and Redis stand in integration/conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.slack import Slack
from servers.smtp import SmtpSink
from servers.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server; register pages with ``web.page(path, body)``."""
    with Web() as server:
        yield server


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A server that answers as Slack does."""
    with Slack() as server:
        yield server


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server that keeps what it accepts."""
    with SmtpSink() as server:
        yield server
