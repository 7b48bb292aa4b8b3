"""A server that answers as Slack does: an incoming webhook and the few methods of the Web API that are used.

Forms and error words are those of https://docs.slack.dev/reference/methods/ and
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from servers.web import Reply, Request, Web

TOKEN = "xoxb-test-token"
CHANNEL = "C0123456789"
HOOK = "/services/T0000/B0000/secret"


@dataclass(frozen=True)
class Trouble:
    """What Slack answers instead of doing what it was asked: an error word, a status, or nothing.

    ``accept`` does it all the same and only the answer is lost.
    """

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    hang_up: bool = False
    accept: bool = False


class Slack(Web):
    """The server. ``posts`` are the accepted messages, oldest first, each with ``ts`` and ``channel``.

    ``refuse`` maps a method of the Web API to the word that refuses it, always.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.refuse: dict[str, str] = {}
        self._troubles: deque[Trouble] = deque()
        self._stamps = count(1)

    @property
    def webhook(self) -> str:
        return self.url(HOOK)

    @property
    def api_url(self) -> str:
        return self.url("/api")

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """The messages that tell of an article: neither the service's notices nor what is edited below a story."""
        return [post for post in self.posts if "[new]" in post["text"] or "[update]" in post["text"]]

    def fail(self, *troubles: Trouble | str) -> None:
        """Answer the next requests with these troubles, in order; a word is an error of the kind Slack names so."""
        self._troubles.extend(Trouble(each) if isinstance(each, str) else each for each in troubles)

    def answer(self, request: Request) -> Reply:
        trouble = self._troubles.popleft() if self._troubles else None
        refused = self.refuse.get(request.path.removeprefix("/api/"))
        if trouble is None:
            return self._say(request, refused, 200) if refused else self._do(request)
        if trouble.accept:
            self._do(request)
        if trouble.status == 429:
            wait = trouble.retry_after if trouble.retry_after is not None else 1
            return replace(self._say(request, "ratelimited", 429), headers={"Retry-After": str(wait)})
        if trouble.hang_up or trouble.status >= 500:
            return Reply("upstream error", trouble.status, content_type="text/plain", hang_up=trouble.hang_up)
        return self._say(request, trouble.error, trouble.status)

    def _say(self, request: Request, error: str, status: int) -> Reply:
        if request.path.startswith("/api/"):
            said = {"ok": False, "error": error}
            if error == "missing_scope":
                said |= {"needed": "channels:history", "provided": "chat:write"}
            return Reply(json.dumps(said), status, content_type="application/json")
        codes = {"no_service": 404, "channel_not_found": 404, "channel_is_archived": 410, "action_prohibited": 403}
        return Reply(error, status if status != 200 else codes.get(error, 400), content_type="text/plain")

    def _do(self, request: Request) -> Reply:
        if request.path == HOOK and request.method == "POST":
            return self._hook(request)
        if not request.path.startswith("/api/"):
            return Reply("no_service", 404, content_type="text/plain")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._say(request, "invalid_auth", 200)
        method = {
            "auth.test": lambda _: {"user_id": "U0", "team": "Test"},
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._history,
        }.get(request.path.removeprefix("/api/"))
        if method is None:
            return self._say(request, "unknown_method", 200)
        done = method(self._arguments(request))
        if isinstance(done, str):
            return self._say(request, done, 200)
        return Reply(json.dumps({"ok": True, **done}), content_type="application/json; charset=utf-8")

    def _hook(self, request: Request) -> Reply:
        try:
            message = json.loads(request.body)
        except ValueError:
            return self._say(request, "invalid_payload", 400)
        if problem := _unfit(message):
            return self._say(request, problem, 400)
        self._keep(message)
        return Reply("ok", content_type="text/html")

    def _post(self, message: dict[str, Any]) -> dict[str, Any] | str:
        if message.get("channel") != CHANNEL:
            return "channel_not_found"
        if problem := _unfit(message):
            return problem
        if "thread_ts" in message and not any(post["ts"] == message["thread_ts"] for post in self.posts):
            return "thread_not_found"
        kept = self._keep(message)
        return {"channel": CHANNEL, "ts": kept["ts"], "message": kept}

    def _update(self, message: dict[str, Any]) -> dict[str, Any] | str:
        for post in self.posts:
            if post["ts"] == message.get("ts") and message.get("channel") == CHANNEL:
                post.update(message)
                return {"channel": CHANNEL, "ts": post["ts"], "text": post.get("text", "")}
        return "message_not_found"

    def _history(self, asked: dict[str, Any]) -> dict[str, Any] | str:
        """Newest first, as Slack gives a channel; metadata only when it is asked for."""
        if asked.get("channel") != CHANNEL:
            return "channel_not_found"
        thread = asked.get("ts")
        oldest = float(asked.get("oldest") or 0)
        found = [
            post
            for post in self.posts
            if float(post["ts"]) > oldest
            and (thread in {post["ts"], post.get("thread_ts")} if thread else "thread_ts" not in post)
        ]
        if str(asked.get("include_all_metadata", "")).lower() not in {"true", "1"}:
            found = [{key: value for key, value in post.items() if key != "metadata"} for post in found]
        limit = int(asked.get("limit") or 100)
        ordered = found if thread else found[::-1]
        return {"messages": ordered[:limit], "has_more": len(ordered) > limit}

    def _keep(self, message: dict[str, Any]) -> dict[str, Any]:
        kept = {**message, "ts": f"1700000000.{next(self._stamps):06d}"}
        self.posts.append(kept)
        return kept

    @staticmethod
    def _arguments(request: Request) -> dict[str, Any]:
        if request.headers.get("content-type", "").startswith("application/json"):
            given: dict[str, Any] = json.loads(request.body or b"{}")
            return given
        form = dict(parse_qsl(request.body.decode()))
        return {**{key: values[-1] for key, values in request.query.items()}, **form}


def _unfit(message: dict[str, Any]) -> str:
    """The error word for a message that Slack would refuse, or nothing."""
    blocks = message.get("blocks") or []
    if not message.get("text") and not blocks:
        return "no_text"
    if len(blocks) > 50:
        return "invalid_blocks"
    for block in blocks:
        limit = {"header": 150, "section": 3000}.get(block.get("type", ""))
        if limit and len((block.get("text") or {}).get("text", "")) > limit:
            return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > 16000:
        return "msg_blocks_too_long"
    return ""
