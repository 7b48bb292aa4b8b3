"""Which addresses are public. Pure: an address and the networks that the operator opened go in, a reason comes out.

``ipaddress.is_global`` is not enough: it passes NAT64, 6to4, multicast and ``192.0.0.192``, behind which inner servers
stand. The table is taken from the IANA special-purpose registries (RFC 6890 and its updates); what IPv6 has outside
of 2000::/3 is refused as a whole.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

from worker.settings import Network

Address = IPv4Address | IPv6Address

_NOT_PUBLIC: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's inner network"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("169.254.0.0/16", "link-local, with the clouds' metadata services"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "protocol assignments, with a cloud's metadata service"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "an AS112 sink"),
        ("192.52.193.0/24", "a multicast relay"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private network"),
        ("192.175.48.0/24", "an AS112 sink"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "an IPv4-compatible address"),
        ("::ffff:0:0/96", "an IPv4-mapped address"),
        ("::ffff:0:0:0/96", "an IPv4-translated address"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "a discard prefix"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "an AS112 sink"),
        ("3ffe::/16", "the closed 6bone"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Prefixes behind which an IPv4 address stands, and how far from the right end it does.
_EMBEDDING = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("64:ff9b:1::/48"), 0),
    (IPv6Network("2001::/32"), 64),
    (IPv6Network("2002::/16"), 80),
)
_TEREDO = IPv6Network("2001::/32")
_ISATAP = frozenset((0x0000_5EFE, 0x0200_5EFE))
_LOOPBACK = 1
_LOW = 0xFFFF_FFFF


@lru_cache(maxsize=4096)
def refusal(address: Address, allow_nets: tuple[Network, ...]) -> str | None:
    """Why ``address`` must not be connected to, in words, or None when it may.

    An address that carries an IPv4 address in it is judged for both: opening a translator's prefix does not open
    what lies behind it.
    """
    for layer in (address, *_embedded(address)):
        if any(layer in network for network in allow_nets):
            continue
        reason = _not_public(layer)
        if reason is not None:
            return reason
    return None


def _not_public(address: Address) -> str | None:
    for network, name in _NOT_PUBLIC:
        if address in network:
            return name
    if address.version == 6 and address not in _GLOBAL_UNICAST:  # noqa: PLR2004 - the version of the protocol
        return "not a public network"
    return None


def _embedded(address: Address) -> tuple[IPv4Address, ...]:
    number = int(address)
    if isinstance(address, IPv4Address) or number <= _LOOPBACK:
        return ()
    found = [IPv4Address(number >> shift & _LOW) for network, shift in _EMBEDDING if address in network]
    if address in _TEREDO:
        # RFC 4380: the client's address stands at the right end with its bits turned over.
        found.append(IPv4Address(number & _LOW ^ _LOW))
    if number >> 32 & _LOW in _ISATAP:
        found.append(IPv4Address(number & _LOW))
    return tuple(found)
