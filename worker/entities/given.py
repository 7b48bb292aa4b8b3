"""Given names: of Russia and Ukraine in both languages, of the West in Cyrillic, and all in Latin spellings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from worker.entities import lists
from worker.entities.fold import key
from worker.entities.translit import to_latin


@dataclass(frozen=True, slots=True)
class Given:
    """A given name in Russian, in Ukrainian, and in the usual Latin spellings."""

    ru: str
    uk: str
    latin: tuple[str, ...]

    def in_language(self, language: str) -> str:
        """Give the name in ``ru`` or ``uk``."""
        return self.uk if language == "uk" else self.ru

    def languages(self, spelling: str) -> tuple[str, ...]:
        """Give the languages, ``ru`` or ``uk`` or both, that spell the name so."""
        folded = key(spelling).strip()
        found = []
        for language, own, other in (("ru", self.ru, self.uk), ("uk", self.uk, self.ru)):
            foreign = {key(other).strip(), *_latin(other, "uk" if language == "ru" else "ru")}
            if folded == key(own).strip() or folded in _latin(own, language) or folded not in foreign:
                found.append(language)
        return tuple(found)


@lru_cache(maxsize=1024)
def _latin(name: str, language: str) -> frozenset[str]:
    return frozenset(spelling.lower() for spelling in to_latin(name, language))


@lru_cache(maxsize=1)
def given_names() -> dict[str, tuple[Given, ...]]:
    """The rows of the list by every folded spelling; «Олена» is in two of them."""
    found: dict[str, tuple[Given, ...]] = {}
    for line in lists.lines("given.tsv"):
        ru, uk, latin = line.split("\t")
        row = Given(ru, uk, tuple(latin.split()))
        for spelling in {key(text).strip() for text in (ru, uk, *row.latin)}:
            found[spelling] = (*found.get(spelling, ()), row)
    return found


def rows_of(given: str) -> tuple[Given, ...]:
    """Give the rows in which a spelling stands."""
    return given_names().get(key(given).strip(), ())


class Foreign(NamedTuple):
    """A given name of another language: its bearer's gender, and how it is spelt in three ways, the usual one first."""

    sex: str
    ru: tuple[str, ...]
    uk: tuple[str, ...]
    latin: tuple[str, ...]


@lru_cache(maxsize=1)
def _foreign_names() -> dict[str, tuple[Foreign, ...]]:
    found: dict[str, tuple[Foreign, ...]] = {}
    for line in lists.lines("given_west.tsv"):
        sex, *spellings = line.split("\t")
        ru, uk, latin = (tuple(field.split()) for field in spellings)
        row = Foreign({"m": "masc", "f": "femn"}[sex], ru, uk, latin)
        for spelling in {key(text).strip() for text in (*ru, *uk, *latin)}:
            found[spelling] = (*found.get(spelling, ()), row)
    return found


def foreign_rows(given: str) -> tuple[Foreign, ...]:
    """Give the rows of other languages' names in which a spelling stands, that where it is the usual one first."""
    folded = key(given).strip()
    rows = _foreign_names().get(folded, ())
    return tuple(sorted(rows, key=lambda row: folded not in {key(field[0]).strip() for field in row[1:]}))


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lists.lines("short.txt"):
        names = tuple(line.split())
        for name in names:
            found[key(name).strip()] = (*found.get(key(name).strip(), ()), *names)
    return found


def called_too(given: str) -> tuple[str, ...]:
    """Give the short and the long forms of a given name: «Виталик» of «Виталий», and the other way round."""
    return _short_forms().get(key(given).strip(), ())


@lru_cache(maxsize=1)
def latin_given_names() -> frozenset[str]:
    """Given names in Latin script, folded."""
    others = given_names().keys() | _foreign_names().keys() | _short_forms().keys()
    return western_names() | {spelling for spelling in others if spelling.isascii()}


@lru_cache(maxsize=1)
def western_names() -> frozenset[str]:
    """Given names of the West, folded, some of which are Russian or Ukrainian too: Roman, Anna."""
    return frozenset(key(word).strip() for word in lists.words("given_latin"))
