from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.entities.fold import _PAGES, _fold_slowly, fold, key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("KOSTAREV", "kostarev"),
        ("Костарёв", "костарев"),
        ("Ко́старев", "костарев"),
        ("Кoстарев", "костарев"),
        ("Вinance", "binance"),
        ("Rosfin\u00admonitoring\u200b", "rosfinmonitoring"),
        ("Binance™", "binance"),
        ("ＢＩＮＡＮＣＥ", "binance"),
        ("Müller-Straße", "muller strasse"),
        ("O’Leary", "o leary"),
        ("Gleb\u00a0 Kostarev", "gleb kostarev"),
        ("İstanbul", "istanbul"),
        ("и\u0306 й", "й й"),
    ],
)
def test_spellings_of_one_name_fold_to_one(text: str, folded: str) -> None:
    assert key(text) == f" {folded} "


ALPHABET = st.sampled_from("aBzéßæ™ \u00a0\t\r\n\u00ad\u200bёЙи\u0306кКoо’-–币안İ١.,")


@given(st.text(ALPHABET))
def test_every_folded_character_points_at_a_place_in_the_original_and_never_backwards(text: str) -> None:
    folded = fold(text)
    places = [folded.origin(i) for i in range(1, len(folded.text) - 1)]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@given(st.text(st.sampled_from("aBzé™ \u00a0\tёЙкКґїo’«–.,1_")))
def test_the_quick_way_folds_as_the_slow_way(text: str) -> None:
    slow = _fold_slowly(text)
    for page in _PAGES:
        quick = page.fold(text)
        assert quick is None or f" {quick} " == slow.text
