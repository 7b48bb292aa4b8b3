"""One article at a time becomes a verdict with all its rows, whatever comes at once."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from worker import judging, models
from worker.db import writing
from worker.judging import judge_article
from worker.store import stories
from worker.stories import candidates, fingerprint
from worker.stories.learnt import Learnt
from worker.types import Article, Judgement, Mention, Verdict

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MENTION = Mention("Orion", "Orion", "title", 0, 5, "Orion sails", "the full name")
DESK = (("screen", ""), ("desk-mail", "desk@example.org"))


def made_up(seed: int, sentences: int = 14) -> list[str]:
    """Sentences of a made-up report, of made-up words; no two reports have a run of words in common."""
    chance = random.Random(seed)

    def word() -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))

    return [
        f"{word().title()} {word().title()} {word()} the {word()} of {word()} {word()} {word()}, and "
        f"{chance.randint(11, 9999)} {word()} {word()} {word()} in {word().title()}."
        for _ in range(sentences)
    ]


def archived(engine: Engine, title: str, text: str, at: datetime = NOW) -> Article:
    with writing(engine) as session:
        number = session.scalar(select(func.count()).select_from(models.Article))
        url = f"https://site{number}.example/{number}"
        made = session.execute(
            insert(models.Article)
            .values(
                url=url,
                url_key=url,
                host=f"site{number}.example",
                title=title,
                text=text,
                published_at=at,
                seen_at=at,
                state="extracted",
                due_at=at,
            )
            .returning(models.Article.id)
        )
        return Article(made.scalar_one(), url, title, text, at)


def judged(engine: Engine, article: Article, recipients: tuple[tuple[str, str], ...] = DESK) -> Judgement:
    with writing(engine) as session:
        return judge_article(session, article, [MENTION], recipients, article.published)


def rows(engine: Engine) -> dict[str, int]:
    tables = (
        models.Story,
        models.Judgement,
        models.Mention,
        models.Fingerprint,
        models.Alert,
        models.Delivery,
    )
    with writing(engine) as session:
        return {table.__name__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_new_story_alerts_every_recipient_once_and_a_copy_joins_it_silently(engine: Engine) -> None:
    text = " ".join(made_up(1))
    first = archived(engine, "Orion sails", text)
    copy = archived(engine, "Orion has sailed", text, NOW + timedelta(hours=1))
    told = judged(engine, first, (*DESK, DESK[0]))
    again = judged(engine, copy)
    assert (told.verdict, told.parent) == (Verdict.NEW, None)
    assert (again.verdict, again.story, again.parent) == (Verdict.REPRINT, told.story, first.id)
    counted = rows(engine)
    assert counted.pop("Fingerprint") > 50
    assert counted == {"Story": 1, "Judgement": 2, "Mention": 2, "Alert": 1, "Delivery": 2}
    with writing(engine) as session:
        assert set(session.scalars(select(models.Article.state))) == {"judged"}
        alert = session.scalars(select(models.Alert)).one()
        assert (alert.key, alert.kind, alert.story_id) == (f"article:{first.id}", "new", told.story)
        deliveries = session.scalars(select(models.Delivery)).all()
        assert {(one.channel, one.recipient, one.state) for one in deliveries} == {(*one, "pending") for one in DESK}


def test_an_update_alerts_in_the_thread_of_its_story(engine: Engine) -> None:
    body, lead = made_up(2), made_up(3, 6)
    first = judged(engine, archived(engine, "Orion sails", " ".join(body)))
    later = archived(engine, "Orion sinks", " ".join(lead + body[:8]), NOW + timedelta(hours=5))
    update = judged(engine, later)
    assert (update.verdict, update.story) == (Verdict.UPDATE, first.story)
    assert len(update.new_sentences) == len(lead)
    with writing(engine) as session:
        assert session.scalars(select(models.Alert.story_id)).all() == [first.story, first.story]


def test_an_article_is_judged_once_however_often_it_is_asked_for(engine: Engine) -> None:
    article = archived(engine, "Orion sails", " ".join(made_up(4)))
    told = judged(engine, article)
    before = rows(engine)
    assert judged(engine, article) == told
    assert rows(engine) == before


@pytest.mark.parametrize("text", ["", "\n", "!?", "Resigned.", "船"])
def test_a_text_of_next_to_nothing_has_its_verdict(engine: Engine, text: str) -> None:
    assert judged(engine, archived(engine, "", text)).reason
    assert judged(engine, archived(engine, "", text)).reason


def test_what_fails_half_way_leaves_nothing_behind(engine: Engine) -> None:
    article = archived(engine, "Orion sails", " ".join(made_up(5)))
    with pytest.raises(IntegrityError, match="delivery"):
        judged(engine, article, (DESK[0], ("desk-mail", None)))  # type: ignore[arg-type]
    assert sum(rows(engine).values()) == 0
    assert judged(engine, article).verdict is Verdict.NEW


def test_what_a_host_prints_under_every_article_relates_nothing(engine: Engine) -> None:
    boilerplate = fingerprint.sample(" ".join(made_up(6, 3)))
    for seed in range(100, 100 + 2 * candidates.WIDEST):
        article = archived(engine, f"Report {seed}", "")
        with writing(engine) as session:
            stories.record(session, article, Judgement(Verdict.NEW, "made up"), (), hashes=boilerplate, now=NOW)
    with writing(engine) as session:
        found = stories.hits(session, boilerplate)
    assert Counter(hash_ for hash_, _, _ in found) == dict.fromkeys(boilerplate, candidates.WIDEST + 1)
    assert min(sharing for _, sharing, _ in found) == article.id - candidates.WIDEST
    assert candidates.rank(found) == ()


def test_a_story_carried_by_more_than_are_read_still_finds_its_copies(engine: Engine) -> None:
    text = " ".join(made_up(7))
    verdicts = [judged(engine, archived(engine, "Orion sails", text)) for _ in range(candidates.WIDEST + 10)]
    assert Counter(one.verdict for one in verdicts) == {Verdict.NEW: 1, Verdict.REPRINT: candidates.WIDEST + 9}
    assert len({one.story for one in verdicts}) == 1


def test_a_forgotten_story_is_not_continued(engine: Engine) -> None:
    text = " ".join(made_up(8))
    old = judged(engine, archived(engine, "Orion sails", text))
    with writing(engine) as session:
        assert stories.forget(session, NOW) == 0
        assert stories.forget(session, NOW + timedelta(seconds=1)) > 0
    late = judged(engine, archived(engine, "Orion sails", text, NOW + timedelta(days=90)))
    assert late.verdict is Verdict.NEW
    assert late.story != old.story


def test_a_story_whose_first_article_is_forgotten_is_found_by_the_names_of_its_later_copies(engine: Engine) -> None:
    text = "\n\n".join(made_up(9))
    said = "Kostarev of Zarnova Shipping told Lisbeth Oduya of the Marlow Gazette on board the Orion: "
    first = judged(engine, archived(engine, "Orion sails", said + text))
    days = [NOW + timedelta(hours=hours) for hours in (6, 30)]
    early, late = (archived(engine, "Orion sails", said + text, at) for at in days)
    assert {judged(engine, one).story for one in (early, late)} == {first.story}
    with writing(engine) as session:
        marked = session.scalars(select(models.Fingerprint.article_id).where(models.Fingerprint.hash < 0))
        assert early.id not in (ids := set(marked))
        assert late.id in ids
        stories.forget(session, NOW + timedelta(days=1))
    own_words = "Lisbeth Oduya of the Marlow Gazette heard it from Kostarev, whom Zarnova Shipping sent on the Orion."
    assert judged(engine, archived(engine, "Orion sails", own_words, days[1])).story == first.story


def test_forgetting_goes_on_where_it_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "FORGOTTEN_AT_ONCE", 2)
    for seed in range(20, 25):
        judged(engine, archived(engine, f"Report {seed}", " ".join(made_up(seed)), NOW + timedelta(days=seed)))
    left = []
    for _ in range(4):
        with writing(engine) as session:
            stories.forget(session, NOW + timedelta(days=24))
            left.append(session.scalar(select(func.count(models.Fingerprint.article_id.distinct()))))
    assert left == [3, 1, 1, 1]


def test_many_workers_at_once_make_one_story_of_each(engine: Engine) -> None:
    texts = [
        (story, " ".join(sentences[: chance.randint(8, 14)]))
        for chance in [random.Random(9)]
        for story in range(45)
        for sentences in [made_up(1000 + story)]
        for _ in range(chance.randint(3, 10))
    ]
    random.Random(10).shuffle(texts)
    waiting = [(story, archived(engine, f"Report {story}", text)) for story, text in texts]
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda pair: (pair[0], judged(engine, pair[1])), waiting))
    new = Counter(story for story, one in verdicts if one.verdict is Verdict.NEW)
    assert new == dict.fromkeys(range(45), 1)
    assert len({(story, one.story) for story, one in verdicts}) == 45
    assert rows(engine)["Judgement"] == len(texts)
    assert rows(engine)["Alert"] == sum(one.verdict.alerts for _, one in verdicts)


def test_a_line_that_a_site_prints_under_every_article_is_taken_off_all_but_the_first(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = Learnt()
    monkeypatch.setattr(judging, "learnt", learnt)
    line = "The Gazette is read by 40,000 people in the towns along the coast."
    leaked = []
    for number in range(100):
        article = archived(engine, f"Report {number}", "\n\n".join([*made_up(number), line]))
        article = replace(article, url=f"https://gazette.example/{number}")
        leaked += [number] if line in learnt.without(article)[0].text else []
        judged(engine, article)
    assert leaked == [0, 1, 2]
