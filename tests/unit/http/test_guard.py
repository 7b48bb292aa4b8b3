"""Which addresses are public."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from worker.http.guard import refusal
from worker.settings import Network

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170
192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 232.1.1.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::2 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::a00:1 64:ff9b:1:ffff::1 100::1
100:0:0:1::1 200::1 400::1 1000::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1::1 2001:2::1 2001:10::1
2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 2620:4f:8000::1 3ffe::1 3fff::1
3fff:fff:ffff::1 4000::1 5f00::1 8000::1 fc00::1 fd00::1 fd00:ec2::254 fe00::1 fe80::1 fe80::1%eth0 febf::1 fec0::1
feff::1 ff02::1 ff0e::1 2606:4700::5efe:127.0.0.1 2606:4700::200:5efe:10.0.0.1
"""

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
172.15.255.255 172.32.0.0 192.0.1.1 192.0.3.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.0 223.255.255.255
2001:200::1 2001:4860:4860::8888 2003::1 2400:cb00::1 2606:4700:4700::1111 2a00:1450:4001::200e 2620:4f:8001::1
2606:4700::5efe:8.8.8.8
"""


def nets(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


@pytest.mark.parametrize("text", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_refused_with_a_reason(text: str) -> None:
    assert refusal(ip_address(text), ())


@pytest.mark.parametrize("text", PUBLIC.split())
def test_a_public_address_is_let_through(text: str) -> None:
    assert refusal(ip_address(text), ()) is None


@pytest.mark.parametrize(
    ("text", "opened", "permitted"),
    [
        ("127.0.0.1", nets("127.0.0.0/8"), True),
        ("127.0.0.2", nets("127.0.0.1/32"), False),
        ("10.1.2.3", nets("127.0.0.0/8", "10.1.0.0/16"), True),
        ("10.2.2.3", nets("127.0.0.0/8", "10.1.0.0/16"), False),
        ("0.1.2.3", nets("127.0.0.0/8"), False),
        ("::1", nets("127.0.0.0/8"), False),
        ("::1", nets("::1/128"), True),
        ("169.254.169.254", nets("127.0.0.0/8", "10.0.0.0/8"), False),
        # What carries an IPv4 address is opened when both the carrier and the carried one are.
        ("::ffff:127.0.0.1", nets("127.0.0.0/8"), False),
        ("::ffff:127.0.0.1", nets("::ffff:0:0/96"), False),
        ("::ffff:127.0.0.1", nets("::ffff:0:0/96", "127.0.0.0/8"), True),
        ("64:ff9b::8.8.8.8", nets("64:ff9b::/96"), True),
        ("64:ff9b::127.0.0.1", nets("64:ff9b::/96"), False),
        ("2002:7f00:1::1", nets("2002::/16"), False),
        ("2001:0:808:808::f5ff:fffe", nets("2001::/32"), False),  # Teredo for 8.8.8.8's client 10.0.0.1
        ("2606:4700::5efe:127.0.0.1", nets("2606:4700::/32"), False),
        ("8.8.8.8", nets("127.0.0.0/8"), True),
    ],
)
def test_only_the_networks_that_were_named_are_opened(text: str, opened: tuple[Network, ...], permitted: bool) -> None:
    assert (refusal(ip_address(text), opened) is None) is permitted
