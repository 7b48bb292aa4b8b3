"""How the given name and the surname of a person are spelt, in each language and script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from worker.entities import inflect
from worker.entities.back import to_cyrillic
from worker.entities.east import in_russian, surname_first
from worker.entities.fold import key
from worker.entities.forms import is_ordinary, is_pattern, language_of, languages_of, quoted, without_umlauts
from worker.entities.given import Given, called_too, foreign_rows, rows_of, western_names
from worker.entities.translit import (
    is_cyrillic,
    is_slavic,
    is_ukrainian,
    to_latin,
    to_latin_by_belarusian,
    to_russian,
    to_ukrainian,
    to_ukrainian_of_foreign,
)
from worker.entities.western import spelt, transcribed

_SLAVIC = re.compile("(?:[оеёє]ва?|[иыії]на?|[сцз]ь?к(?:ий|ая|а)|енко|[чщн]ук|[нл]юк|ич|швили|швілі|дзе|ян)$")
_TINY = 2  # letters
_LIKELY = 2  # readings of a foreign surname that Ukrainian gets with и and with і; the others only with і
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
    tongues: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the languages that write a surname so
    guessed: set[str] = field(default_factory=set)  # surnames that are only likely: they need the full name
    listed_surname: bool = False  # the desk listed the surname alone
    sex: str = "masc"
    foreign: bool = False  # the given name is of the West alone
    east: bool = False  # of China or Korea: the surname stands first


def spellings_of(terms: tuple[str, ...]) -> Person:
    """Give every spelling of a person's given name and surname; ``terms``: the name and the aliases."""
    person = Person()
    pairs = [pair for term in terms if not is_pattern(term) and (pair := split_name(term))]
    person.east = any(surname_first([surname, *given.split()]) for given, surname in pairs)
    for given, surname in pairs:
        whole = quoted(f"{surname} {given}" if person.east else f"{given} {surname}")
        person.given.setdefault(given, f"from {whole}")
        person.surnames.setdefault(surname, f"surname of {whole}")
    cyrillic = [(*pair, _languages_of_name(*pair)) for pair in pairs if is_cyrillic(pair[1])]
    for given, surname in () if cyrillic else pairs:
        for back in _read_back(given, surname):
            cyrillic.append(back)
            person.given.setdefault(back[0], f"{quoted(given)} in Cyrillic")
            person.surnames.setdefault(back[1], f"{quoted(surname)} in Cyrillic" + _IN[back[2][0]])
    slavic = bool(cyrillic)
    slavic = slavic and any(is_slavic(surname) for _, surname in pairs if not is_cyrillic(surname))
    _enter_other_script(person, pairs, slavic=slavic)
    for given, surname in pairs:  # Jürgen Schäfer, Juergen Schaefer
        person.given.setdefault(without_umlauts(given), f"{quoted(given)} without umlauts")
        person.surnames.setdefault(without_umlauts(surname), f"{quoted(surname)} without umlauts")
    alone = [term for term in terms if not pairs and " " not in term and not is_pattern(term) and is_cyrillic(term)]
    for term in alone:  # known by one word: «Земфира»
        person.surnames.setdefault(term, f"surname of {quoted(term)}")
        known = any(inflect.is_given_name(term, language) for language in languages_of(term))
        person.sex = (
            inflect.gender(term, language_of(term)) if known else "femn" if _HERS.search(term.lower()) else "masc"
        )
        _enter_surnames(person, term, languages_of(term, names=True))
    if cyrillic:
        person.sex = inflect.gender(cyrillic[0][0], cyrillic[0][2][0])
    for given, surname, languages in cyrillic:
        for language in languages:
            _enter_spellings(person, given, surname, language)
            belarusian = to_latin_by_belarusian(surname) if language == "ru" else ""
            _enter_guessed(person, ("", belarusian), f"{quoted(surname)} in Latin letters, as in Belarus")
    _enter_given_names(person, pairs)
    surname_keys = {key(surname) for surname in person.surnames}
    person.listed_surname = any(key(term) in surname_keys for term in terms)
    if person.east:  # «Си», which the desk did not list, is a note too
        person.guessed.update(surname for surname in person.surnames if len(surname) <= _TINY and surname not in terms)
    return person


def split_name(term: str) -> tuple[str, str] | None:
    """Part a full name into given name and surname; None where it is one word."""
    words = [word for word in term.replace(",", " , ").split() if not _SUFFIX.match(word)]
    if "," in words:
        comma = words.index(",")
        words = words[comma + 1 :] + words[:comma]
    if len(words) < 2:  # noqa: PLR2004
        return None
    if east := surname_first(words):
        return east
    language = language_of(term)
    if language and not inflect.is_given_name(words[0], language) and _is_given_in(words[1], language):
        return words[1], words[0]
    start = next((i for i, word in enumerate(words[1:], start=1) if word.lower() in _PARTICLES), len(words) - 1)
    return words[0], " ".join(words[start:])


def _is_given_in(word: str, language: str) -> bool:
    return inflect.is_given_name(word, language) and not PATRONYMIC.match(word)


_IN = {"ru": "", "uk": " in Ukrainian"}


def _languages_of_name(given: str, surname: str) -> tuple[str, ...]:
    """Give the languages in which a Cyrillic name may be: its letters decide, then the given name, then its words."""
    if is_ukrainian(given + surname):
        return ("uk",)
    own = {language for row in rows_of(given) for language in row.languages(given)}
    if len(own) == 1:
        return tuple(own)
    if re.match("[ИЕ]", given + surname) and not rows_of(given):
        return ("ru",)
    return languages_of(f"{given} {surname}", names=True)


def _read_back(given: str, surname: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Write a Latin name in Cyrillic, where given name or surname shows that it comes from there.

    The language is that of the given name (Oleksandr, Hlib); where both have it, each gives its readings.
    """
    if surname_first([surname, *given.split()]):
        return []
    rows = rows_of(given) or _unlisted(given, surname)
    if not rows or " " in surname or (key(given).strip() in western_names() and not is_slavic(surname)):
        return []
    found: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {}
    languages = {language for row in rows for language in row.languages(given)}
    if re.search("h(?:r|[aeiouy])|ii$|iia$|yi$|yy$", re.sub("[ckstzg]h", "", surname.lower())) and "uk" in languages:
        languages = {"uk"}
    for language in sorted(languages):
        for row in rows:
            for text in to_cyrillic(surname, language):
                if is_ukrainian(text) and language == "ru":
                    continue
                own = row.uk if language == "uk" else row.ru
                found.setdefault((own, text), (own, text, (language,)))
    return list(found.values())


def _unlisted(given: str, surname: str) -> tuple[Given, ...]:
    """Read a given name that no list holds, where the surname is plainly from there: Zourabichvili."""
    known = key(given).strip() in western_names() or bool(foreign_rows(given))
    if known or not is_slavic(surname) or not given.isalpha():
        return ()
    return tuple(Given(text, to_ukrainian(text)[0], (given,)) for text in to_cyrillic(given, "ru")[:1])


def _enter_spellings(person: Person, given: str, surname: str, language: str) -> None:
    """Add the Russian, Ukrainian and Latin spellings of a name that is Cyrillic, in this language."""
    rows = [row for row in rows_of(given) if key(row.uk if language == "uk" else row.ru) == key(given)] or list(
        rows_of(given)
    )
    if language == "uk":
        surnames = {"ru": to_russian(surname), "uk": (surname,)}
        givens = {"ru": [row.ru for row in rows] or to_russian(given), "uk": [given, *(row.uk for row in rows)]}
    else:
        from_here = bool(rows) or (_SLAVIC.search(surname.lower()) and inflect.is_given_name(given, "ru"))
        foreign = () if from_here else to_ukrainian_of_foreign(surname)
        surnames = {"ru": (surname,), "uk": tuple(dict.fromkeys((*to_ukrainian(surname, surname=True), *foreign)))}
        own = [row.uk for row in rows] or to_ukrainian_of_foreign(given)
        givens = {"ru": [given, *(row.ru for row in rows)], "uk": own}
    for tongue, name in (("ru", "Russian"), ("uk", "Ukrainian")):
        _enter(person.given, givens[tongue], f"{quoted(given)} in {name}")
        _enter(person.surnames, surnames[tongue], f"{quoted(surname)} in {name}")
        for source in surnames[tongue]:
            known = person.tongues.get(source, ())
            person.tongues[source] = known if tongue in known else (*known, tongue)
    if not person.east:  # no scheme for Russian makes Xi of «Си»
        _enter_latin(person, rows, givens, surnames)


def _enter_latin(
    person: Person, rows: Sequence[Given], givens: Mapping[str, Sequence[str]], surnames: Mapping[str, Sequence[str]]
) -> None:
    """Add the Latin spellings of given names and surnames in Russian and in Ukrainian."""
    for row in rows:
        _enter(person.given, row.latin, f"{quoted(row.ru)} in Latin letters")
    for tongue in ("ru", "uk"):
        for into, sources in ((person.given, givens[tongue]), (person.surnames, surnames[tongue])):
            for source in sources:
                for spelling, scheme in to_latin(source, tongue).items():
                    into.setdefault(spelling, f"{quoted(source)} in Latin letters, {scheme}")
                    if into is person.surnames:
                        known = person.tongues.get(spelling, ())
                        person.tongues[spelling] = known if tongue in known else (*known, tongue)


_HERS = re.compile("(?:[оеєё]ва|[иії]на|ая|[сц]ька)$")


def _enter_other_script(person: Person, pairs: list[tuple[str, str]], *, slavic: bool) -> None:
    """Add how a name of the West is written in the other script, where the desk has it in one: «Тим Кук»."""
    scripts = {is_cyrillic(surname) for _, surname in pairs}
    if len(scripts) != 1 or slavic:
        return
    for given, surname in pairs:
        rows = foreign_rows(given)
        if scripts == {True} and (rows or not rows_of(given)) and not _SLAVIC.search(surname.lower()):
            readable = _russian_letters(surname)
            spellings = spelt(readable)
            latin = [name for row in rows for name in row.latin] or spelt(_russian_letters(given))
            _enter(person.given, latin, f"{quoted(given)} in Latin letters")
            _enter_guessed(person, spellings, f"{quoted(surname)} in Latin letters, as it may be spelt")
        if scripts == {False}:
            chinese = in_russian(given) if surname_first([surname, given]) else ""
            readings = (in_russian(surname),) if chinese and in_russian(surname) else transcribed(surname)
            for language, said in _IN.items():
                known = [name for row in rows for name in (row.ru if language == "ru" else row.uk)]
                known += [row.in_language(language) for row in rows_of(given)]
                sounds = (chinese,) if chinese else transcribed(given)
                own = known or [text for reading in sounds for text in _in_language(reading, language)]
                _enter(person.given, own, f"{quoted(given)} in Cyrillic{said}")
                texts = [
                    text
                    for place, reading in enumerate(readings)
                    for text in _in_language(reading, language)[slice(-1, None) if place >= _LIKELY else slice(None)]
                ]
                _enter_guessed(person, texts, f"{quoted(surname)} in Cyrillic{said}")
                for text in texts:
                    person.tongues[text] = tuple(dict.fromkeys((*person.tongues.get(text, ()), language)))


def _enter_guessed(person: Person, spellings: Sequence[str], rule: str) -> None:
    """Add the likely spellings of a surname; all but the likeliest count beside the full name only."""
    for place, spelling in enumerate(spellings):
        if spelling and spelling not in person.surnames:
            person.surnames[spelling] = rule
            if place or is_ordinary(spelling):
                person.guessed.add(spelling)


def _in_language(reading: str, language: str) -> tuple[str, ...]:
    return (reading,) if language == "ru" else to_ukrainian_of_foreign(reading)


def _russian_letters(text: str) -> str:
    return text.translate(str.maketrans("іїєґІЇЄҐ", "ийегИЙЕГ"))


def _enter_given_names(person: Person, pairs: list[tuple[str, str]]) -> None:
    """Add the other spellings, the short and the long forms of the given name; tell the gender by them."""
    for given, surname in pairs:
        from_here = rows_of(given) and (is_slavic(surname) or _SLAVIC.search(surname.lower()))
        rows = () if from_here else foreign_rows(given)  # Юлия Гриценко is no Жюли
        if rows and not rows_of(given):
            person.sex = rows[0].sex
            person.foreign = True
        for row in rows:
            _enter(person.given, (*row.latin, *row.ru, *row.uk), f"{quoted(given)} in other spellings")
        _enter(person.given, called_too(given), f"{quoted(given)}, short or long")


def _enter_surnames(person: Person, term: str, languages: tuple[str, ...]) -> None:
    """Add the spellings of a name of one word."""
    spellings = {"ru": (term,), "uk": to_ukrainian(term, surname=True)}
    if languages == ("uk",):
        spellings = {"ru": to_russian(term), "uk": (term,)}
    for tongue, name in (("ru", "Russian"), ("uk", "Ukrainian")):
        _enter(person.surnames, spellings[tongue], f"{quoted(term)} in {name}")
        for source in spellings[tongue]:
            person.tongues[source] = tuple(dict.fromkeys((*person.tongues.get(source, ()), tongue)))
            for spelling, scheme in to_latin(source, tongue).items():
                person.surnames.setdefault(spelling, f"{quoted(source)} in Latin letters, {scheme}")


def _enter(into: dict[str, str], spellings: Iterable[str], rule: str) -> None:
    for spelling in spellings:
        into.setdefault(spelling, rule)
