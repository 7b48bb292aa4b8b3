"""Short texts that a site shows instead of one article after the other: consent forms and walls of no known wording."""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import blake2b
from urllib.parse import urlsplit

MOST = 1500  # characters; a longer text is an article, carried twice perhaps
_HOSTS = 2000
_TEXTS = 20


class Recurring:
    """The short texts that pages of each host showed lately. Thread-safe."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = threading.Lock()
        self._hosts: OrderedDict[str, OrderedDict[bytes, tuple[bytes, str]]] = OrderedDict()

    def note(self, url: str, text: str, feed_text: str) -> bool:
        """Whether another page of the site showed this very text, for an entry of which the feed says otherwise.

        Two addresses of one article have one text in the feed too, and count for nothing.
        """
        if not text or not feed_text or len(text) > MOST:
            return False
        shown, said = _hash(text), (_hash(feed_text), url)
        host = urlsplit(url).netloc
        with self._lock:
            texts = self._hosts.setdefault(host, OrderedDict())
            self._hosts.move_to_end(host)
            before = texts.setdefault(shown, said)
            texts.move_to_end(shown)
            if len(texts) > _TEXTS:
                texts.popitem(last=False)
            if len(self._hosts) > _HOSTS:
                self._hosts.popitem(last=False)
        return before[0] != said[0] and before[1] != url


def _hash(text: str) -> bytes:
    return blake2b(" ".join(text.split()).encode("utf-8", "replace"), digest_size=12).digest()
