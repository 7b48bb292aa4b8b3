"""What is dear is done once a sentence, and only where it decides: counted, not timed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from worker.stories import finding, negated, novelty, swaps, unsaid
from worker.stories.align import Known
from worker.stories.edited import lead_anew
from worker.stories.finding import Status
from worker.stories.line import Line
from worker.stories.nearest import nearest
from worker.stories.outline import sought
from worker.stories.prepared import prepare
from worker.stories.told import Told
from worker.stories.view import view
from worker.types import Article, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class _Counted:
    """A pattern that counts how often it is looked for."""

    def __init__(self) -> None:
        self.times = 0

    def findall(self, _: str) -> list[str]:
        self.times += 1
        return []

    def search(self, _: str) -> bool:
        self.times += 1
        return True


def _line(sentence: str) -> Line:
    (line,) = prepare(Article(2, "", "", sentence, NOW)).lines
    return line


def _known(*sentences: str, published: datetime = NOW) -> Known:
    return Known([prepare(Article(1, "", "", "\n\n".join(sentences), published))])


def test_brackets_are_looked_for_once_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    brackets = _Counted()
    monkeypatch.setattr(unsaid, "_BRACKETS", brackets)
    new = _line(f"They paid {', '.join(f'{number} pounds (${number})' for number in range(100, 118))} in all.")
    assert len(new.figures) > 10
    assert len(novelty.find(new, _known("They paid nothing in all.")).figures) > 10
    assert brackets.times == 1


def test_units_are_looked_for_once_for_all_figures_of_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = _Counted()
    monkeypatch.setattr(swaps, "_MEASURES", [(1.609, unit, unit)])
    new = _line(f"The roads are {' and '.join(map(str, range(100, 130)))} miles long.")
    old = _line(f"The roads are {' and '.join(map(str, range(300, 330)))} km long.")
    swaps.converted(new.figures, new, old)
    assert unit.times == 2


def test_what_was_left_out_is_not_asked_of_a_sentence_that_is_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Line) -> bool:
        raise AssertionError

    monkeypatch.setattr(negated, "_left_out", fail)
    known = _known(f"The mayor did {'not ' * 150}open the bridge in Lyon.")
    found = novelty.find(_line("The mayor spoke of a school, a market and a library to the people of Nantes."), known)
    assert found.change is None


def test_only_the_words_that_a_negation_may_go_with_are_looked_at() -> None:
    looked_at = []

    class Stems(frozenset[str]):
        def isdisjoint(self, other: Iterable[object]) -> bool:
            looked_at.append(len([*other]))
            return True

    old = _line("Paris and Lyon did not open roads, parks, schools, markets, bridges, towers, squares, ports, halls.")

    class Opened(Line):
        stems = Stems(_line("Paris and Lyon opened roads.").stems)

    assert negated._left_out(Opened(Told("Paris and Lyon opened roads.")), old)
    assert looked_at
    assert max(looked_at) <= 2


@pytest.mark.parametrize(("root", "begins"), [("brid", True), ("bridgeh", False), ("br", False), ("zzz", False)])
def test_a_word_of_the_story_is_known_by_its_beginning(root: str, *, begins: bool) -> None:
    assert _known("The mayor resigned.", "A bridge was opened.").begins(root) is begins


def test_a_name_is_known_to_have_a_name_before_it() -> None:
    known = _known("On Monday Ada Kern met the police in Lyon.")
    assert known.preceded("kern")
    assert not known.preceded("lyon")


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("weekday", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
def test_the_first_and_the_last_day_of_the_calendar_are_days_too(day: date, weekday: str) -> None:
    published = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert f"{day.month}-{day.day}" in _known(f"The mayor resigned on {weekday}.", published=published).days


def test_what_a_sentence_adds_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def says_only_who(text: str) -> bool:
        asked.append(text)
        return False

    monkeypatch.setattr(finding, "says_only_who", says_only_who)
    found = novelty.find(_line("The mayor of Lyon resigned on Monday over 12 bridges."), _known("A bridge was opened."))
    assert found.adds == found.adds != ""
    assert len(asked) == 1
    assert found.but(figures=(), steps=(), verbs=()).adds != found.adds


def test_a_lead_of_an_article_that_is_not_at_hand_is_in_no_ones_place() -> None:
    lead = "Police in Lyon arrested a man on Monday over the theft of three paintings from the museum."
    rest = "The museum, which has some 300,000 visitors a year, stays open."
    one = Article(1, "https://one.example/1", "", f"{lead}\n\n{rest}", NOW)
    other = Article(2, "https://other.example/2", "", f"{lead.replace('Police', 'Officers')}\n\n{rest}", NOW)
    story = Story(1, (one,))
    (near,) = nearest(sought(prepare(other)), [story], {})
    seen = view(prepare(other), near, Known([prepare(one)]))
    assert seen.first is not None
    assert seen.first.of is not None
    reworded = seen.first.but(status=Status.REWORDED)
    assert lead_anew(replace(seen, verbatim=0.0), reworded)
    assert not lead_anew(replace(seen, verbatim=0.0, story=Story(1, (replace(one, id=7),))), reworded)
