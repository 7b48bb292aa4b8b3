"""A mail server on loopback that keeps what it accepts and fails as it is told to."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
HANG = "hang"
DROP_ACCEPTED = "drop accepted"


@dataclass(frozen=True)
class Mail:
    """An accepted message: envelope and content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes


class _Controller(Controller):
    """A Controller that can be given port 0 and then knows the port it got."""

    def _trigger_server(self) -> None:
        if self.port == 0:
            self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


class SmtpSink:
    """The server. ``mails`` are the messages it took, oldest first.

    ``script(verb, *answers)`` sets the next answers to MAIL, RCPT or DATA (DATA: after the whole body). An answer is a
    line as ``451 4.3.0 try later``, ``None`` (as usual), or: ``DROP`` closes the connection without an answer, ``HANG``
    gives none until the client leaves, ``DROP_ACCEPTED`` keeps the message and closes the connection unanswered.
    ``slow`` is for how many seconds it keeps to itself that it took a message. ``refuse`` maps a recipient to the line
    that refuses it, always. A body that holds ``breaks_on`` ends the connection. With ``user`` and ``password`` it
    wants a log-in.
    """

    def __init__(self, user: str = "", password: str = "") -> None:
        self.mails: list[Mail] = []
        self.slow = 0.0
        self.connections = 0
        self.logins = 0
        self.refuse: dict[str, str] = {}
        self.breaks_on = b""
        self._answers: dict[str, deque[str | None]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self._credentials = (user, password)
        self._controller = self._make(0)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def url(self) -> str:
        user, password = self._credentials
        return f"smtp://{user}:{password}@127.0.0.1:{self.port}" if user else f"smtp://127.0.0.1:{self.port}"

    @property
    def alerts(self) -> list[Mail]:
        """The mails that tell of an article, without the service's notices."""
        return [mail for mail in self.mails if mail.message["X-Wirewatch-Url"]]

    def script(self, verb: str, *answers: str | None) -> None:
        self._answers[verb].extend(answers)

    def start(self) -> Self:
        self._controller.start()
        return self

    def stop(self) -> None:
        """Close the door. ``start`` opens it again at the same port."""
        port = self.port
        self._controller.stop()
        self._controller = self._make(port)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._said("MAIL", server)
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.refuse.get(address) or await self._said("RCPT", server)
        if said is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.breaks_on and self.breaks_on in (envelope.original_content or b""):
            self._answers["DATA"].appendleft(DROP)
        said = await self._said("DATA", server, envelope)
        if said is None:
            self._keep(envelope)
            await asyncio.sleep(self.slow)
        return said or "250 OK queued"

    async def _said(self, verb: str, server: SMTP, envelope: Envelope | None = None) -> str | None:
        answer = self._answers[verb].popleft() if self._answers[verb] else None
        if answer == HANG:
            await asyncio.sleep(3600)  # ends with the connection, or with the server
        if answer == DROP_ACCEPTED and envelope is not None:
            self._keep(envelope)
        if answer in {DROP, DROP_ACCEPTED}:
            transport = server.transport
            assert transport is not None
            transport.abort()
            return "421 gone"
        return answer

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw))

    def _make(self, port: int) -> _Controller:
        options: dict[str, Any] = {}
        if self._credentials[0]:
            options = {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": False}
        return _Controller(self, hostname="127.0.0.1", port=port, ready_timeout=30, **options)

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any) -> AuthResult:
        self.logins += 1
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self._credentials)
