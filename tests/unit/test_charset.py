from __future__ import annotations

import pytest

from worker.charset import decode

TEXT = "Росфинмониторинг внёс банк в перечень — «Binance» ответила. " * 20


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_known_without_being_told(charset: str) -> None:
    assert decode(f"<a>{TEXT}".encode(charset)).endswith(TEXT)


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_what_is_declared_is_believed(charset: str) -> None:
    body = TEXT.replace("—", "-").replace("«", '"').replace("»", '"')
    assert decode(body.encode(charset), f"text/html; charset={charset}") == body
    assert decode(f'<meta charset="{charset}">{body}'.encode(charset)).endswith(body)


@pytest.mark.parametrize("declared", ["windows-1251", "punycode", "zlib", "no-such", "utf-7", "unicode_escape", ""])
def test_text_that_is_utf_8_is_read_as_that_whatever_is_declared(declared: str) -> None:
    assert decode(TEXT.encode(), f"text/html; charset={declared}") == TEXT


def test_one_broken_byte_does_not_change_the_charset() -> None:
    assert decode(TEXT.encode() + b"\xd0").startswith(TEXT)


def test_undeclared_letters_are_guessed() -> None:
    assert decode(TEXT.encode("windows-1251")) == TEXT


@pytest.mark.parametrize(
    ("headline", "charset"),
    [
        ("Росфинмониторинг назвал банк", "windows-1251"),
        ("Росфинмониторинг назвал банк", "koi8-r"),
        ("Національний банк України оштрафував біржу", "windows-1251"),
        ("Η τράπεζα επέβαλε πρόστιμο τεσσάρων εκατομμυρίων", "iso8859-7"),
        ("הבנק קנס את הבורסה ארבעה מיליון שקל ביום שני", "windows-1255"),
        ("은행은 월요일에 거래소에 벌금을 부과했다", "euc-kr"),
        ("银行周一对交易所处以罚款四百万元", "gb18030"),
        ("Le café a été fermé à Besançon", "windows-1252"),
    ],
)
def test_one_headline_is_enough_to_know_its_letters(headline: str, charset: str) -> None:
    document = f"<?xml version='1.0' encoding='utf-8'?><rss><channel><title>{headline}</title></channel></rss>"
    assert decode(document.encode(charset)) == document


def test_no_bytes_raise() -> None:
    for body in (bytes(range(256)) * 10, b"", b"\xff", b"\x00" * 9, b"\xfe\xff\xd8"):
        assert isinstance(decode(body, 'text/xml; charset="'), str)
