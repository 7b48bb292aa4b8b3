"""Which stories are worth a look, and that those which are passed over would have shown nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from worker.stories.align import Known
from worker.stories.judge import judge
from worker.stories.nearest import Near, may_be_related, nearest
from worker.stories.novelty import most_said
from worker.stories.outline import sought
from worker.stories.prepared import prepare
from worker.stories.view import view
from worker.types import Article, Story, Verdict

DATA = Path(__file__).parents[2] / "data" / "stories"
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def stories(name: str) -> list[Story]:
    found = defaultdict(list)
    for story in yaml.safe_load((DATA / name).read_text(encoding="utf-8")):
        for raw in story["articles"]:
            text = raw["text"] if isinstance(raw["text"], str) else "\n\n".join(raw["text"])
            number = len(found) * 100 + len(found[story["story"]])
            found[story["story"]].append(Article(number, f"https://{number}.example/", raw["title"], text, MARCH))
    return [Story(number, tuple(articles)) for number, articles in enumerate(found.values())]


@pytest.mark.parametrize("name", ["light-13.yaml", "light-14.yaml"])
def test_no_story_turns_out_to_have_said_more_than_was_thought_possible(name: str) -> None:
    told = stories(name)
    shares = []
    for story in told:
        known = Known(map(prepare, story.articles))
        has = [one.title.marks.union(*[line.marks for line in one.lines]) for one in map(prepare, story.articles)]
        for other in told:
            new = prepare(other.articles[-1])
            said = view(new, Near(story, (0.0,) * len(story.articles), None), known).measures["said"]
            most = most_said(new, has)
            assert said <= most + 0.001
            shares.append((said, most))
    assert min(most for _, most in shares) < 0.15
    assert max(said for said, _ in shares) > 0.9


PORT = (
    "The port of Varna has closed its eastern basin after a crane fell into the water on Sunday night, it said.",
    "Nobody was hurt, and divers are to look for the hook and the cabin as soon as the wind allows it.",
    "Four ships with grain from Odesa wait in the roads, and their owners have been told to reckon with two days.",
    "The crane was built in 1974 and had been due for a new cable since autumn, according to the dock workers.",
)
BASIN = (
    "A crane fell into the eastern basin of the port of Varna on Sunday night, said Anna Petrova of the harbour office."
)
MUSEUM = (
    "A painting of a mill that hung in the town hall of Haarlem for ninety years is a copy, its restorers have found.",
    "The colour of the sky holds a white that was sold only from 1921, said the woman who took it from its frame.",
    "Where the first one went nobody knows; the mayor wants the archives of the last war to be read once more.",
)


PARAGRAPHS = (
    "Copies of mills were painted by the dozen in those years, and most of them hang in kitchens between two clocks.",
    "Visitors may see both sides of the canvas until the end of May; the frame is older than the picture in it.",
)


def article(number: int, *text: str) -> Article:
    return Article(number, f"https://{number}.example/", "", "\n\n".join(text), MARCH)


def test_a_story_with_which_an_article_shares_a_stock_phrase_is_passed_over_and_its_share_is_on_record() -> None:
    phrase = " That stands in a report of the ministry for the interior."
    story = Story(1, (article(1, *PORT[:3], PORT[3] + phrase),))
    new = article(2, *MUSEUM[:2], MUSEUM[2] + phrase, *PARAGRAPHS)
    found = sought(prepare(new))
    (near,) = nearest(found, [story], {})
    assert 0 < near.nearness < 0.15
    assert not may_be_related(found, near)
    judgement = judge(new, [story])
    assert judgement.verdict is Verdict.NEW
    assert judgement.story is None
    assert judgement.evidence == near.measures


def test_a_story_whose_sentences_are_told_otherwise_is_looked_at() -> None:
    story = Story(1, (article(1, *PORT),))
    new = article(2, PORT[0].replace("has closed", "closed").replace("fell into", "toppled into"), *MUSEUM[:1])
    found = sought(prepare(new))
    (near,) = nearest(found, [story], {})
    assert may_be_related(found, near)


@pytest.mark.parametrize(
    ("told", "line", "least"),
    [
        (
            "The harbour index of Varna rose 2.4 points to 117.3 in March.",
            "It climbed by 2.4 points to 117.3, which surprised traders who had reckoned with losses.",
            0.15,
        ),
        (BASIN, f"{BASIN[:-1]}, whose men had warned of the cable.", 0.2),
        (BASIN, "Да — 91%", 0.02),
    ],
    ids=["two figures", "most of its words", "too short to tell"],
)
def test_a_sentence_that_may_be_another_wording_counts_as_said(told: str, line: str, least: float) -> None:
    story = Story(1, (article(1, told),))
    new = prepare(article(2, *MUSEUM, line))
    old = prepare(story.articles[0])
    said = view(new, Near(story, (0.0,), None), Known([old])).measures["said"]
    assert least < said < 0.5
    assert most_said(new, [old.lines[0].marks]) == pytest.approx(said, abs=0.001)


def test_the_first_sentence_counts_as_said_as_soon_as_the_story_has_a_word_of_it() -> None:
    new = prepare(article(1, *MUSEUM))
    nothing, one = (most_said(new, [marks]) for marks in (frozenset[str](), frozenset(sorted(new.lines[0].marks)[:1])))
    below = most_said(new, [frozenset(sorted(new.lines[1].marks)[:1])])
    assert (nothing, below) == (0.0, 0.0)
    assert one == pytest.approx(len(new.lines[0].words) / sum(len(line.words) for line in new.lines))


def test_words_of_a_sentence_that_no_article_has_together_are_not_said() -> None:
    new = prepare(article(1, *MUSEUM))
    marks = sorted(new.lines[1].marks)
    assert len(marks) == 9
    assert most_said(new, [frozenset(marks[:3]), frozenset(marks[3:4])]) == 0.0
    assert most_said(new, [frozenset(marks[:5])]) > 0.3
    assert most_said(new, [frozenset(marks[:3]), frozenset(marks[3:6])]) > 0.3  # it may be made of their phrases
