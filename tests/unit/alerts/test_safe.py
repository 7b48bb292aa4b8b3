from __future__ import annotations

import pytest

from worker.alerts.safe import clean, host, link


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("two\r\nlines\x0b\x0c\x1c\x85\u2028\u2029here", "two lines here"),
        ("invoice\u202egnp.exe\u202c", "invoicegnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061cb", "ab"),
        ("b\u200bi\u200cn\u200da\u2060n\ufeffc\u00ade", "binance"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape [31m"),
        ("hidden\U000e0041\U000e0042 tag\ufff9 mark", "hidden tag mark"),
        ("half \ud83d pair", "half pair"),
        ("filler\u3164\u115f\u2800end", "fillerend"),
        ("\u00a0 wide\u3000 blanks ", "wide blanks"),
        ("Ёлка и йод, наш й", "Ёлка и йод, наш й"),
        ("emoji ✈️ stays", "emoji ✈️ stays"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(outside: str, shown: str) -> None:
    assert clean(outside) == shown


def test_marks_do_not_smear_over_the_lines_around_them() -> None:
    assert len(clean("Z" + "\u0310" * 500)) <= 6


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("https://news.example/a?b=1&c=%20#d", "https://news.example/a?b=1&c=%20#d"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ('https://news.example/a|b<c>d"e`f g', "https://news.example/a%7Cb%3Cc%3Ed%22e%60f%20g"),
        ("https://пример.рф/новость", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://news.example/\u202egnp", "https://news.example/gnp"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)//https://x.example", ""),
        ("data:text/html,<script>", ""),
        ("file:///etc/passwd", ""),
        ("//evil.example/", ""),
        ("https://evil.example|https://bank.example", ""),
        ("https://a\\@b.example/", ""),
        ("https://exa mple.com/", ""),
        ("https://[broken/", ""),
        ("https://host:notaport/", ""),
        ("https:///nohost", ""),
        ("https://news.example/" + "x" * 3000, ""),
        ("", ""),
    ],
)
def test_only_an_address_that_is_what_it_seems_becomes_a_link(outside: str, shown: str) -> None:
    assert link(outside) == shown


def test_the_host_is_where_the_link_leads() -> None:
    assert host("https://www.bank.example@evil.example/bank.example") == "evil.example"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://пример.рф/новость", "пример.рф"),
        ("https://xn--e1afmkfd.xn--p1ai/", "пример.рф"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com/", "xn--80ak6aa92e.com"),
    ],
)
def test_a_host_in_other_letters_cannot_pass_for_a_latin_one(url: str, shown: str) -> None:
    assert host(url) == shown
