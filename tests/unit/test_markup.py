from __future__ import annotations

import pytest

from worker.markup import clean, line, text_from_html, without_crowded_tags


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain &amp; simple", "Plain & simple"),
        ("<p>One.</p><p>Two<br>three</p>", "One.\nTwo\nthree"),
        ("<p>A <b>bold</b>\n  word</p>", "A bold word"),
        ("<div><script>x()</script>Text<style>p{}</style> goes on</div>", "Text goes on"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>never closed", "never closed"),
        ("a < b", "a < b"),
        ("<!-- hidden -->shown", "shown"),
        ("<p>a\x00b\ud800c</p>", "ab\ufffdc"),
        ("", ""),
    ],
)
def test_html_becomes_text_with_a_line_for_each_block(markup: str, text: str) -> None:
    assert text_from_html(markup, 1000) == text


def test_texts_are_bounded() -> None:
    assert len(text_from_html("<p>word</p>" * 10_000, 500)) == 500
    assert line("word " * 1000, 20) == "word word word word…"


def test_signs_that_turn_or_hide_text_are_taken_out() -> None:
    assert clean("a\u202eb\u2066c\ufeffd\x07e\nf") == "abcde\nf"


def test_only_crowded_tags_lose_their_attributes() -> None:
    crowded = "<p " + " ".join(f"a{number}=v" for number in range(5000)) + ">x</p>"
    assert without_crowded_tags(crowded) == "<p>x</p>"
    long = f"<img src='data:image/png;base64,{'A' * 20_000}'>"
    assert without_crowded_tags(long) == long
