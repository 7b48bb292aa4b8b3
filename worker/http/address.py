"""Reading an address strictly: one spelling, one meaning, so that the checks and the connection agree on the host.

Parsers disagree on backslashes, tabs, blanks, user names and numbers in odd bases, and that is how an address passes a
check as one host and is connected to as another. All of these are refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from worker.http.values import FetchError, Kind

# RFC 3986, appendix B, for the two schemes that are spoken here.
_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_USERINFO = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:%-]+")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]{0,5}))?")
_NAMED = re.compile(r"([^:\[\]%]+)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST = 8192
# What may stand in a path or query as it is; everything else is percent-encoded, as browsers do.
_SAFE = "!$%&'()*+,/:;=?@[]~"

# The Fetch standard's blocked ports (https://fetch.spec.whatwg.org/#port-blocking), and data stores that take lines of
# text and so can be spoken to in HTTP.
_BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    445, 1433, 1521, 2375, 2376, 2379, 3306, 3389, 5432, 5672, 6379, 9042, 11211, 27017,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read: where to connect and what to ask for.

    ``host`` is lower-case ASCII, an IPv6 address without its brackets. ``path`` begins with ``/`` and holds the query.
    ``userinfo`` is ``user:password`` as it was written, or empty.
    """

    scheme: str
    host: str
    port: int
    path: str
    userinfo: str = ""

    @property
    def netloc(self) -> str:
        """Host and port as they are written in an address, without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address in full, without user and password."""
        return f"{self.scheme}://{self.netloc}{self.path}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port


def read(url: str, *, credentials: bool = False) -> Target:
    """Read ``url``; raises FetchError of kind bad-url that says what is wrong with it.

    ``credentials`` lets ``user:password@`` pass, for an address that the desk itself wrote.
    """
    if len(url) > _LONGEST:
        raise _bad(f"the address is longer than {_LONGEST} characters")
    if _CONTROL.search(url):
        raise _bad("the address holds a tab, a line break or a control character")
    if url != url.strip():
        raise _bad("the address begins or ends with a blank")
    if "\\" in url:
        raise _bad("the address holds a backslash")
    match = _PARTS.fullmatch(url)
    if match is None:
        raise _bad("the address does not begin with http:// or https:// and a host")
    scheme = match[1].lower()
    userinfo, at, authority = match[2].rpartition("@")
    if at and not (credentials and _USERINFO.fullmatch(userinfo)):
        raise _bad("the address holds a user name")
    host, port = _host_and_port(authority)
    path = quote((match[3] or "/") + (match[4] or ""), safe=_SAFE)
    return Target(scheme, host, port or _default_port(scheme), path, userinfo)


def follow(base: Target, location: str) -> Target:
    """The target of a redirect from ``base``; raises FetchError of kind bad-url."""
    with suppress(UnicodeError):
        # Header bytes come in as Latin-1, and servers write UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    location = location.strip(" \t")
    # urljoin drops these before it reads, so they have to be seen here.
    if _CONTROL.search(location):
        raise _bad("the redirect's address holds a tab, a line break or a control character")
    try:
        return read(urljoin(base.url, location))
    except ValueError:
        raise _bad("the redirect's address cannot be read") from None


def refused_port(port: int) -> bool:
    """Whether ``port`` belongs to a service that is not the web."""
    return port in _BAD_PORTS


def redact(url: str) -> str:
    """``url`` with nothing in it that may be secret: scheme and host, and "…" for the rest. One short line."""
    match = _PARTS.fullmatch(url.strip())
    if match is None:
        return "an address that cannot be read"
    host = match[2].rpartition("@")[2]
    shown = "".join(char if char.isprintable() and char != "\\" else "?" for char in host[:100])
    rest = "/…" if match[3] not in {"", "/"} or match[4] else "/"
    return f"{match[1].lower()}://{shown}{rest}"


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if bracketed := _BRACKETED.fullmatch(authority):
        try:
            host = str(IPv6Address(bracketed[1]))
        except AddressValueError:
            raise _bad("the address holds an IPv6 address that cannot be read") from None
        return host, _port(bracketed[2])
    named = _NAMED.fullmatch(authority)
    if named is None:
        raise _bad("the address has no host that can be read")
    return _hostname(named[1]), _port(named[2])


def _hostname(written: str) -> str:
    host = written.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise _bad("the host's name cannot be read") from None
    host = host.removesuffix(".")
    if not _NAME.fullmatch(host):
        raise _bad("the host's name cannot be read")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # 2130706433, 0x7f.1, 127.1 and 0177.0.0.1 are all loopback to some resolver; circled and full-width digits
        # become plain ones. No publisher writes such addresses.
        try:
            return str(IPv4Address(written))
        except AddressValueError:
            raise _bad("the host is a number and not four decimal numbers with dots") from None
    return host


def _port(digits: str | None) -> int | None:
    if not digits:
        return None
    port = int(digits)
    if not 0 < port < 1 << 16:
        raise _bad("the address has a port that does not exist")
    return port


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _bad(message: str) -> FetchError:
    return FetchError(Kind.BAD_URL, message)
