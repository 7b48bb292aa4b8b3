"""Logs: structlog to standard error, as text for people or as JSON for machines; standard output is for alerts."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import Final, cast

import structlog
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

LOST: Final = (OSError, RedisError, KombuError, DBAPIError)


def setup(log_format: str, level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error, in ``text`` or in ``json``."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    handler.addFilter(_without_traceback)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))  # of libraries only what is wrong
    for ours in ("worker", "tasks"):
        logging.getLogger(ours).setLevel(level)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Take the traceback off a lost connection that a library reports: what was lost is said in its text."""
    if record.name.startswith(("celery", "kombu")) and record.exc_info and isinstance(record.exc_info[1], LOST):
        record.exc_info = record.exc_text = None
    return True


def about(**values: object) -> AbstractContextManager[None]:
    """Add ``values`` to every line that is logged inside, by whatever module: the id that follows an item."""
    return cast("AbstractContextManager[None]", structlog.contextvars.bound_contextvars(**values))


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module; events are short phrases, everything else goes into key and value."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))
