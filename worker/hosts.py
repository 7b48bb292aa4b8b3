"""Which requests go to the same party: they are kept apart in time, whatever names its machines have."""

from __future__ import annotations

from urllib.parse import urlsplit

from tld import get_fld


def party(url: str) -> str:
    """The registered domain of an address, as the public suffix list tells it; host and port where it has none.

    ``https://news.example.co.uk/a`` and ``https://example.co.uk/b`` are one party; so is each port of an IP address.
    """
    domain = get_fld(url, fail_silently=True)
    if domain:
        return domain
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
