"""Recall, precision and speed of the names, beside Python's re, flashtext and spaCy's PhraseMatcher.

    python bench/names.py            # quality on tests/data/names, and speed with 100 and with 100,000 forms
    python bench/names.py --errors   # each sentence that is read wrongly

flashtext and spaCy are optional: ``pip install flashtext spacy``. Peers get the names and aliases as they stand, once
as written and once with every form that wirewatch makes.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from worker import namecache  # noqa: E402
from worker.entities.match import Matcher  # noqa: E402  run as a script, from anywhere
from worker.entities.names import forms  # noqa: E402
from worker.entities.packed import unpack  # noqa: E402
from worker.types import Entity  # noqa: E402

DATA = ROOT / "tests" / "data" / "names"
FOLDERS = (DATA, DATA / "wide", DATA / "again", DATA / "fresh")  # each with its own watchlist
_PAIR = re.compile("; (?=[A-Z0-9]+=)")
Find = Callable[[str, str], list[tuple[str, str]]]
Search = Callable[[str], list[tuple[str, str]]]


class Case(NamedTuple):
    """A text and the (entity, form) pairs that stand in it, in order."""

    place: str
    title: str
    text: str
    expected: tuple[tuple[str, str], ...]


class Score(NamedTuple):
    """Counts of mentions: found rightly, found wrongly, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def recall(self) -> float:
        """The share of what should be found that is."""
        return self.right / (self.right + self.missed or 1)

    @property
    def precision(self) -> float:
        """The share of what is found that should be."""
        return self.right / (self.right + self.wrong or 1)


def rows(path: Path) -> Iterable[tuple[int, list[str]]]:
    """Read a tab-separated file without its remarks: number of the line, and fields."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.split("\t")


def watched(folder: Path = DATA) -> dict[str, Entity]:
    """Read the watched names of a folder of the test set, by tag."""

    def parts(field: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in field.split(";") if part.strip())

    return {
        tag: Entity(name, kind, parts(aliases), near=parts(near), exclude=parts(exclude))
        for _, (tag, name, kind, aliases, near, exclude) in rows(folder / "watchlist.tsv")
    }


def files(folder: Path) -> list[Path]:
    """Give the files of sentences in a folder."""
    return sorted(path for path in folder.glob("*.tsv") if path.name != "watchlist.tsv")


def cases(entities: dict[str, Entity], path: Path) -> list[Case]:
    """Read one file of the test set."""
    found = []
    for number, (whole, expected) in rows(path):
        title, _, text = whole.replace("\\n", "\n").rpartition(" || ")
        pairs = [pair.replace("\\n", "\n").split("=", 1) for pair in _PAIR.split(expected) if pair != "-"]
        found.append(
            Case(
                f"{path.relative_to(DATA)}:{number}", title, text, tuple((entities[t].name, form) for t, form in pairs)
            )
        )
    return found


def judge(sample: Iterable[Case], find: Find) -> tuple[Score, list[tuple[Case, list[tuple[str, str]]]]]:
    """Score a finder on the cases; give those that it reads wrongly with what it found."""
    right = wrong = missed = 0
    failures = []
    for case in sample:
        found = find(case.title, case.text)
        have, want = Counter(found), Counter(case.expected)
        right += (have & want).total()
        wrong += (have - want).total()
        missed += (want - have).total()
        if have != want:
            failures.append((case, found))
    return Score(right, wrong, missed), failures


def own(entities: Sequence[Entity]) -> Find:
    """Give wirewatch's finder."""
    matcher = Matcher(entities)
    return lambda title, text: [(m.entity, m.form) for m in matcher.mentions(title, text)]


def peers(names: dict[str, str]) -> dict[str, Search]:
    """Give what can be compared: a search by tool, for these names; say what is not installed."""
    found: dict[str, Search] = {"re": _by_re(names)}
    for tool, make in (("flashtext", _by_flashtext), ("spaCy PhraseMatcher", _by_spacy)):
        try:
            found[tool] = make(names)
        except ImportError as error:
            print(f"  {tool}: left out, {error} (pip install {tool.split()[0].lower()})")
    return found


def _by_re(names: dict[str, str]) -> Search:
    lower = {name.lower(): entity for name, entity in names.items()}
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(longest)})\b", re.IGNORECASE)
    return lambda text: [(lower.get(hit.lower(), ""), hit) for hit in pattern.findall(text)]


def _by_flashtext(names: dict[str, str]) -> Search:
    from flashtext import KeywordProcessor  # type: ignore[import-not-found]  # noqa: PLC0415  optional

    processor = KeywordProcessor()
    for name, entity in names.items():
        processor.add_keyword(name, entity)
    return lambda text: [(e, text[a:b]) for e, a, b in processor.extract_keywords(text, span_info=True)]


def _by_spacy(names: dict[str, str]) -> Search:
    import spacy  # type: ignore[import-not-found]  # noqa: PLC0415  optional
    from spacy.matcher import PhraseMatcher  # type: ignore[import-not-found]  # noqa: PLC0415
    from spacy.util import filter_spans  # type: ignore[import-not-found]  # noqa: PLC0415

    language = spacy.blank("xx")
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    for name, entity in names.items():
        matcher.add(entity, [language.make_doc(name)])

    def search(text: str) -> list[tuple[str, str]]:
        return [(span.label_, span.text) for span in filter_spans(matcher(language.make_doc(text), as_spans=True))]

    return search


def quality(*, errors: bool) -> None:
    """Print recall and precision on each file, for all finders."""
    totals: dict[str, Score] = {}
    for folder in FOLDERS:
        entities = watched(folder)
        finder = own(tuple(entities.values()))
        everything = [case for path in files(folder) for case in cases(entities, path)]
        listed = {term: e.name for e in entities.values() for term in (e.name, *e.aliases)}
        made = {form.text: e.name for e in entities.values() for form in forms(e)} | listed
        print(f"Mentions in {len(everything)} texts of {folder.relative_to(ROOT)}, written by hand")
        for path in files(folder):
            _line(f"wirewatch, {path.name}", *judge(cases(entities, path), finder), errors=errors)
        tools = {"wirewatch": finder}
        for label, names in (("as listed", listed), ("with all forms", made)):
            for tool, search in peers(names).items():
                tools[f"{tool}, {label}"] = lambda title, text, s=search: s(f"{title}\n{text}")
        for label, find in tools.items():
            score, _ = judge(everything, find)
            totals[label] = Score(*map(sum, zip(score, totals.get(label, (0, 0, 0)), strict=True)))
    print("All of them")
    for label, score in totals.items():
        _line(label, score, (), errors=False)


def _line(label: str, score: Score, failures: Sequence[tuple[Case, list[tuple[str, str]]]], *, errors: bool) -> None:
    print(
        f"  {label:38} recall {score.recall:7.2%}  precision {score.precision:7.2%}"
        f"  ({score.right} right, {score.wrong} wrong, {score.missed} missed)"
    )
    for case, found in failures if errors else ():
        print(f"    {case.place} {case.title} {case.text}\n      want {list(case.expected)}\n      have {found}")


def _texts(count: int, words: int) -> list[str]:
    """Make texts of the test set's own sentences, in English and in Russian; two of each text name somebody."""
    chance = random.Random(7)
    entities = watched()
    samples = [cases(entities, DATA / name) for name in ("english.tsv", "russian.tsv")]
    texts = []
    for number in range(count):
        sample = samples[number % 2]
        filler = [case.text for case in sample if not case.expected]
        tokens = " ".join(chance.choices(filler, k=words)).split()[:words]
        for _ in range(2):
            named = chance.choice([case.text for case in sample if case.expected]).split()
            start = chance.randrange(words - 40)
            tokens[start : start + len(named)] = named
        texts.append(" ".join(tokens))
    return texts


def _many(count: int) -> list[Entity]:
    """Make up companies of one form each."""
    chance = random.Random(11)
    scripts = ("abcdefghiklmnoprstuvz", "абвгдежзиклмнопрстуфхцч")
    made = {"".join(chance.choices(scripts[i % 2], k=chance.randint(5, 12))).capitalize() for i in range(count)}
    return [Entity(name, "company", generate=False) for name in sorted(made)]


def _desk(count: int) -> list[Entity]:
    """Make up people, companies and agencies in both scripts, of which forms are made."""
    chance = random.Random(3)
    given = "Глеб Иван Пётр Сергей Олег Роман Юрий Игорь Максим Никита Денис Павел Андрей Борис Виктор".split()
    western = "John Mark Peter Susan Olga Gleb Ivan Maria Brian Helen Paul".split()

    def word(size: int, consonants: str, vowels: str) -> str:
        return "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(size)).capitalize()

    found: dict[str, Entity] = {}
    while len(found) < count:
        latin, cyrillic = word(4, "bcdfgklmnprst", "aeiou"), word(4, "бвгдзклмнпрст", "аеиоу")[:-1]
        person = f"{chance.choice(given)} {cyrillic}ов"
        for entity in (
            Entity(person, "person", (f"{cyrillic}ов",) if len(found) % 2 else ()),
            Entity(f"{chance.choice(western)} {latin}", "person"),
            Entity(latin, "company", (cyrillic,)),
            Entity(f"{cyrillic}адзор", "agency"),
        ):
            found.setdefault(entity.name, entity)
    return list(found.values())[:count]


def speed(*, count: int = 300, words: int = 340) -> None:
    """Print texts a second with few and with many forms, and how long many entities take to compile. In CPU seconds."""
    texts = _texts(count, words)
    few = list(watched().values())
    print(f"\nTexts of {words} words a second, on one core")
    rates = {}
    for size in (100, 100_000):
        with TemporaryDirectory() as directory:
            matcher = namecache.matcher([*few[:1], *_many(size)], Path(directory))
        rates[size] = max(_rate(lambda text, m=matcher: m.mentions("", text), texts) for _ in range(3))
        print(f"  wirewatch, {size:>7,} forms   {rates[size]:9,.0f}")
    print(f"  {rates[100] / rates[100_000]:.2f} times slower with 100,000 forms than with 100")
    names = {entity.name: entity.name for entity in _many(100_000)}
    for size in (100, 100_000):
        some = dict(list(names.items())[:size])
        for tool, search in peers(some).items():
            sample = texts[: 3 if tool == "re" and size > 100 else 100]  # noqa: PLR2004
            print(f"  {tool + ',':22} {size:>7,} forms   {_rate(search, sample):9,.0f}")
    entities = _desk(10_000)
    with TemporaryDirectory() as directory:
        taken = []
        for _ in range(2):
            started = time.process_time()
            namecache.matcher(entities, Path(directory))
            taken.append(time.process_time() - started)
        kept = unpack((Path(directory) / namecache.FILE).read_bytes())
    total = sum(len(profile.sought) for profile in kept.values())
    print(
        f"\n{len(entities):,} entities, {total:,} forms: made in {taken[0]:.1f} s, after a restart in {taken[1]:.2f} s"
    )


def _rate(find: Callable[[str], object], texts: Sequence[str]) -> float:
    started = time.process_time()
    for text in texts:
        find(text)
    return len(texts) / (time.process_time() - started)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="show each text that is read wrongly")
    parser.add_argument("--no-speed", action="store_true", help="quality only")
    options = parser.parse_args()
    quality(errors=options.errors)
    if not options.no_speed:
        speed()


if __name__ == "__main__":
    main()
