"""Given names of Russia and Ukraine, each in both languages and in the usual Latin spellings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from worker.entities import lists
from worker.entities.fold import key
from worker.entities.translit import to_latin


@dataclass(frozen=True, slots=True)
class Given:
    """A given name in Russian, in Ukrainian, and in the usual Latin spellings."""

    ru: str
    uk: str
    latin: tuple[str, ...]

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


@lru_cache(maxsize=1)
def latin_given_names() -> frozenset[str]:
    """Given names in Latin script, folded."""
    return western_names() | {spelling for spelling in given_names() if spelling.isascii()}


@lru_cache(maxsize=1)
def western_names() -> frozenset[str]:
    """Given names of the West, folded, some of which are Russian or Ukrainian too: Roman, Anna."""
    return frozenset(key(word).strip() for word in lists.words("given_latin"))
