"""The host of an address, also of one that is none."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=256)  # asked for each new sentence of an article
def host_of(url: str) -> str:
    """Return the host that ``url`` names, or "". Never fails."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[…", as feeds have it
        return ""
