"""The host of an address, also of one that is none."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host that ``url`` names, or "". Never fails."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[…", as feeds have it
        return ""
