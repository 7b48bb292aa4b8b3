"""Every written form of a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.entities import inflect
from worker.entities.fold import key
from worker.entities.forms import Form, Forms, capital_of, is_ordinary, is_pattern, language_of, quoted
from worker.entities.given import foreign_rows, rows_of
from worker.entities.spellings import Person, spellings_of
from worker.entities.translit import is_cyrillic, is_slavic, to_latin

_NOT_ENGLISH = ("German", "French", "ISO 9", "scholarly")  # schemes of texts that make no plural with s


def person_forms(name: str, aliases: tuple[str, ...], *, shown: bool) -> tuple[tuple[Form, ...], frozenset[str], str]:
    """Give the forms of a person; the folded spellings, in all cases, of the given name; and the gender.

    ``shown``: with given name or initial beside the surname too, which the matcher recognises by itself.
    """
    found = Forms()
    terms = [(name, "the name"), *((alias, "an alias") for alias in aliases)]
    person = spellings_of(tuple(term for term, _ in terms))
    surname_keys = {key(text) for text in person.surnames}
    for term, rule in terms:
        is_surname = key(term) in surname_keys
        single = len(term.split()) == 1
        found.add(Form(term, rule, single, is_surname, case="nomn" if is_surname else "", capital=capital_of(term)))
    needs_full = not person.listed_surname
    for text in person.surnames:
        for form in _cases_of_surname(person, text, needs_full=needs_full):
            found.add(form)
    givens = {key(case.text).strip() for text in person.given for case in _cases_of_given(text, person.sex)}
    for form in (*_together(person), *(_full_forms(person) if shown else ())):
        found.add(form)
    for term, _ in terms:
        if not is_pattern(term) and term not in person.surnames:
            for form in _nickname_forms(term):
                found.add(form)
    return found.all(), frozenset(givens), person.sex


def full_name(text: str) -> tuple[inflect.Case, ...]:
    """Decline a Cyrillic text of two words that is a person's name, given name first; none where it is no such name."""
    given, _, surname = text.partition(" ")
    if not surname[:1].isupper() or " " in surname or not is_cyrillic(text):
        return ()
    known = [language for language in ("ru", "uk") if inflect.is_given_name(given, language)]
    sexes = {inflect.gender(given, language) for language in known} | {row.sex for row in foreign_rows(given)}
    return tuple(
        inflect.Case(f"{first.text} {last.text}", first.case)
        for language in ("ru", "uk")
        for sex in sorted(sexes)
        for first in inflect.given_name(given, language, sex)
        for last in inflect.surname(surname, language, sex)
        if first.case == last.case and not last.plural
    )


def _nickname_forms(term: str) -> Iterator[Form]:
    """Decline an alias of one word that is not the surname: a nickname, as a given name."""
    language = language_of(term)
    if language and len(term.split()) == 1:
        for case in inflect.given_name(term, language, inflect.gender(term, language)):
            yield Form(case.text, f"{case.words} of {quoted(term)}", single_word=True, capital=capital_of(case.text))


def _cases_of_surname(person: Person, text: str, *, needs_full: bool) -> Iterator[Form]:
    rule, sex, single = person.surnames[text], person.sex, " " not in text
    needs_full = needs_full or text in person.guessed
    base = Form(text, rule, single, surname=True, needs_full=needs_full, case="nomn", capital=capital_of(text))
    languages = person.tongues.get(text, ()) if is_cyrillic(text) else ()
    if not languages:
        yield Form(base.text, base.rule, single, surname=True, needs_full=needs_full, capital=base.capital)
        english = not rule.endswith(_NOT_ENGLISH)
        if english and is_slavic(text) and single and not text.endswith(("s", "z")):
            plural = f"{text}s"
            yield Form(plural, f"plural of {quoted(text)}", single, True, needs_full, "", True, capital_of(plural))
        return
    yield base
    for language in languages:
        for case in _compound(text, language, sex):
            if case.plural and is_ordinary(case.text):
                continue
            said = f"{case.words} of {quoted(text)}" + (" in Ukrainian" if language == "uk" else "")
            if (
                person.foreign
                and sex == "masc"
                and case.case == "ablt"
                and re.search("(?:[оеє]в|[иі]н)[иы]м$", case.text)
            ):
                other = f"{case.text[:-2]}ом"  # Чаплином, Дарвином, and no Чаплиным
                yield Form(other, said, single, True, needs_full, case.case, case.plural, capital_of(other))
                continue
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
                names = (surname, given) if person.east else (given, surname)
                said = f"{quoted(' '.join(names))} written together, as in a hash tag"
                yield Form("".join(names).replace(" ", ""), said)


def _full_forms(person: Person) -> Iterator[Form]:
    """Given name or initial with surname, in either order; recognised around the surname, so not sought themselves."""
    for surname, rule in person.surnames.items():
        languages = person.tongues.get(surname, ())
        if person.east:
            yield from _eastern_pairs(person, surname)
            continue
        if not is_cyrillic(surname):
            yield from _latin_pairs(person, surname)
            continue
        for given in filter(is_cyrillic, person.given):
            for language in languages:
                if _fits(given, surname, language, rule):
                    yield from _pairs(given, surname, language, person.sex)


def _eastern_pairs(person: Person, surname: str) -> Iterator[Form]:
    """Put the surname, which does not decline, before the given name: «Си Цзиньпину»."""
    for given in person.given:
        if is_cyrillic(given) == is_cyrillic(surname) and language_of(given) == language_of(surname):
            for case in inflect.given_name(given, language_of(given), person.sex) if is_cyrillic(given) else ():
                yield Form(f"{surname} {case.text}", f"{case.words} of {quoted(f'{surname} {given}')}", sought=False)


def _fits(given: str, surname: str, language: str, rule: str) -> bool:
    """Whether given name and surname are of one language: «Глеб Костарєв» mixes two."""
    ukrainian_only = language_of(given) == "uk" or language_of(surname) == "uk" or rule.endswith("Ukrainian")
    if language == "ru":
        return not ukrainian_only
    rows = rows_of(given)
    return not rows or any(row.uk == given for row in rows)


def _latin_pairs(person: Person, surname: str) -> Iterator[Form]:
    """Pair a Latin surname with the spellings of the given name; only the first of them behind it."""
    givens = [given for given in person.given if not is_cyrillic(given)]
    for given in givens:
        if not _are_of_one_tongue(person, given, surname):
            continue
        said = f"of {quoted(given + ' ' + surname)}"
        yield Form(f"{given} {surname}", f"full name: {quoted(given)} with {quoted(surname)}", sought=False)
        yield Form(f"{given[0]}. {surname}", f"initial, {said}", sought=False)
    for given in givens[:1]:
        said = f"of {quoted(given + ' ' + surname)}"
        yield Form(f"{surname} {given}", f"surname first, {said}", sought=False)
        yield Form(f"{surname} {given[0]}.", f"initial behind, {said}", sought=False)


def _are_of_one_tongue(person: Person, given: str, surname: str) -> bool:
    """Whether two Latin spellings go together: one is the desk's own, or both come from one language."""
    if person.given[given].startswith("from") or person.surnames[surname].startswith("surname of"):
        return True
    rows, tongues = rows_of(given), person.tongues.get(surname, ())
    return not rows or any(given in to_latin(row.in_language(tongue), tongue) for row in rows for tongue in tongues)


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
