"""What a site's robots.txt says to us (RFC 9309), read by protego. Pure; run in the sandbox."""

from __future__ import annotations

from protego import Protego

from worker import charset

AGENT = "wirewatch"
MAX_BYTES = 500_000  # RFC 9309, section 2.5: a parser reads at least 500 KiB


def permits(body: bytes, url: str) -> bool:
    """Whether the file lets us fetch ``url``."""
    return bool(Protego.parse(charset.decode(body[:MAX_BYTES])).can_fetch(url, AGENT))


def says_nothing(body: bytes) -> bool:
    """Whether the file forbids nobody anything: most do not, and need no reading."""
    return b"disallow" not in body[:MAX_BYTES].lower()
