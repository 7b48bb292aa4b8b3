"""Every written form of a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from worker.entities import inflect, lists
from worker.entities.fold import key
from worker.entities.forms import Form, Forms, capital_of, is_ordinary, is_pattern, language_of, quoted
from worker.entities.translit import is_cyrillic, is_slavic, to_cyrillic, to_latin, to_russian, to_ukrainian

_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le el al bin ibn ben ter ten zu af "
    "ван фон дер ден де ди да ла ле эль аль бин ибн бен".split()
)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|мл|ст)\.?$", re.IGNORECASE)
PATRONYMIC = re.compile(
    r"^\w+(?:(?:ович|евич|йович|їович)(?:а|у|ем|е|і|еві|ові)?|(?:овн|евн|ївн|івн|ичн|иничн)(?:а|ы|е|у|ой|и|і|ою)"
    r"|(?:ovich|evich|ovych|yovych)|(?:ovna|evna|ivna))$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Person:
    """A name taken apart: how given name and surname are written, each with the rule that made it, by language."""

    given: dict[str, str] = field(default_factory=dict)  # spelling in the nominative: rule
    surnames: dict[str, str] = field(default_factory=dict)
    listed_surname: bool = False  # the desk listed the surname alone
    sex: str = "masc"


def person_forms(name: str, aliases: tuple[str, ...], *, shown: bool) -> tuple[tuple[Form, ...], frozenset[str], str]:
    """Give the forms of a person; the folded spellings, in all cases, of the given name; and the gender.

    ``shown``: with given name or initial beside the surname too, which the matcher recognises by itself.
    """
    found = Forms()
    terms = [(name, "the name"), *((alias, "an alias") for alias in aliases)]
    person = _person(tuple(term for term, _ in terms))
    surname_keys = {key(text) for text in person.surnames}
    for term, rule in terms:
        is_surname = key(term) in surname_keys
        single = len(term.split()) == 1
        found.add(Form(term, rule, single, is_surname, case="nomn" if is_surname else "", capital=capital_of(term)))
    needs_full = not person.listed_surname
    for text, rule in person.surnames.items():
        for form in _cases_of_surname(text, rule, person.sex, needs_full=needs_full):
            found.add(form)
    givens = {key(case.text).strip() for text in person.given for case in _cases_of_given(text, person.sex)}
    for form in (*_together(person), *(_full_forms(person) if shown else ())):
        found.add(form)
    for term, _ in terms:
        if person.given and not is_pattern(term) and term not in person.surnames:
            for form in _nickname_forms(term):
                found.add(form)
    return found.all(), frozenset(givens), person.sex


def _nickname_forms(term: str) -> Iterator[Form]:
    """Decline an alias of one word that is not the surname: a nickname, as a given name."""
    language = language_of(term)
    if language and len(term.split()) == 1:
        for case in inflect.given_name(term, language, inflect.gender(term, language)):
            yield Form(case.text, f"{case.words} of {quoted(term)}", single_word=True, capital=capital_of(case.text))


def _person(terms: tuple[str, ...]) -> Person:
    person = Person()
    pairs = [pair for term in terms if not is_pattern(term) and (pair := split_name(term))]
    for given, surname in pairs:
        person.given.setdefault(given, f"from {quoted(given + ' ' + surname)}")
        person.surnames.setdefault(surname, f"surname of {quoted(given + ' ' + surname)}")
    cyrillic = [pair for pair in pairs if is_cyrillic(pair[1])]
    for given, surname in () if cyrillic else pairs:
        back = _read_back(given, surname)
        if back:
            cyrillic.append(back)
            person.given.setdefault(back[0], f"{quoted(given)} in Cyrillic")
            person.surnames.setdefault(back[1], f"{quoted(surname)} in Cyrillic")
    if cyrillic:
        person.sex = inflect.gender(cyrillic[0][0], language_of(cyrillic[0][0] + cyrillic[0][1]))
    for given, surname in cyrillic:
        _enter_spellings(person, given, surname)
    surname_keys = {key(surname) for surname in person.surnames}
    person.listed_surname = any(key(term) in surname_keys for term in terms)
    return person


def split_name(term: str) -> tuple[str, str] | None:
    """Part a full name into given name and surname; None where it is one word."""
    words = [word for word in term.replace(",", " , ").split() if not _SUFFIX.match(word)]
    if "," in words:
        comma = words.index(",")
        words = words[comma + 1 :] + words[:comma]
    if len(words) < 2:  # noqa: PLR2004
        return None
    language = language_of(term)
    if language and not inflect.is_given_name(words[0], language) and _is_given_in(words[1], language):
        return words[1], words[0]
    start = next((i for i, word in enumerate(words[1:], start=1) if word.lower() in _PARTICLES), len(words) - 1)
    return words[0], " ".join(words[start:])


def _is_given_in(word: str, language: str) -> bool:
    return inflect.is_given_name(word, language) and not PATRONYMIC.match(word)


def _read_back(given: str, surname: str) -> tuple[str, str] | None:
    """Write a Latin name in Cyrillic, where given name or surname shows that it comes from there."""
    row = given_names().get(key(given).strip())
    if row is None or (not is_slavic(surname) and len(row.latin) == 0):
        return None
    back = to_cyrillic(surname) if " " not in surname and is_slavic(surname) else ""
    if not back:
        return None
    return (row.uk if language_of(back) == "uk" else row.ru), back


def _enter_spellings(person: Person, given: str, surname: str) -> None:
    """Add the Russian, Ukrainian and Latin spellings of a Cyrillic name."""
    row = given_names().get(key(given).strip())
    if language_of(given + surname) == "uk" or (row and given == row.uk != row.ru):
        russian, given_ru = to_russian(surname), row.ru if row else to_russian(given)
        ukrainian: tuple[str, ...] = (surname,)
        given_uk = given
    else:
        russian, given_ru = surname, given
        ukrainian = to_ukrainian(surname, surname=True)
        given_uk = row.uk if row else to_ukrainian(given)[0]
    person.given.setdefault(given_ru, f"{quoted(given)} in Russian")
    person.given.setdefault(given_uk, f"{quoted(given)} in Ukrainian")
    person.surnames.setdefault(russian, f"{quoted(surname)} in Russian")
    for text in ukrainian:
        person.surnames.setdefault(text, f"{quoted(surname)} in Ukrainian")
    for spelling in row.latin if row else ():
        person.given.setdefault(spelling, f"{quoted(given)} in Latin letters")
    for source in (given_ru, given_uk) if not row else (given_ru,):
        for spelling, scheme in to_latin(source).items():
            person.given.setdefault(spelling, f"{quoted(source)} in Latin letters, {scheme}")
    for source in (russian, *ukrainian):
        for spelling, scheme in to_latin(source).items():
            person.surnames.setdefault(spelling, f"{quoted(source)} in Latin letters, {scheme}")


def _languages(text: str, rule: str) -> tuple[str, ...]:
    """The languages by whose grammar a Cyrillic surname is declined: those that write it so."""
    if not is_cyrillic(text):
        return ()
    if language_of(text) == "uk" or rule.endswith("Ukrainian"):
        return ("uk",)
    return ("ru", "uk") if text in to_ukrainian(text, surname=True) else ("ru",)


def _cases_of_surname(text: str, rule: str, sex: str, *, needs_full: bool) -> Iterator[Form]:
    single = " " not in text
    base = Form(text, rule, single, surname=True, needs_full=needs_full, case="nomn", capital=capital_of(text))
    languages = _languages(text, rule)
    if not languages:
        yield Form(base.text, base.rule, single, surname=True, needs_full=needs_full, capital=base.capital)
        if is_slavic(text) and single and not text.endswith(("s", "z")):
            plural = f"{text}s"
            yield Form(plural, f"plural of {quoted(text)}", single, True, needs_full, "", True, capital_of(plural))
        return
    yield base
    for language in languages:
        for case in _compound(text, language, sex):
            if case.plural and is_ordinary(case.text):
                continue
            said = f"{case.words} of {quoted(text)}" + (" in Ukrainian" if language == "uk" else "")
            yield Form(case.text, said, single, True, needs_full, case.case, case.plural, capital_of(case.text))


def _compound(text: str, language: str, sex: str) -> tuple[inflect.Case, ...]:
    """Decline a surname, both halves of a double one."""
    first, hyphen, second = text.partition("-")
    if not hyphen:
        head, space, last = text.rpartition(" ")
        return tuple(
            inflect.Case(head + space + case.text, case.case, case.plural)
            for case in inflect.surname(last, language, sex)
        )
    firsts, seconds = (inflect.surname(half, language, sex) for half in (first, second))
    if len(firsts) == 1:
        return tuple(inflect.Case(f"{first}-{case.text}", case.case, case.plural) for case in seconds)
    by_case = {(case.case, case.plural): case.text for case in firsts}
    return tuple(
        inflect.Case(f"{by_case[case.case, case.plural]}-{case.text}", case.case, case.plural)
        for case in seconds
        if (case.case, case.plural) in by_case
    )


def _cases_of_given(text: str, sex: str) -> tuple[inflect.Case, ...]:
    if not is_cyrillic(text):
        return (inflect.Case(text, "nomn"),)
    language = language_of(text)
    return inflect.given_name(text, language, sex) + (inflect.given_name(text, "uk", sex) if language == "ru" else ())


def _together(person: Person) -> Iterator[Form]:
    """Write given name and surname as one word, as hash tags do: as the desk spells them."""
    for given, rule in person.given.items():
        for surname, surname_rule in person.surnames.items():
            own = rule.startswith("from") and surname_rule.startswith("surname of")
            if own and is_cyrillic(given) == is_cyrillic(surname) and language_of(given) == language_of(surname):
                yield Form(f"{given}{surname}", f"{quoted(given + ' ' + surname)} written together")


def _full_forms(person: Person) -> Iterator[Form]:
    """Given name or initial with surname, in either order; recognised around the surname, so not sought themselves."""
    for surname, rule in person.surnames.items():
        languages = _languages(surname, rule)
        if not is_cyrillic(surname):
            yield from _latin_pairs(person, surname)
            continue
        for given in filter(is_cyrillic, person.given):
            for language in languages:
                if _fits(given, surname, language, rule):
                    yield from _pairs(given, surname, language, person.sex)


def _fits(given: str, surname: str, language: str, rule: str) -> bool:
    """Whether given name and surname are of one language: «Глеб Костарєв» mixes two."""
    ukrainian_only = language_of(given) == "uk" or language_of(surname) == "uk" or rule.endswith("Ukrainian")
    if language == "ru":
        return not ukrainian_only
    row = given_names().get(key(given).strip())
    return row is None or row.uk == given


def _latin_pairs(person: Person, surname: str) -> Iterator[Form]:
    """Pair a Latin surname with the spellings of the given name; only the first of them behind it."""
    givens = [given for given in person.given if not is_cyrillic(given)]
    for given in givens:
        said = f"of {quoted(given + ' ' + surname)}"
        yield Form(f"{given} {surname}", f"full name: {quoted(given)} with {quoted(surname)}", sought=False)
        yield Form(f"{given[0]}. {surname}", f"initial, {said}", sought=False)
    for given in givens[:1]:
        said = f"of {quoted(given + ' ' + surname)}"
        yield Form(f"{surname} {given}", f"surname first, {said}", sought=False)
        yield Form(f"{surname} {given[0]}.", f"initial behind, {said}", sought=False)


def _pairs(given: str, surname: str, language: str, sex: str) -> Iterator[Form]:
    initial = f"{given[0]}."
    said = f"of {quoted(given + ' ' + surname)}" + (" in Ukrainian" if language == "uk" else "")
    givens: dict[str, list[str]] = {}
    for case in inflect.given_name(given, language, sex):
        givens.setdefault(case.case, []).append(case.text)
    for case in _compound(surname, language, sex):
        if case.plural:
            continue
        for text in givens.get(case.case, [given] if len(givens) == 1 else []):
            yield Form(f"{text} {case.text}", f"{case.words} {said}", case=case.case, sought=False)
            yield Form(f"{case.text} {text}", f"surname first, {case.words} {said}", case=case.case, sought=False)
        yield Form(f"{initial} {case.text}", f"initial, {case.words} {said}", case=case.case, sought=False)
        yield Form(f"{case.text} {initial}", f"initial behind, {case.words} {said}", case=case.case, sought=False)


@dataclass(frozen=True, slots=True)
class Given:
    """A given name in Russian, in Ukrainian, and in the usual Latin spellings."""

    ru: str
    uk: str
    latin: tuple[str, ...]


@lru_cache(maxsize=1)
def given_names() -> dict[str, Given]:
    """The given names of Russia and Ukraine by every folded spelling."""
    found: dict[str, Given] = {}
    for line in lists.lines("given.tsv"):
        ru, uk, latin = line.split("\t")
        row = Given(ru, uk, tuple(latin.split()))
        for spelling in (ru, uk, *row.latin):
            found.setdefault(key(spelling).strip(), row)
    return found


@lru_cache(maxsize=1)
def latin_given_names() -> frozenset[str]:
    """Given names in Latin script, folded."""
    western = {key(word).strip() for word in lists.words("given_latin")}
    return frozenset(western | {spelling for spelling in given_names() if spelling.isascii()})
