"""The one door to the network: every request that wirewatch makes over HTTP goes through ``fetch``.

It bounds the time of a whole exchange and the size of what comes back, and it connects only to public addresses,
checked after DNS and for every redirect, unless ``WIREWATCH_ALLOW_NETS`` or the caller's trust says otherwise.
No proxy is ever taken from the environment: a proxy would look the names up itself, behind the guard's back.
"""

from __future__ import annotations

from worker.http.address import redact
from worker.http.client import Client, Onward, close, fetch
from worker.http.room import bodies
from worker.http.values import FetchError, Kind, Limits, Response, retry_after

__all__ = [
    "Client",
    "FetchError",
    "Kind",
    "Limits",
    "Onward",
    "Response",
    "bodies",
    "close",
    "fetch",
    "redact",
    "retry_after",
]
