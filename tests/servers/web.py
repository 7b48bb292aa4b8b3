"""A web server on loopback. A test says what stands at each path and sees what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked for. ``headers`` have lower-case names; ``path`` is without the query."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What the server answers. A ``body`` of several pieces goes out piece by piece, without a length.

    ``hang_up`` closes the connection with no answer at all.
    """

    body: str | bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    hang_up: bool = False


Answer = Reply | Callable[[Request], Reply]


class Web:
    """The server. ``requests`` is the list of what was asked for, oldest first; an unknown path is a 404.

    A reply with an ``ETag`` or ``Last-Modified`` is a 304 for a request that names the same one.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self._server = _Server(self._take)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def host(self) -> str:
        """Address and port, as in a URL."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def add(self, path: str, answer: Answer) -> str:
        """Let ``answer`` (a reply, or a function from request to reply) stand at ``path``. Gives its URL."""
        self._answers[path] = answer
        return self.url(path)

    def page(
        self,
        path: str,
        body: str | bytes | Iterable[bytes],
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Put a page, a feed or a file at ``path``. Gives its URL."""
        return self.add(path, Reply(body, status, headers or {}, content_type))

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        return self.add(path, Reply(status=status, headers={"Location": target}))

    def remove(self, path: str) -> None:
        self._answers.pop(path, None)

    def asked(self, path: str) -> list[Request]:
        """The requests for one path, oldest first."""
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def answer(self, request: Request) -> Reply:
        """Decide on the reply; a server with a protocol of its own overrides this."""
        found = self._answers.get(request.path, Reply("not here", 404))
        reply = found(request) if callable(found) else found
        for sent, asked in (("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")):
            if reply.status == 200 and sent in reply.headers and reply.headers[sent] == request.headers.get(asked):
                return Reply(status=304, headers=reply.headers)
        return reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
        return self.answer(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.take(Request(self.command, parts.path, parse_qs(parts.query), headers, body))
        self.close_connection = self.close_connection or reply.hang_up
        if not reply.hang_up:
            self.send(reply)

    def send(self, reply: Reply) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(body, bytes):
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            for piece in (body,) if isinstance(body, bytes) else body:
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:  # the client has had enough
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = serve

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, take: Callable[[Request], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.take = take
