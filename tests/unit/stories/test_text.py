"""Normalising, words and sentences."""

from __future__ import annotations

import pytest

from worker.stories.text import MAX_CHARS, normalise, sentences, without_rubbish, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u201cQuoted\u201d \u2014 it\u2019s", '"quoted" - it\'s'),
        ("Ещё один ёж", "еще один еж"),
        ("\ufb01nancial\u00a0intel\u00adligence", "financial intelligence"),
        ("за\u0301мок", "замок"),
    ],
)
def test_spellings_of_one_thing_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_words_write_months_out_and_drop_possessives() -> None:
    assert words("Binance\u2019s office, Feb. 24: 1,234.5 people didn't go") == (
        ["binance", "office", "february", "24", "1,234.5", "people", "didn't", "go"]
    )


def test_scripts_without_spaces_give_a_word_a_character() -> None:
    assert words("他来了。OK") == ["他", "来", "了", "ok"]


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Smith met J. K. Rowling.| She left.",
        "He lives in the U.S.| The bank is Acme Inc. of Ohio.",
        "It began on Feb. 24 at 5 p.m. on a farm.| It cost $1.5 bn.",
        "\u201cWhy?\u201d he asked.| \u201cNo.\u201d| She left.",
        "В 2022 г.| Росфин начал.| В г. Москва тихо.",
        "По словам А. С. Пушкина, это 1,5 млрд руб.| Власти молчат.",
        "«Это ложь», — заявил он.| Потом ушёл…",
        "Er kam am 3. Mai nach Bonn.| Die Bank z.B. sagte nein.",
        "A heading\n\n|The text goes\non here.| End",
        "他来了。|她走了！",
        "",
    ],
)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    text = marked.replace("|", "")
    found = sentences(text)
    assert [sentence.text for sentence in found] == [part.strip() for part in marked.split("|") if part]
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)


def test_rubbish_and_size_are_bounded() -> None:
    assert without_rubbish("a\0b\ud800c") == "a b c"
    assert words("\ud800\0") == []
    assert len(normalise("x" * (2 * MAX_CHARS))) == MAX_CHARS
    assert len(sentences("A b. " * MAX_CHARS)) == MAX_CHARS // 5
