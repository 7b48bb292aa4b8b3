"""Sentences that are too long are cut, all copies at the same places, so that comparing them stays cheap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from worker.stories.judge import judge
from worker.stories.numbers import is_number
from worker.stories.pieces import MOST_CHARS, MOST_NUMBERS, MOST_WORDS, in_pieces
from worker.stories.prepared import MAX_LINES, prepare
from worker.stories.text import words
from worker.types import Article, Story, Verdict

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHANCE = Random(5)
WORDS = ["".join(CHANCE.choices("abcdefghijklmnoprstuvz", k=7)) for _ in range(600)]
ENDLESS = " ".join(WORDS)

HOSTILE = {
    "one word": "word " * 12_000,
    "a negation": "not " * 15_000,
    "figures": " ".join(map(str, range(3_000))),
    "figures in brackets": " ".join(f"({number} euros)" for number in range(3_000)),
    "figures without blanks": ",".join(f"{number % 90}.{number % 70}" for number in range(9_000)),
    "numbers in letters": "seventy " * 7_000,
    "names": " ".join(word.capitalize() for word in WORDS * 7),
    "quotations": '"He said it all" ' * 3_000,
    "Chinese": "市政府宣布新的预算" * 6_000,
    "signs that are four words each": "\u337f" * 60_000,
    "letters that are four words each": "\ufdfa" * 60_000,
    "nothing between two words": f"a{'-' * 59_000}b",
    "blanks": f"a{' ' * 59_000}b",
}


def _article(text: str, number: int = 1) -> Article:
    return Article(number, f"https://{number}.example/", "", text, NOW + timedelta(hours=number))


def _judged(known: str, new: str) -> Verdict:
    return judge(_article(new, 2), [Story(1, (_article(known),))]).verdict


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_compared_is_bounded_whatever_the_text(text: str) -> None:
    made = prepare(Article(1, "", text, text, NOW))
    assert len(made.lines) <= MAX_LINES
    for line in (made.title, *made.lines):
        assert len(line.words) <= MOST_WORDS
        assert len(line.figures) <= MOST_NUMBERS
        assert sum(map(is_number, line.words)) <= MOST_NUMBERS
        assert len(line.text) <= MOST_CHARS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_pieces_are_the_text(text: str) -> None:
    found = in_pieces(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())


def test_each_piece_tells_how_many_words_stand_before_it() -> None:
    lines = prepare(_article(ENDLESS)).lines
    assert [line.at for line in lines] == [sum(len(line.words) for line in lines[:at]) for at in range(len(lines))]
    assert sum(len(line.words) for line in lines) == len(WORDS)


def test_a_sentence_as_long_as_sentences_are_is_not_cut() -> None:
    text = f"{' '.join(WORDS[:MOST_WORDS])}."
    assert [one.text for one in in_pieces(text)] == [text]


def test_a_piece_ends_at_a_comma_where_there_is_one() -> None:
    text = " ".join(word + "," * (at % 7 == 0) for at, word in enumerate(WORDS))
    assert all(one.text.endswith(",") for one in in_pieces(text)[:-1])


def test_chinese_without_blanks_is_cut_at_a_comma() -> None:
    assert {one.text[-1] for one in in_pieces("市政府宣布新的预算案,反对党表示不满," * 40)} == {","}


@pytest.mark.parametrize("new", [f"{ENDLESS} zzz", f"zzz {ENDLESS}", ENDLESS[280:]], ids=["longer", "shifted", "cut"])
def test_copies_are_soon_cut_at_the_same_places_again(new: str) -> None:
    one, other = ({tuple(words(piece.text)) for piece in in_pieces(text)} for text in (ENDLESS, new))
    assert len(one & other) >= len(one) - 2


@pytest.mark.parametrize("new", [ENDLESS, ENDLESS[280:], " ".join(WORDS[:400])], ids=["whole", "beginning cut", "cut"])
def test_a_copy_of_a_text_without_full_stops_is_a_reprint(new: str) -> None:
    assert _judged(ENDLESS, new) is Verdict.REPRINT


@pytest.mark.parametrize("put_in", ["Ivanov resigned on 77123", "77123 people died", "the minister resigned"])
@pytest.mark.parametrize("at", [30, 150, 350, 590])
def test_what_is_put_into_a_text_without_full_stops_is_a_development(put_in: str, at: int) -> None:
    assert _judged(ENDLESS, " ".join([*WORDS[:at], put_in, *WORDS[at:]])).alerts


def test_a_figure_for_another_in_a_long_table_is_a_development() -> None:
    table = [str(1000 + 7 * number) for number in range(900)]
    assert _judged(" ".join(table), " ".join([*table[:600], "424242", *table[601:]])).alerts
