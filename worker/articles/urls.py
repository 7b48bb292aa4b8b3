"""One address for one article.

``canonical`` gives the address to fetch, to store and to show: what RFC 3986 (section 6) and the URL Standard of WHATWG
call equivalent is written one way, and what only tracks readers is taken off. ``key`` gives what two addresses of one
article have in common: it also joins http and https, ``www.``, AMP and mobile twins and print versions. A key is
compared, never fetched.

courlan, w3lib and url-normalize were tried. None joins twins, and courlan also takes off parameters that name the
article (``uid``, ``cid``, ``source``), which would lose articles.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna

from worker.articles import googlenews

MAX_LENGTH = 4096  # longer addresses are not links to articles; servers refuse them from 8 kB on

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|\[[0-9a-f:.]+\]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

# Parameters that say where the reader came from. Sources: the query stripping lists of Firefox, Brave and AdGuard, and
# the share links of the newsrooms themselves.
_TRACKING_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "ga_", "itm_", "at_", "ns_", "mc_", "mkt_", "oly_", "vero_",
    "__hs", "_hs", "fb_", "wt_", "stm_", "tw_", "tb_",
)  # fmt: skip
_TRACKING = frozenset(
    """fbclid gclid gclsrc gbraid wbraid dclid yclid ysclid msclkid twclid ttclid igshid igsh li_fat_id mibextid epik
    s_kwcid ef_id irclickid _openstat _ga _gl spm scm xtor ref_src ref_url referer referrer ref_cta_name cmp cmpid
    cmp_id campaign_id icid ncid ocid ito icmp intcmp int_cmp wprss smid smtyp smprod emc srnd sref
    ftcamp ftag feedtype feedname taid tid_source __source __twitter_impression guccounter guce_referrer
    guce_referrer_sig soc_src soc_trk sr_share sharetype sh_kit cx_testid cx_testvariant
    cx_artpos traffic_source utm from_rss fromrss rssfeed link_source trk trkcampaign trkinfo
    rb_clickid wickedid zanpid yptr mbid dicbo cvid sc_cid sc_campaign sc_channel sc_country sc_geo
    sc_outcome phpsessid jsessionid cfid cftoken""".split()
)
# These name the article on some sites (a regulator's ?ref=2024-117), so they are taken off only without a number.
_TRACKING_WORDS = frozenset({"ref", "campaign", "partner", "shared", "rss", "linkid"})
# And these on more sites, so only values that can be nothing but an origin are taken off.
_ORIGIN_PARAMETERS = frozenset({"source", "src", "from", "via", "origin", "feature", "s", "share", "a"})
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[A-Za-z0-9.!_-]*", re.IGNORECASE)
_CLOCK = re.compile(r"_=\d{9,}")  # what scripts add so that nothing between them and the server answers
_ORIGINS = frozenset(
    """rss feed feeds feedburner newsletter twitter facebook telegram tg vk share social email mail copylink googlenews
    google-news google_news yandexnews yandex.news rss_feed rss-feed rssfeed hp mf homepage""".split()
)

_AMP_CACHE = re.compile(r"[^/]+\.cdn\.ampproject\.org/(?:[a-z]/)?(?:s/)?(?P<inner>[^/]+\.[^/]+/.*)")
_AMP_VIEWER = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/amp/(?:s/)?(?P<inner>[^/]+\.[^/]+/.*)")
_TWIN_LABELS = frozenset({"www", "m", "amp", "mobile", "wap", "touch", "pda", "print"})
_TWIN_PATH = re.compile(r"(?:/|\.)(?:amp|amphtml|print|printable)(?P<ending>\.html?|/)?$", re.IGNORECASE)
_TWIN_PREFIX = re.compile(r"^/(?:amp|print)(?=/.)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|shtml)$", re.IGNORECASE)
_TWIN_PARAMETERS = {
    "outputtype": {"amp"},
    "amp": {"", "1", "true"},
    "is_amp": {"1", "true"},
    "print": {"", "1", "true", "yes", "y", "print"},
    "printable": {"", "1", "true", "yes"},
    "view": {"print", "amp", "mobile"},
    "mobile": {"1", "true"},
    "m": {"1"},
    "noredirect": {"1", "true"},
}


class UrlError(ValueError):
    """An address that cannot lead to an article; the message says why."""


def canonical(url: str) -> str:
    """Write an absolute http or https address the one way it is stored and fetched.

    Scheme and host in lower case, the host in its ASCII form (IDNA, UTS 46), no default port, no user name, no
    fragment (but ``#!``, which old script-driven sites route by), no dot segments, no doubled slashes, escapes in upper
    case and only where they are needed, no tracking parameters. The order of the parameters, the trailing slash and
    the case of the path are kept: servers tell them apart.

    Raises:
        UrlError: not an absolute http(s) address, or one that parsers disagree about.
    """
    scheme, host, path, parameters, fragment = _split(url)
    query = "&".join(parameter for parameter in parameters if not _tracks(parameter))
    return urlunsplit((scheme, host, path, query, fragment))


def key(url: str) -> str:
    """What makes two addresses one article; equal keys mean the same article. Not an address to fetch.

    Beyond ``canonical``: without scheme, ``www.`` and mobile host names, AMP and print forms, ``index.html`` and the
    trailing slash; parameters sorted; AMP caches and old Google News links opened.

    Raises:
        UrlError: as ``canonical``.
    """
    url = googlenews.target(url) or url
    _, host, path, parameters, fragment = _split(url)
    wrapped = _AMP_CACHE.fullmatch(host + path) or _AMP_VIEWER.fullmatch(host + path)
    if wrapped:
        host, _, path = wrapped["inner"].partition("/")
        path = f"/{path}"
    kept = sorted(parameter for parameter in parameters if not _tracks(parameter) and not _twin(parameter))
    path = _TWIN_PREFIX.sub("", path)
    path = _INDEX.sub("/", path)
    path = _TWIN_PATH.sub(lambda found: "" if found["ending"] in {None, "/"} else found["ending"], path)
    query = "?" + "&".join(kept) if kept else ""
    return _plain_host(host) + path.rstrip("/") + query + (f"#{fragment}" if fragment else "")


def join(base: str, link: str) -> str:
    """``link`` as an absolute address, read against ``base`` where it is relative.

    Raises:
        UrlError: the two make no address.
    """
    try:
        return urljoin(base, link.strip())
    except ValueError as error:
        raise UrlError(f"not an address: {error}") from None


def site(url: str) -> str:
    """The host of an address as readers know it: without ``www.`` and mobile prefixes. Empty for what is no address."""
    try:
        return _plain_host(_split(url)[1])
    except UrlError:
        return ""


def _split(url: str) -> tuple[str, str, str, list[str], str]:
    """Scheme, host with port, path, the query's parameters, and the fragment where it is part of the address."""
    url = re.sub(r"[\t\r\n]", "", url.strip())  # as browsers do
    if len(url) > MAX_LENGTH:
        raise UrlError(f"the address has {len(url)} characters, more than {MAX_LENGTH}")
    if any(character < " " or character == "\x7f" for character in url):
        raise UrlError("the address holds control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UrlError(f"not an address: {error}") from None
    scheme = parts.scheme.lower()
    if scheme == "feed":
        scheme = "http"
    if scheme not in _PORTS:
        raise UrlError(f"the address starts with {parts.scheme or 'no scheme'!r}, not with http or https")
    if "\\" in parts.netloc:
        raise UrlError("a backslash in the host, which programs read in different ways")
    host = _host(parts)
    if port is not None and port != _PORTS[scheme]:
        host = f"{host}:{port}"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    parameters = [_escape(piece, "/?:@!$'()*+,;=[]") for piece in re.split(r"&(?:amp;)?", parts.query) if piece]
    return scheme, host, _path(_SESSION.sub("", parts.path)), parameters, fragment


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise UrlError(f"the host {host!r} is not a valid name: {error}") from None
    if not _HOST.fullmatch(host):
        raise UrlError(f"the host {host!r} is not a valid name")
    return host


def _path(path: str) -> str:
    path = _escape(path, "/:@!$&'()*+,;=")
    if not re.search(r"/https?:/", path):  # an archive's path holds a whole address, whose slashes count
        path = re.sub(r"/{2,}", "/", path)
    kept: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escape(text: str, reserved: str) -> str:
    """Percent-encode what must be, decode what need not be, upper-case the rest (RFC 3986, 6.2.2)."""
    text = _STRAY_PERCENT.sub("%25", text)
    text = quote(text, safe=reserved + "%~", errors="replace")
    return _ESCAPE.sub(_needed, text)


def _needed(escape: re.Match[str]) -> str:
    byte = unquote_to_bytes(escape[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else escape[0].upper()


def _name_and_value(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.lower(), value.lower()


def _tracks(parameter: str) -> bool:
    name, value = _name_and_value(parameter)
    if _CLOCK.fullmatch(parameter):
        return True
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _TRACKING_WORDS:
        return re.search(r"\d{2}", value) is None
    return name in _ORIGIN_PARAMETERS and value in _ORIGINS


def _twin(parameter: str) -> bool:
    name, value = _name_and_value(parameter)
    return value in _TWIN_PARAMETERS.get(name, ())


def _plain_host(host: str) -> str:
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _TWIN_LABELS:  # noqa: PLR2004 - a registered name has two labels
        labels = labels[1:]
    if len(labels) > 3 and labels[1] in {"m", "amp"}:  # noqa: PLR2004 - en.m.wikipedia.org
        del labels[1]
    return ".".join(labels)
