"""The words that carry the turn of a matter, and those that carry nothing. The lists themselves are in ``lists``."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

import pymorphy3  # type: ignore[import-untyped]
from snowballstemmer import stemmer

from worker.stories import lists
from worker.stories.numbers import is_number
from worker.stories.text import CYRILLIC, KNOWN_WORDS, listed, words

_STOP = lists.words("stop")
_NEGATIONS = lists.words("negations")
_NO_PARTY = lists.words("no-party")
_COUNTRIES = lists.words("countries")
_WEEKDAYS = {form: day for day, forms in enumerate(lists.lines("weekdays")) for form in forms.split()}
_PREFIXES = {prefix: step for step, prefixes in lists.table("steps").items() for prefix in prefixes}
_SYNONYMS: dict[str, str] = {}
for _list in ("synonyms", "synonyms-english", "synonyms-russian"):
    for _name, _beginnings in lists.table(_list).items():
        for _one in _beginnings:
            _SYNONYMS.setdefault(_one, f"~{_name}")
_EXACT = 5
"""A beginning shorter than this must be the whole word or its stem; in Cyrillic one letter less will do."""
_LONGEST = 9
_PLAIN_VERBS = lists.words("plain-verbs") | lists.words("plain-verbs-english") | lists.words("plain-verbs-russian")
WEAK_STEPS = lists.words("weak-steps")
"""Steps that are often only another word for what was said."""

OUTCOMES = lists.words("outcomes")
"""Steps after which a matter stands otherwise."""

SOFT_STEPS = {"urge", "send", "publish", "reach", "warn", "plan", "found"}
"""Weak steps that may stand for another step of the same sentence ("demanded that it pay back", "sued for")."""

MERE_STEPS = {"send", "publish", "reach", "found"}
"""Steps that are no news of themselves."""

SLIGHT_STEPS = WEAK_STEPS | MERE_STEPS

_FORMS = lists.table("irregular-verbs")
_IRREGULAR = frozenset(form for forms in _FORMS.values() for form in forms)
_BASES = {
    form: verb
    for table in (_FORMS, lists.table("irregular-plain-verbs"))
    for verb, forms in table.items()
    for form in forms
}
_MODALS = lists.words("modals")
_PHRASES = [row.split(": ", 1) for row in lists.lines("step-phrases")]
_CORRECTIONS = lists.lines("corrections")
_LATER = lists.lines("later")
_TURNS = lists.Patterns([*(phrase for _, phrase in _PHRASES), *_CORRECTIONS, *_LATER])

_ENGLISH = stemmer("english")
_RUSSIAN = stemmer("russian")
_SURNAME = ("ов", "ев")
_AUXILIARY = listed("has have had was were is are be been being will did does")
_ENGLISH_VERB = re.compile(r"(?:ed|ened|ized|ised)$")
_NO_PAST = listed("need exceed speed feed seed weed bleed breed deed greed indeed succeed proceed")
_VERB_FORMS = {"VERB", "INFN", "PRTS"}


class WordFacts(NamedTuple):
    """What a word in lower case tells.

    Its root, which is its stem too unless it carries nothing (then the stem is ""), its step, whether it negates,
    whether it speaks of what may or will be, its weekday (-1: none), whether it is a number; ``turns``: whether it has
    a step, negates or speaks of that, as few words do.
    """

    root: str
    stem: str
    step: str
    negates: bool
    modal: bool
    weekday: int
    number: bool
    turns: bool


def _stem(word: str) -> str:
    if CYRILLIC.search(word):
        stem = str(_RUSSIAN.stemWord(word))
        if stem.endswith(_SURNAME):  # Гуляеву has lost its -у only, and Гуляев its -ев already
            stem = str(_RUSSIAN.stemWord(stem))
        return str(_RUSSIAN.stemWord(stem))
    return str(_ENGLISH.stemWord(word))


def _beginning(word: str, stem: str, known: Container[str]) -> str:
    """Return the longest entry of ``known`` that ``word`` begins with, or ""; a short one only where it is the stem."""
    if word in known:
        return word
    least = _EXACT - 1 if CYRILLIC.search(word) else _EXACT
    lengths = range(min(len(word), _LONGEST), least - 1, -1)
    found = next((word[:length] for length in lengths if word[:length] in known), "")
    return stem if len(stem) > len(found) and stem in known else found


@lru_cache(maxsize=KNOWN_WORDS)
def facts(word: str) -> WordFacts:
    """Return what ``word``, in lower case, tells."""
    negates = word in _NEGATIONS or word.endswith("n't")
    weekday = _WEEKDAYS.get(word, -1)
    stem = _stem(word)
    modal = bool(_beginning(word, "" if word == f"{stem}e" else stem, _MODALS))  # the name Aske is no form of "ask"
    if word in _STOP or weekday >= 0:
        return WordFacts(stem, "", "", negates, modal, weekday, is_number(word), negates or modal)
    step = _PREFIXES.get(_beginning(word, stem, _PREFIXES), "")
    if step and CYRILLIC.search(word) and not modal:
        modal = is_future(word)
    same = _SYNONYMS.get(_beginning(word, stem, _SYNONYMS), stem)
    return WordFacts(stem, same, step, negates, modal, weekday, is_number(word), bool(step) or negates or modal)


def _alias_table() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return, by the root of its first word, every other name of a party: the roots of its words, and its one name."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in lists.lines("aliases"):
        names = [name.strip() for name in row.split(",")]
        for name in names:
            roots = tuple(facts(word).root for word in words(name))
            found.setdefault(roots[0], []).append((roots, f"={names[0]}"))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


_ALIASES = _alias_table()
_IN_ALIASES = {root for entries in _ALIASES.values() for roots, _ in entries for root in roots}
_ABBREVIATION = 3


def begins_alias(root: str) -> bool:
    """Whether a word with this ``root`` begins one of the names of a party that has several."""
    return root in _ALIASES


def is_alias(word: str) -> bool:
    """Whether ``word``, in lower case, stands in one of the names of a party that has several."""
    return facts(word).root in _IN_ALIASES


def alias(cased: Sequence[str], known: Sequence[WordFacts], at: int) -> tuple[str, int]:
    """Return the one name of the party whose other name stands at ``at``, and the words that it takes; ("", 0) if none.

    ``cased`` are the words as written, ``known`` their facts. A name must have a capital, a short one only capitals.
    """
    entries = _ALIASES.get(known[at].root)
    if entries is None or not cased[at][0].isupper():
        return "", 0
    for roots, name in entries:
        size = len(roots)
        if size == 1 and len(cased[at]) <= _ABBREVIATION and not cased[at].isupper():
            continue
        if all(fact.root == root for fact, root in zip(known[at : at + size], roots, strict=False)) and (
            at + size <= len(known)
        ):
            return name, size
    return "", 0


class Turns(NamedTuple):
    """What a sentence tells in several words.

    Its steps ("stepped down"), whether it corrects or takes back what was published, and whether it says that it
    happened after that.
    """

    steps: frozenset[str]
    corrects: bool
    later: bool


_NO_TURNS = Turns(frozenset(), corrects=False, later=False)


def turns(text: str) -> Turns:
    """Return what normalised ``text`` tells in several words: all lists in one pass."""
    found = _TURNS.found(text)
    if not found:
        return _NO_TURNS
    steps = frozenset([_PHRASES[number][0] for number in found if number < len(_PHRASES)])
    others = [number - len(_PHRASES) for number in found if number >= len(_PHRASES)]
    later = [number >= len(_CORRECTIONS) for number in others]
    return Turns(steps, corrects=not all(later), later=any(later))


@lru_cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    """Give the dictionary of Russian, which takes 30 MB: not before a Russian word is asked for."""
    return pymorphy3.MorphAnalyzer(lang="ru")


class _Parsed(NamedTuple):
    """The likeliest reading of a Russian word: part of speech and tense in pymorphy3's terms, and dictionary form."""

    part: str
    tense: str
    form: str


@lru_cache(maxsize=KNOWN_WORDS)
def _parsed(word: str) -> _Parsed:
    likeliest = _morphology().parse(word)[0]
    return _Parsed(str(likeliest.tag.POS), str(likeliest.tag.tense), likeliest.normal_form)


def is_verb(word: str, before: str) -> bool:
    """Whether ``word``, in lower case, looks like a finite verb or a participle, seen with the word ``before`` it.

    English: after an auxiliary, or ending in -ed, a guess that errs towards yes; Russian: by the dictionary.
    Verbs that only tell how a thing is said or where it stands do not count.
    """
    return _is_verb(word, before in _AUXILIARY)


def has_verb(plain: Sequence[str]) -> bool:
    """Whether one of the words ``plain``, in lower case and in order, looks like a verb (see ``is_verb``)."""
    return any(map(is_verb, plain, ("", *plain)))


@lru_cache(maxsize=KNOWN_WORDS)
def _is_verb(word: str, after_auxiliary: bool) -> bool:
    if facts(word).modal or is_plain_verb(word):
        return False
    if CYRILLIC.search(word):
        return _parsed(word).part in _VERB_FORMS
    return after_auxiliary or word in _IRREGULAR or _ENGLISH_VERB.search(word) is not None


@lru_cache(maxsize=KNOWN_WORDS)
def is_plain_verb(word: str) -> bool:
    """Whether ``word``, in lower case, is a verb that only tells how a thing is said, stands or goes on."""
    return bool(_beginning(word, facts(word).root, _PLAIN_VERBS))


def is_infinitive(word: str) -> bool:
    """Whether ``word``, in lower case, is the infinitive of a Russian verb."""
    return CYRILLIC.search(word) is not None and _parsed(word).part == "INFN"


@lru_cache(maxsize=KNOWN_WORDS)
def is_given_name(word: str) -> bool:
    """Whether ``word``, in lower case, is a given name that the dictionary of Russian knows."""
    return CYRILLIC.search(word) is not None and any("Name" in one.tag for one in _morphology().parse(word))


@lru_cache(maxsize=KNOWN_WORDS)
def is_place_name(word: str) -> bool:
    """Whether ``word``, in lower case, is the name of a place that the dictionary of Russian knows."""
    return CYRILLIC.search(word) is not None and any("Geox" in one.tag.grammemes for one in _morphology().parse(word))


def is_adverb(word: str) -> bool:
    """Whether ``word``, in lower case, looks like an adverb, which tells only how a thing is done: "immediately"."""
    return _parsed(word).part == "ADVB" if CYRILLIC.search(word) else word.endswith("ly")


def base(word: str) -> str:
    """Return the English verb, of which ``word``, in lower case, is an irregular past form; else the word itself."""
    return _BASES.get(word, word)


def is_future(word: str) -> bool:
    """Whether ``word``, in lower case, is a Russian verb that tells what is to come, in one word: "отменит"."""
    return CYRILLIC.search(word) is not None and _parsed(word).tense == "futr"


@lru_cache(maxsize=KNOWN_WORDS)
def is_past(word: str) -> bool:
    """Whether ``word``, in lower case, looks like a verb that tells what was done, whatever it tells."""
    if CYRILLIC.search(word):
        parsed = _parsed(word)
        return parsed.part == "PRTS" or (parsed.part == "VERB" and parsed.tense == "past")
    return word in _BASES or (_ENGLISH_VERB.search(word) is not None and word not in _NO_PAST)


def verb_root(word: str) -> str:
    """Return what all forms of a verb, in lower case, begin with: "выяв" of "выявили", as in "выявлено"."""
    return _stem(_parsed(word).form if CYRILLIC.search(word) else word)


def is_country(party: str) -> bool:
    """Whether ``party`` (a stem) is a country or what belongs to one."""
    name = party.removeprefix("=")
    return bool(_beginning(name, name, _COUNTRIES))


def names_no_party(word: str) -> bool:
    """Whether ``word``, in lower case, is written with a capital without naming anyone."""
    return word in _NO_PARTY or word in _STOP


_ATTRIBUTION = lists.Patterns(lists.lines("attributions"))
_EARLIER = lists.Patterns(lists.lines("earlier"))


def says_only_who(text: str) -> bool:
    """Whether normalised ``text``, a whole sentence, tells only who said what stands before it."""
    return _ATTRIBUTION.any(text.rstrip(" ."))


def says_earlier(text: str) -> bool:
    """Whether normalised ``text`` speaks of an older figure ("a week earlier")."""
    return _EARLIER.any(text)
