"""Slack: by an incoming webhook, or by a bot's token, which gives threads and lets us look before we send again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from worker.alerts.blocks import aside, blocks, fallback
from worker.alerts.channel import DEADLINE, Address, Blame, Channel, Failure, TransportError
from worker.alerts.message import show
from worker.alerts.view import AlertKind, AlertView
from worker.http import FetchError, Limits, Response, fetch, retry_after
from worker.watchlist.schema import SlackChannel

PAGES_MOST = 5
PAGE = 200
OK = 200
REFUSED = frozenset(range(400, 500)) - {408, 429}
_LIMITS = Limits(total=DEADLINE, body=4_000_000, redirects=0)

STRANGER = (
    "invalid_auth not_authed token_revoked token_expired account_inactive invalid_token missing_scope no_permission "
    "not_in_channel access_denied ekm_access_denied org_login_required"
)
"""The words that refuse our credentials: somebody has to mend them, and then the alert goes out."""

_CERTAIN, _PERMANENT, _AMBIGUOUS = Failure.CERTAIN, Failure.PERMANENT, Failure.AMBIGUOUS
ERRORS: Mapping[str, Failure] = {
    word: kind
    for kind, words in (
        # The message or its place is refused: sending it again changes nothing.
        (_PERMANENT, "invalid_payload invalid_blocks invalid_blocks_format invalid_arguments invalid_metadata_format"),
        (_PERMANENT, "metadata_too_large msg_too_long msg_blocks_too_long no_text too_many_attachments"),
        (_PERMANENT, "channel_not_found channel_is_archived is_archived no_service no_service_id no_active_hooks"),
        (_PERMANENT, "no_team team_disabled action_prohibited posting_to_general_channel_denied restricted_action"),
        (_PERMANENT, "user_not_found unknown_method deprecated_endpoint method_deprecated"),
        (_CERTAIN, STRANGER),
        # Another time it may pass.
        (_CERTAIN, "ratelimited rate_limited message_limit_exceeded service_unavailable team_added_to_org"),
        (_CERTAIN, "rollup_error request_timeout invalid_form_data"),
        # "It's possible some aspect of the operation succeeded before the error was raised."
        (_AMBIGUOUS, "internal_error fatal_error"),
    )
    for word in words.split()
}
"""What Slack's error words say of an alert; the words are those of chat.postMessage and of incoming webhooks."""

PASSING = frozenset("ratelimited rate_limited service_unavailable request_timeout internal_error fatal_error".split())
"""The words after which a question may have an answer another time."""

NO_THREAD = frozenset(
    "thread_not_found invalid_thread_ts cannot_reply_to_message message_not_found cant_update_message "
    "edit_window_closed".split()
)
ASIDE = "wirewatch_aside"
_STATUS: Mapping[int, Failure] = {
    **dict.fromkeys((400, 405, 413, 414), _PERMANENT),
    503: _CERTAIN,
}


def failure(status: int, word: str) -> Failure:
    """What an answer says of the alert: by its error word, else by its status.

    An unknown 5xx may come from a gateway behind which the message was taken, so it is ambiguous; everything else that
    is unknown is tried again. That goes for 403 and 404 too: Slack says them with a word, a proxy on the way without.
    """
    if word in ERRORS:
        return ERRORS[word]
    if status in _STATUS:
        return _STATUS[status]
    return _AMBIGUOUS if status >= 500 else _CERTAIN  # noqa: PLR2004  # RFC 9110 15.6: server errors


def blame(status: int, word: str) -> Blame:
    """Whose trouble an answer is: the message's, unless its word or its status says otherwise."""
    if word in STRANGER.split() or (word not in ERRORS and status in range(300, 500) and status not in {408, 429}):
        return Blame.LOGIN
    return Blame.SERVER if word in PASSING or (status != OK and word not in ERRORS) else Blame.ALERT


class Slack(Channel):
    """One Slack channel. At most a message a second is allowed; the rest of the pace is room for the way there."""

    pace: ClassVar[timedelta] = timedelta(seconds=1.2)
    room: ClassVar[int] = 11_000

    def __init__(self, name: str, config: SlackChannel) -> None:
        """Take either way of sending from the settings."""
        super().__init__(name, config)
        self._webhook = config.webhook.get_secret_value() if config.webhook else ""
        self._token = config.token.get_secret_value() if config.token else ""
        self._api = config.api_url.rstrip("/")
        self._channel = config.channel or ""

    @property
    def edits(self) -> bool:
        """With a token Slack has threads, and messages that can be changed."""
        return bool(self._token)

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """Write the message; the channel's name is added at sending."""
        if self._token:
            view = replace(view, passages=view.passages if view.kind is AlertKind.ASIDE else ())  # stand in the aside
        shown = show(view)
        is_aside = view.kind is AlertKind.ASIDE
        payload: dict[str, Any] = {
            "text": fallback(shown),
            "blocks": aside(shown) if is_aside else blocks(view, shown),
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if self._token:
            payload |= {
                "parse": "none",
                "link_names": False,
                "metadata": {
                    "event_type": ASIDE if is_aside else "wirewatch_alert",
                    "event_payload": {"delivery_id": address.delivery},
                },
            }
            if address.thread:
                payload["thread_ts"] = address.thread
            if address.edits:
                payload["ts"] = address.edits
        return payload

    def send(self, payload: dict[str, Any]) -> str:
        """Post the message; gives back its ``ts``, or nothing from a webhook."""
        end = time.monotonic() + DEADLINE
        if not self._token:
            _expect_taken(self._post(self._webhook, payload, end))
            return ""
        message = {**payload, "channel": self._channel}
        if "ts" in message:
            try:
                return str(self._call("chat.update", message, end).get("ts", ""))
            except _NoThreadError:
                del message["ts"]  # somebody deleted it, or it is too old to be edited here
        try:
            return str(self._call("chat.postMessage", message, end).get("ts", ""))
        except _NoThreadError:
            if message["metadata"]["event_type"] == ASIDE:
                return ""  # without its thread it would alert the channel
            del message["thread_ts"]  # the root was deleted, or is in another channel
            return str(self._call("chat.postMessage", message, end).get("ts", ""))

    def find(self, payload: dict[str, Any]) -> str | None:
        """Look for the delivery among the channel's, or the thread's, messages.

        A question that is refused (for want of a scope, say) says nothing of the alert: then it cannot be told.
        """
        delivery = payload.get("metadata", {}).get("event_payload", {}).get("delivery_id")
        if not self._token or not delivery or "ts" in payload:  # to change a message twice does no harm
            return None
        end = time.monotonic() + DEADLINE
        asked = {"channel": self._channel, "include_all_metadata": "true", "limit": str(PAGE)}
        method = "conversations.history"
        if "thread_ts" in payload:
            method, asked["ts"] = "conversations.replies", payload["thread_ts"]
        for _ in range(PAGES_MOST):
            try:
                answer = self._call(method, asked, end)
            except _RefusedError:
                return None
            for message in answer.get("messages", ()):
                if message.get("metadata", {}).get("event_payload", {}).get("delivery_id") == delivery:
                    return str(message["ts"])
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None
            asked["cursor"] = cursor
        return None

    def check(self) -> str:
        """Ask who we are, and whether the channel may be read.

        A webhook is given an empty message, which a living one refuses as such.
        """
        end = time.monotonic() + DEADLINE
        if self._token:
            self._call("auth.test", {}, end)
            try:
                self._call("conversations.history", {"channel": self._channel, "limit": "1"}, end)
            except _RefusedError as error:
                return (
                    f"the token is valid; the channel cannot be read ({error.message}), so an alert that may have "
                    "arrived is sent again without looking"
                )
            return "the token is valid, and the channel can be read"
        try:
            self._post(self._webhook, {}, end)
        except TransportError as error:
            if error.message.split()[-1] not in {"no_text", "invalid_payload"}:
                raise
        return "the webhook answers"

    def _call(self, method: str, arguments: dict[str, Any], end: float) -> dict[str, Any]:
        if method in {"chat.postMessage", "chat.update"}:
            answer = self._post(f"{self._api}/{method}", arguments, end)
        else:
            answer = self._post(f"{self._api}/{method}", arguments, end, form=True)
        said = _read(answer.body)
        if said is None:
            raise TransportError(Failure.AMBIGUOUS, f"{method} answered something that is not JSON", blame=Blame.SERVER)
        if said.get("ok"):
            return said
        word = str(said.get("error", ""))
        if word in NO_THREAD and ("thread_ts" in arguments or "ts" in arguments):
            raise _NoThreadError(Failure.PERMANENT, word)
        refused = TransportError if word in PASSING else _RefusedError
        needs = _word(str(said.get("needed", "")))
        what = f"{method}: {_word(word) or 'refused'}" + (f", it needs the scope {needs}" if needs else "")
        raise refused(failure(answer.status, word), what, blame=blame(answer.status, word), retry_after=_wait(answer))

    def _post(self, url: str, message: dict[str, Any], end: float, *, form: bool = False) -> Response:
        headers = {"content-type": "application/json; charset=utf-8"}
        body = json.dumps(message).encode()
        if form:
            headers["content-type"], body = "application/x-www-form-urlencoded", urlencode(message).encode()
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        limits = replace(_LIMITS, total=max(end - time.monotonic(), 0.001))
        try:
            answer = fetch(url, method="POST", headers=headers, body=body, limits=limits, trusted=True)
        except FetchError as error:
            raise TransportError(_AMBIGUOUS if error.sent else _CERTAIN, error.message, blame=Blame.SERVER) from None
        if not OK <= answer.status < 300:  # noqa: PLR2004  # RFC 9110 15.3: successful
            word = _error_word(answer)
            said = f"HTTP {answer.status} {_word(word)}".strip()
            refused = _RefusedError if answer.status in REFUSED and word not in PASSING else TransportError
            raise refused(
                failure(answer.status, word), said, blame=blame(answer.status, word), retry_after=_wait(answer)
            )
        return answer


class _RefusedError(TransportError):
    """What was asked is not done, now or at another time."""


class _NoThreadError(_RefusedError):
    """The message that was to be answered is not there."""


def _expect_taken(answer: Response) -> None:
    """Raise TransportError for a 200 that is no success: a page of some proxy's, or an error after all.

    Slack says ``ok``. Others that take its webhooks say other things, so everything else counts as taken.
    """
    text = answer.body[:2000].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith("<"):
        raise TransportError(_AMBIGUOUS, "the webhook answered with a page instead of ok", blame=Blame.SERVER)
    said = _read(answer.body) or {}
    if word := str(said.get("error") or ("" if said.get("ok", True) else "refused")):
        raise TransportError(failure(OK, word), f"the webhook: {_word(word) or 'refused'}", blame=blame(OK, word))


def _error_word(answer: Response) -> str:
    text = answer.body[:2000].decode("utf-8", "replace").strip()
    said = _read(text)
    return text if said is None else str(said.get("error", ""))


def _read(body: str | bytes) -> dict[str, Any] | None:
    """The object that an answer holds as JSON; None where it holds something else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _word(text: str) -> str:
    """An error word as it may be shown: what does not look like one may hold anything."""
    return text if re.fullmatch(r"[a-z_:.,]{1,60}", text) else ""


def _wait(answer: Response) -> timedelta | None:
    seconds = retry_after(answer.headers, datetime.now(UTC))
    return None if seconds is None else timedelta(seconds=seconds)
