"""Every environment variable that wirewatch reads, in one frozen object."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from dotenv import dotenv_values

Network = IPv4Network | IPv6Network


MOST_PORT = 65535


class SettingsError(ValueError):
    """An environment variable that cannot be used; the message names it and says what is wanted."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are.

    ``cache`` is a folder for what can be made anew. ``environ`` is what ``${NAME}`` in the watchlist is taken from; it
    is never printed. ``given`` is the part of it that does not come from ``.env``.
    """

    watchlist: Path
    database_url: str
    redis_url: str | None
    allow_nets: tuple[Network, ...]
    log_format: str
    metrics: tuple[str, int] | None
    user_agent: str
    environ: Mapping[str, str]
    given: Mapping[str, str]
    cache: Path

    @property
    def embedded(self) -> bool:
        """Whether everything runs in one process, with the queue in its memory."""
        return self.redis_url is None

    def variables(self) -> Mapping[str, str]:
        """``environ``, with ``.env`` as it is at this moment. Raises SettingsError when that cannot be read."""
        return _with_file(self.watchlist, self.given)

    def __repr__(self) -> str:
        """Name the watchlist only: the addresses of the servers may hold passwords."""
        return f"Settings(watchlist={str(self.watchlist)!r}, embedded={self.embedded})"


def read(environ: Mapping[str, str]) -> Settings:
    """Make the settings from ``environ`` and from a ``.env`` file beside the watchlist; ``environ`` wins.

    Raises SettingsError for a value that cannot be used.
    """
    watchlist = Path(environ.get("WIREWATCH_WATCHLIST") or "watchlist.yaml")
    merged = _with_file(watchlist, environ)
    log_format = (merged.get("WIREWATCH_LOG") or "text").lower()
    if log_format not in {"text", "json"}:
        raise SettingsError(f"WIREWATCH_LOG is {log_format!r}; it takes text or json")
    return Settings(
        watchlist=watchlist,
        database_url=merged.get("DATABASE_URL") or "sqlite:///wirewatch.db",
        redis_url=_redis(merged.get("REDIS_URL", "")),
        allow_nets=_networks(merged.get("WIREWATCH_ALLOW_NETS", "")),
        log_format=log_format,
        metrics=_address(merged.get("WIREWATCH_METRICS", "")),
        user_agent=_user_agent(merged.get("WIREWATCH_CONTACT", "")),
        environ=merged,
        given=environ,
        cache=_cache(merged),
    )


def env_file(watchlist: Path) -> Path:
    """The file beside the watchlist that is read like the environment."""
    return watchlist.parent / ".env"


def _with_file(watchlist: Path, environ: Mapping[str, str]) -> Mapping[str, str]:
    path = env_file(watchlist)
    try:
        body = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        body = ""
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text; save it in the encoding UTF-8") from None
    beside = dotenv_values(stream=StringIO(body))
    return {**{key: value for key, value in beside.items() if value is not None}, **environ}


def _redis(url: str) -> str | None:
    scheme, _, rest = url.partition("://")
    if url and (scheme not in {"redis", "rediss", "redis+socket", "sentinel"} or not rest):
        raise SettingsError("REDIS_URL is no address of a Redis; write redis://host:6379/0 (it is not shown here)")
    return url or None


def _address(text: str) -> tuple[str, int] | None:
    """The address on which ``/metrics`` and ``/healthz`` are served; None where they are not."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) <= MOST_PORT):
        raise SettingsError(f"WIREWATCH_METRICS is {text!r}; write it as 127.0.0.1:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


def _user_agent(contact: str) -> str:
    """What sites see of the service; ``contact`` is where their keepers can complain: a web page or a mail address."""
    if not (contact.isascii() and contact.isprintable()) or set("()\\") & set(contact):
        raise SettingsError("WIREWATCH_CONTACT is sent to web sites; write a web or mail address in plain ASCII")
    try:
        release = version("wirewatch")
    except PackageNotFoundError:  # run from a source tree
        release = "0"
    return f"wirewatch/{release} (+{contact})" if contact else f"wirewatch/{release} (news feed reader)"


def _cache(environ: Mapping[str, str]) -> Path:
    """WIREWATCH_CACHE, else a folder of ours where the XDG Base Directory Specification puts caches."""
    if given := environ.get("WIREWATCH_CACHE"):
        return Path(given)
    return (
        Path(environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or tempfile.gettempdir()) / ".cache")
        / "wirewatch"
    )


def _networks(text: str) -> tuple[Network, ...]:
    networks = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            networks.append(ip_network(part, strict=False))
        except ValueError:
            raise SettingsError(
                f"WIREWATCH_ALLOW_NETS has {part!r}, which is not a network; write it as 127.0.0.0/8,10.1.0.0/16"
            ) from None
    return tuple(networks)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(os.environ)
