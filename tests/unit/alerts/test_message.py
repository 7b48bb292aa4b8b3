from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker.alerts.message import cut, shorten, show, text
from worker.alerts.view import AlertKind, AlertView, Carrier, Named, Told, token

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
VIEW = AlertView(
    token=token("article:1", NOON),
    kind=AlertKind.UPDATE,
    at=NOON,
    headline="Judge sends the settlement back",
    story=12,
    root="root",
    url="https://news.example/1",
    source="Example Wire",
    published=NOON,
    entities=(
        Named("Binance", "The Binance settlement is off."),
        Named("Gleb Kostarev", "So says Kostarev.", passing=True, form="Kostarev", rule="an alias"),
    ),
    sentences=("The Binance settlement is off.", "A plan is due in 30 days."),
    carriers=tuple(Carrier(f"Paper {number}", f"https://paper.example/{number}") for number in range(40)),
    so_far=(Told(NOON - timedelta(days=1), "Binance settles"),),
    reason="leads with something new",
)


def test_subject_and_first_line_say_who_what_headline_and_source() -> None:
    said = "Binance, Gleb Kostarev [update] Judge sends the settlement back (Example Wire)"
    assert show(VIEW).subject == said
    assert text(VIEW).splitlines()[:2] == [said, "https://news.example/1"]


def test_the_text_holds_everything_that_the_desk_was_promised() -> None:
    body = text(VIEW)
    for promised in (
        "- The Binance settlement is off.\n- A plan is due in 30 days.",
        "Gleb Kostarev as “Kostarev” (in passing; an alias): “So says Kostarev.”",
        "Paper 7  https://paper.example/7",
        "… and 32 more sources",
        "3 Mar 2026, 12:00 UTC: Binance settles",
        "Why: leads with something new",
        "wirewatch story 12",
    ):
        assert promised in body


def test_many_names_leave_room_for_the_headline() -> None:
    many = replace(VIEW, entities=tuple(Named(f"Name {number}", "A sentence.") for number in range(9)))
    assert show(many).subject.startswith("Name 0, Name 1 +7 [update] Judge")


def test_long_texts_end_at_a_sentence_and_say_how_much_is_left() -> None:
    kept, left = shorten(["One sentence of thirty letters."] * 100, 200)
    assert (len(kept), left) == (6, 94)
    assert shorten(["x" * 5000, "y"], 200)[1] == 1


def test_a_cut_ends_at_a_word() -> None:
    assert cut("the quick brown fox jumps", 16) == "the quick brown…"
    assert len(cut("x" * 500, 100)) == 100


def test_an_alert_without_anything_still_says_something() -> None:
    bare = AlertView("t", AlertKind.NEW, NOON, "\u202e\u200b", url="https://news.example/x")
    assert show(bare).subject == "wirewatch [new] news.example (news.example)"
    assert "https://news.example/x" in text(bare)
