"""E-mail by SMTP (RFC 5321): one recipient a delivery, the same bytes and ``Message-ID`` on every attempt."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from worker.alerts.channel import DEADLINE, Address, Blame, Channel, Failure, TransportError
from worker.alerts.html import html
from worker.alerts.message import show, text
from worker.alerts.safe import clean, link
from worker.alerts.smtp import Dialogue
from worker.alerts.view import AlertView
from worker.watchlist.schema import EmailChannel

STEP = 10.0  # seconds that one step of the dialogue may take, up to the end of the body
HEADER_MOST = 900
REFUSED_FOR_GOOD = 500
STRANGER = frozenset({503, 530, 534, 535, 538})  # who does not log in, or not well enough, gets nothing: RFC 4954 6
CLOSING = 421  # "service not available, closing transmission channel", RFC 5321 4.2.2
HANGING = -1  # what smtplib makes of a reply that is none


class _Policy(EmailPolicy):
    """SMTP's policy, except that a header of plain ASCII stays on one line.

    The library breaks a long address into encoded words, which no reader of ``X-Wirewatch-Url`` expects.
    """

    def fold(self, name: str, value: str) -> str:
        """Write one header."""
        if value.isascii() and value.isprintable() and len(value) <= HEADER_MOST:
            return f"{name}: {value}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header as bytes; with this policy's ``cte_type`` they are ASCII."""
        return self.fold(name, value).encode("ascii")


_POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")


class Email(Channel):
    """Mail through one SMTP server.

    Gmail hides what of a message's HTML is beyond 102 kB; a digest of as much as there is room for takes up to 95 kB.
    """

    room: ClassVar[int] = 50_000

    def __init__(self, name: str, config: EmailChannel) -> None:
        """Take the server's address apart; it is kept nowhere else."""
        super().__init__(name, config)
        parts = urlsplit(config.smtp.get_secret_value())
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._from = config.sender
        self._domain = parseaddr(config.sender)[1].rpartition("@")[2] or "wirewatch.invalid"

    def render(self, view: AlertView, address: Address) -> dict[str, Any]:
        """Write the whole message; the root of the thread is the first that this recipient got."""
        shown = show(view)
        message = EmailMessage(policy=_POLICY)
        reference = self._message_id(view.token)
        message["Message-ID"] = reference
        message["Date"] = format_datetime(view.at)
        message["Subject"] = _undecodable(shown.subject, "= ?")
        message["From"] = _mailbox(self._from)
        message["To"] = _mailbox(address.recipient)
        root = address.thread or (self._message_id(view.root) if view.root else None)
        if root and root != reference:
            message["In-Reply-To"] = root
            message["References"] = root
        message["Auto-Submitted"] = "auto-generated"
        message["List-Id"] = f"wirewatch alerts <alerts.wirewatch.{self._domain}>"
        message["X-Wirewatch-Verdict"] = view.kind
        if view.story is not None:
            message["X-Wirewatch-Story"] = str(view.story)
        if view.url:
            message["X-Wirewatch-Url"] = _undecodable(link(view.url) or clean(view.url)[:HEADER_MOST], "=%3F")
        message.set_content(text(view), cte="quoted-printable")
        message.add_alternative(html(view), subtype="html", cte="quoted-printable")
        return {"to": address.recipient, "id": reference, "message": message.as_bytes().decode("ascii")}

    def _message_id(self, name: str) -> str:
        return f"<{name}@{self._domain}>"

    def send(self, payload: dict[str, Any]) -> str:
        """Hand the message to the server; what is lost after the body went out is ambiguous."""
        with self._dialogue() as server:
            _expect(server.mail(parseaddr(self._from)[1]), STRANGER)
            _expect(server.rcpt(parseaddr(payload["to"])[1]))
            code, reply = server.docmd("DATA")
            if code != 354:  # noqa: PLR2004  # RFC 5321 4.2: "start mail input"
                raise _refusal(code, reply)
            server.send(_body(payload["message"]))  # when this fails the end of the body has not gone out
            try:
                server.wait_to_the_end()  # it may scan what it got: RFC 5321 4.5.3.2.6 would give it ten minutes
                code, reply = server.getreply()
            except (OSError, smtplib.SMTPException) as error:
                said = f"lost after the body went out: {_words(error)}"
                raise TransportError(Failure.AMBIGUOUS, said, blame=Blame.SERVER) from None
            if not 200 <= code < 600:  # noqa: PLR2004  # no code of SMTP's: it says nothing
                raise TransportError(Failure.AMBIGUOUS, f"after the body: {_reply(code, reply)}", blame=Blame.SERVER)
            _expect((code, reply))
        return str(payload["id"])

    def check(self) -> str:
        """Greet the server and log in; nothing is sent."""
        with self._dialogue() as server:
            _expect(server.noop())
        return f"{self._host}:{self._port} answers" + (" and accepts the login" if self._user else "")

    @contextmanager
    def _dialogue(self) -> Iterator[Dialogue]:
        """A server that has been greeted and logged in to; it is cut off when ``DEADLINE`` is over.

        Whatever goes wrong in here by itself is certain: the body has not gone out. A refused login is the channel's
        trouble, not the alert's, so it is tried again like a server that is down.
        """
        tls = self._trust() if self._tls else None
        try:
            with Dialogue(self._host, self._port, step=STEP, total=DEADLINE, tls=tls) as server:
                self._greet(server)
                yield server
                with suppress(OSError, smtplib.SMTPException):  # the message is accepted; a lost QUIT changes nothing
                    server.quit()
        except TransportError as error:
            raise TransportError(error.failure, self._hide(error.message), blame=error.blame) from None
        except smtplib.SMTPResponseException as error:
            said = _reply(error.smtp_code, error.smtp_error)
            blame = Blame.LOGIN if isinstance(error, smtplib.SMTPAuthenticationError) else Blame.SERVER
            raise TransportError(Failure.CERTAIN, self._hide(said), blame=blame) from None
        except (OSError, smtplib.SMTPException) as error:
            said = f"{self._host}:{self._port}: {_words(error)}"
            raise TransportError(Failure.CERTAIN, self._hide(said), blame=Blame.SERVER) from None
        except UnicodeError:
            said = "the user name or the password is not ASCII"
            raise TransportError(Failure.CERTAIN, said, blame=Blame.LOGIN) from None

    def _hide(self, said: str) -> str:
        """Take out the password, should a server repeat it: as it is, and as it goes over the line (RFC 4616)."""
        if not self._password:
            return said
        forms = (self._password, f"\0{self._user}\0{self._password}")
        hidden = {self._password, *(b64encode(form.encode()).decode() for form in forms)}
        for secret in sorted(hidden, key=len, reverse=True):
            said = said.replace(secret, "***")
        return said

    def _greet(self, server: Dialogue) -> None:
        code, reply = server.open()
        if code != 220:  # noqa: PLR2004  # RFC 5321 4.2: "service ready"
            raise smtplib.SMTPConnectError(code, reply)
        server.ehlo_or_helo_if_needed()
        encrypted = self._tls
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=self._trust())
            server.ehlo_or_helo_if_needed()
            encrypted = True
        if not self._user:
            return
        if not encrypted and not _is_loopback(self._host):  # an attacker on the way can take the offer out
            raise TransportError(
                Failure.CERTAIN,
                f"{self._host}:{self._port} offers no STARTTLS, and over an open line it gets no password: "
                "write smtps://, or a server that offers STARTTLS",
                blame=Blame.LOGIN,
            )
        server.login(self._user, self._password)

    def _trust(self) -> ssl.SSLContext:
        """Which certificates are believed.

        A password is only given to a server that proves its name. Without one, encryption to whoever answers is still
        better than none (RFC 7435), and a local relay rarely has a certificate that anyone signed.
        """
        context = ssl.create_default_context()
        if not self._tls and (not self._password or _is_loopback(self._host)):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _undecodable(value: str, instead: str) -> str:
    """A header's value in which nothing is an encoded word (RFC 2047): decoded, it could hold a line break."""
    return value.replace("=?", instead)


def _mailbox(address: str) -> Mailbox:
    name, spec = parseaddr(address)
    local, _, domain = spec.rpartition("@")
    return Mailbox(clean(name), local, domain)


def _body(message: str) -> bytes:
    """The message with its dots doubled and its end marked (RFC 5321 4.5.2)."""
    lines = message.encode("ascii").replace(b"\r\n.", b"\r\n..")
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _expect(answer: tuple[int, bytes], strangers: Collection[int] = ()) -> None:
    """Raise TransportError unless it was done; the codes ``strangers`` refuse us, and not the alert."""
    code, reply = answer
    if code in strangers:
        raise TransportError(Failure.CERTAIN, _reply(code, reply), blame=Blame.LOGIN)
    if not 200 <= code < 300:  # noqa: PLR2004  # RFC 5321 4.2.1: completed
        raise _refusal(code, reply)


def _refusal(code: int, reply: bytes | str) -> TransportError:
    """What a reply code says of the alert: 4xx may pass another time, 5xx never will (RFC 5321 4.2.1)."""
    failure = Failure.PERMANENT if code >= REFUSED_FOR_GOOD else Failure.CERTAIN
    blame = Blame.SERVER if code in {CLOSING, HANGING} else Blame.ALERT
    return TransportError(failure, _reply(code, reply), blame=blame)


def _reply(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {clean(words)[:300]}"


def _words(error: Exception) -> str:
    return clean(f"{type(error).__name__}: {error}")[:300]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
