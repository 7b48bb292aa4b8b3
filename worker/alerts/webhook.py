"""A service of the desk's own: each alert as a JSON document, signed as https://www.standardwebhooks.com says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from worker.alerts.channel import DEADLINE, Address, Blame, Channel, Failure, TransportError
from worker.alerts.message import Shown, show
from worker.alerts.safe import clean
from worker.alerts.view import AlertKind, AlertView
from worker.http import FetchError, Limits, Response, fetch, retry_after
from worker.watchlist.schema import WebhookChannel

_LIMITS: Final = Limits(total=DEADLINE, body=4_000_000, redirects=0)
_PERMANENT: Final = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422})
_STRANGER: Final = frozenset({401, 403, 404, 407, *range(300, 400)})
_PREFIX: Final = "whsec_"


def signature(secret: str, name: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``: HMAC-SHA256 (RFC 2104) of ``name.timestamp.body``, in base64.

    A secret that begins with ``whsec_`` stands for the bytes whose base64 it is.
    """
    encoded = secret.startswith(_PREFIX)
    key = base64.b64decode(secret.removeprefix(_PREFIX)) if encoded else secret.encode()
    signed = hmac.new(key, f"{name}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def failure(status: int) -> Failure:
    """What a status says of the alert: refused as it is, or for now, or unknown (RFC 9110 15).

    An address or a secret that is wrong (401, 403, 404) is the channel's trouble, not the alert's: somebody mends it.
    """
    if status in _PERMANENT:
        return Failure.PERMANENT
    return Failure.AMBIGUOUS if status >= 500 and status != 503 else Failure.CERTAIN  # noqa: PLR2004


class Webhook(Channel):
    """One address that takes alerts. The same delivery always has the same ``webhook-id`` and body."""

    def __init__(self, name: str, config: WebhookChannel) -> None:
        """Keep the address and the secret."""
        super().__init__(name, config)
        self._url = config.url.get_secret_value()
        self._secret = config.secret.get_secret_value()

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """The document; its texts are cleaned and shortened as everywhere, and not escaped."""
        return {"id": address.delivery, "document": _document(view, show(view))}

    def send(self, payload: dict[str, Any]) -> str:
        """Post the document; any 2xx says that it was taken."""
        body = json.dumps(payload["document"], ensure_ascii=False, separators=(",", ":")).encode()
        answer = self._post(str(payload["id"]), body)
        if not 200 <= answer.status < 300:  # noqa: PLR2004  # RFC 9110 15.3: successful
            seconds = retry_after(answer.headers, datetime.now(UTC))
            wait = timedelta(seconds=seconds) if seconds is not None else None
            blame = Blame.LOGIN if answer.status in _STRANGER else Blame.SERVER
            raise TransportError(failure(answer.status), f"HTTP {answer.status}", blame=blame, retry_after=wait)
        return ""

    def check(self) -> str:
        """Post nothing: ask for the address, to see whether a server is there."""
        try:
            answer = fetch(self._url, method="HEAD", limits=_LIMITS, trusted=True)
        except FetchError as error:
            raise TransportError(Failure.CERTAIN, error.message) from None
        return f"the server answers (HTTP {answer.status}); whether it takes alerts shows only when one is sent"

    def _post(self, name: str, body: bytes) -> Response:
        timestamp = int(datetime.now(UTC).timestamp())
        headers = {
            "content-type": "application/json; charset=utf-8",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._secret, name, timestamp, body),
        }
        try:
            return fetch(self._url, method="POST", headers=headers, body=body, limits=_LIMITS, trusted=True)
        except FetchError as error:
            failed = Failure.AMBIGUOUS if error.sent else Failure.CERTAIN
            raise TransportError(failed, error.message, blame=Blame.SERVER) from None


def _document(view: AlertView, shown: Shown) -> dict[str, Any]:
    return {
        "type": f"wirewatch.{view.kind}",
        "timestamp": view.at.isoformat(),
        "data": {
            "subject": shown.subject,
            "headline": shown.headline,
            "url": shown.link.url if shown.link else None,
            "source": shown.source,
            "published": view.published.isoformat() if view.published else None,
            "story": view.story,
            "thread": view.root or view.token,
            "entities": [named.entity for named in view.entities],
            "named": [{"entities": names, "sentence": sentence} for names, sentence in shown.named],
            "sentences": ["".join(span.text for span in spans) for spans in shown.sentences],
            "passages": [{"source": source, "sentences": list(texts)} for source, texts in shown.passages],
            "carriers": [{"source": one.label, "url": one.url or None} for one in shown.carriers],
            "alerts": [
                {
                    "title": line.title,
                    "url": line.link.url if line.link else None,
                    "source": line.source,
                    "sentence": line.sentence,
                }
                for line in shown.lines
            ],
            "reason": shown.reason,
            "text": [clean(view.body)] if view.kind is AlertKind.DIGEST and view.body else list(shown.paragraphs),
        },
    }
