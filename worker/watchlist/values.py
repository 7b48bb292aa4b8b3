"""Single values: durations, addresses, mail addresses, phrases. Each is given back, or a fault says what to write.

A fault never repeats the value, which may have come from the environment; who reports it adds the text that stands in
the file.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import SplitResult, urlsplit

import idna
from pydantic_core import PydanticCustomError

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])")
_LOOSE: Final = re.compile(r"([0-9]{1,9})\s*([a-zа-я]*)\.?\s*", re.IGNORECASE)
_URL_LENGTH: Final = 2000
_PHRASE_LENGTH: Final = 200
_OWN_HEADERS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te"})
_SECRET_LENGTH: Final = 16
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
# Up to the last @ of a word, for passwords with @ and / in them are a common mistake.
_CREDENTIALS: Final = re.compile(r"//\S*@")
_CHANNEL: Final = re.compile(r"\w[\w.-]{0,63}")
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def fault(said: str, hint: str = "", *, alone: bool = False) -> PydanticCustomError:
    """A problem with one value; ``alone`` when the sentence needs no value in front."""
    return PydanticCustomError("fault", "{said}", {"said": said, "hint": hint, "alone": alone})


def masked(text: str, most: int = 60) -> str:
    """A text as a message may show it: short, quoted, and without the user and password of an address."""
    text = _CREDENTIALS.sub("//…@", text)
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def duration(text: str, least: timedelta, most: timedelta) -> timedelta:
    """Read ``30s``, ``5m``, ``2h`` or ``7d`` within the bounds."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise fault("is not a duration", _loose(text))
    value = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if value < least:
        raise fault("is too short", f"the least is {written(least)}")
    if value > most:
        raise fault("is too long", f"the most is {written(most)}")
    return value


@dataclass(frozen=True, slots=True)
class Interval:
    """How often: at least and at most this long apart. The two are equal where nothing is to be adapted."""

    least: timedelta
    most: timedelta

    def __str__(self) -> str:
        """As the watchlist writes it."""
        return written(self.least) if self.least == self.most else f"{written(self.least)}..{written(self.most)}"


def interval(text: str, least: timedelta, most: timedelta) -> Interval:
    """Read ``5m``, or the bounds between which the interval adapts to the feed: ``5m..6h``."""
    low, dots, high = text.partition("..")
    found = Interval(first := duration(low, least, most), duration(high, least, most) if dots else first)
    if found.most < found.least:
        raise fault("ends before it begins", f"write {written(found.most)}..{written(found.least)}")
    return found


def host_name(text: str) -> str:
    """The name of a host or of a whole domain, without scheme and path."""
    name = text.strip().lower()
    if not _DOMAIN.fullmatch(name.partition(":")[0]):
        raise fault("is not the name of a host", "write it as example.org, without https:// and without a path")
    return name


def header_name(text: str) -> str:
    """The name of a request header that may be set; those that make up the request itself may not."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}", name) or name in _OWN_HEADERS:
        raise fault("is not a header that can be set", "write it as `Cookie` or `Authorization`", alone=False)
    return name


def header_value(text: str) -> str:
    """The value of a request header, on one line."""
    if not text.strip() or not text.isprintable() or not text.isascii() or len(text) > _URL_LENGTH * 2:
        raise fault("is not a header's value", "one line of printable ASCII", alone=True)
    return text.strip()


def credentials(text: str) -> str:
    """A user and a password, as ``user:password``."""
    user, colon, _ = text.partition(":")
    if not user or not colon or not text.isprintable():
        raise fault("is not a user and a password", "write user:password", alone=True)
    return text


def written(value: timedelta) -> str:
    """A duration as the watchlist writes it."""
    seconds = int(value.total_seconds())
    if seconds == 0:
        return "0s"
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


_LETTERS: Final = {"с": "s", "м": "m", "ч": "h", "д": "d", "w": "w", "н": "w"}


def _loose(text: str) -> str:
    """What was meant by ``5 min``, ``1h30m`` or ``90``."""
    text = text.strip()
    if text.startswith("-"):
        return "a duration cannot be negative; write it as 30s, 5m, 2h or 7d"
    if re.fullmatch(r"[0-9]{1,9}", text):
        return f"add the unit: {text}s, {text}m, {text}h or {text}d"
    total, at = 0, 0
    for found in _LOOSE.finditer(text):
        letter = found[2][:1].casefold()
        letter = _LETTERS.get(letter, letter)
        if found.start() != at or letter not in {*_UNITS, "w"} or found[2].casefold().startswith(("mo", "ms", "ме")):
            break
        total += int(found[1]) * (_UNITS.get(letter) or 7 * _UNITS["d"])
        at = found.end()
    if at == len(text) and 0 < total <= 10**9:
        return f"write {written(timedelta(seconds=total))}"
    return "write it as 30s, 5m, 2h or 7d"


def phrase(text: str) -> str:
    """A name, alias or phrase: not empty, on one line, of a length that a text can hold."""
    text = " ".join(text.split())
    if not text:
        raise fault("is empty", "write the name, or take the line out")
    if len(text) > _PHRASE_LENGTH:
        raise fault(f"is longer than {_PHRASE_LENGTH} characters", "a list needs a line or a comma for each item")
    return text


def pattern(text: str) -> str:
    """A phrase in which ``*`` may end a word."""
    text = phrase(text)
    if any(word.startswith("*") for word in text.split()):
        raise fault("begins a word with `*`", "`*` stands at the end of a word: crypto*")
    return text


def channel_name(text: str) -> str:
    """A name for a channel: what can be typed in a shell without quotes."""
    if not _CHANNEL.fullmatch(text):
        raise fault("cannot name a channel", "use letters, digits, `-`, `_` and `.`, at most 64, no spaces")
    return text


def _split(text: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """The parts of an address with one of the schemes, a host, and a port that exists."""
    if re.fullmatch(r"\$\w+", text):
        raise fault("is not an address", "a variable is written ${NAME}, with braces")
    if len(text) > _URL_LENGTH:
        raise fault(f"is longer than {_URL_LENGTH} characters", f"write it as {example}")
    if re.search(r"\s", text):
        raise fault("has a space in it", "write %20 for a space, or `- ` before each address of a list")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise fault("is not an address", f"write it as {example}") from None
    if not parts.scheme or parts.scheme not in schemes:
        raise fault(f"is not an address of {' or '.join(schemes)}", f"write it as {example}")
    if not host or not re.search(r"\w", host) or port == 0:
        raise fault("is an address without a host", f"write it as {example}")
    return parts


def web(text: str) -> str:
    """An http or https address without user and password, which would be shown wherever the address is."""
    text = text.strip()
    parts = _split(text, ("http", "https"), "https://example.org/feed.xml")
    if parts.username is not None or parts.password is not None:
        raise fault("holds a user name", "addresses are shown in logs and alerts; take out what stands before the @")
    return text


def feed_address(text: str) -> str:
    """A web address that may hold ``{name}`` after its host."""
    text = web(text)
    for found in _PLACEHOLDER.finditer(text):
        if found[1] != "name":
            raise fault("has a placeholder that is not known", "the only one is {name}")
    if "{name}" in text and "{name}" in urlsplit(text).netloc:
        raise fault("has {name} in its host", "{name} stands in the path or in the query, after the host")
    return text


def smtp(text: str) -> str:
    """The address of a mail server, ``smtp://user:pass@host:587`` or ``smtps://host:465``."""
    text = text.strip()
    parts = _split(text, ("smtp", "smtps"), "smtp://user:password@host:587")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise fault("has something after the port", "in a user name or password write / as %2F, # as %23, ? as %3F")
    return text


def mail(text: str) -> str:
    """A mail address, alone or as ``Name <address>``; its domain is given back in ASCII (IDNA, UTS 46)."""
    text = text.strip()
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    plain = text == address or (text.endswith(f"<{address}>") and name)
    if "," in text or ";" in text:
        raise fault("is more than one mail address", "write a list: [one@example.org, two@example.org]")
    if plain and not local.isascii():
        hint = "few servers take them; write the mailbox's ASCII address. After the @ any letters may stand"
        raise fault("has letters before the @ that are not ASCII", hint)
    host = _ascii(domain)
    if (
        not plain
        or not _LOCAL.fullmatch(local)
        or local.startswith(".")
        or ".." in address
        or not _DOMAIN.fullmatch(host)
    ):
        raise fault("is not a mail address", "write it as desk@example.org")
    end = ">" if text.endswith(">") else ""
    return text.removesuffix(f"{domain}{end}") + host + end


def _ascii(domain: str) -> str:
    """A domain as mail servers know it; empty where it cannot be one."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:  # IDNAError is one
        return ""


def signing_secret(text: str) -> str:
    """A secret that nobody can guess."""
    text = text.strip()
    if len(text) < _SECRET_LENGTH:
        raise fault(f"is shorter than {_SECRET_LENGTH} characters", "make one with `openssl rand -base64 32`")
    if text.startswith("whsec_"):
        try:
            base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except ValueError:
            raise fault("begins with whsec_ and is not base64 after it", "copy the whole of it") from None
    return text


def listed(value: object) -> object:
    """One text where a list may stand is a list of one; a comma in it says that brackets were forgotten."""
    if isinstance(value, str):
        if "," in value:
            raise fault("is one text with a comma in it", "write a list with brackets: [one, two]")
        return [value]
    return value
