"""Every written form of the name of a company, an agency or a topic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from worker.entities import inflect
from worker.entities.back import to_cyrillic
from worker.entities.fold import key
from worker.entities.forms import (
    Form,
    Forms,
    capital_of,
    is_ordinary,
    is_pattern,
    languages_of,
    quoted,
    without_umlauts,
)
from worker.entities.lists import lines
from worker.entities.phrases import phrase
from worker.entities.translit import is_cyrillic, is_ukrainian, to_latin, to_ukrainian

_DIGRAPHS = frozenset("ЖХЦЧШЩЪЬЮЯЙЄЇ")  # an abbreviation with one of these has no settled Latin spelling
_IN = {"ru": " in Russian", "uk": " in Ukrainian"}
_WHOLE = 4  # letters that each part of a name must have to be parted
_LONGEST_TOGETHER = 24
_LONGEST_PARTED = 6  # letters: a shorter name with a hyphen is another one without it
# Second parts of compounds, which are also written apart: Rosfin monitoring, Приват-банк.
_TAILS = ("monitoring", "bank", "market", "invest", "finance", "capital", "telecom", "мониторинг", "моніторинг", "банк",
          "инвест", "телеком", "маркет", "капитал", "коин", "чейн")  # fmt: skip
# Syllables of Russian institutions, by which a Latin name can be written back: Ros-fin-monitoring.
_SYLLABLES = re.compile(
    r"^(?:ros|gos|gaz|mos|min|rus|sber|vnesh|prom|fin|trans|tele|mintrans|minfin)+?"
    r"(?:monitoring|bank|prom|nadzor|atom|telecom|fin|gaz|kosmos|grad|invest|stat|reestr|trud|zdrav|torg|stroy|eksport|neft)$",
    re.IGNORECASE,
)

_THREE_SYLLABLES = re.compile(
    "(ros|gos|рос|гос|укр)(fin|kom|potreb|ryb|les|фин|ком|потреб|рыб|лес)(monitoring|nadzor|мониторинг|надзор)$",
    re.IGNORECASE,
)
_INITIALS_LEAST = 3
_SMALL = frozenset("of and the for in on & и по в на з та й у із".split())


def thing_forms(name: str, aliases: tuple[str, ...], *, kind: str) -> tuple[Form, ...]:
    """Give the forms of a company, an agency or a topic; only a topic has a plural."""
    found = Forms()
    terms = [(name, "the name"), *((alias, "an alias") for alias in aliases)]
    for term, rule in terms:
        found.add(Form(term, rule, single_word=len(term.split()) == 1, capital=capital_of(term)))
    listed = [term for term, _ in terms if not is_pattern(term)]
    cyrillic, latin = [t for t in listed if is_cyrillic(t)], [t for t in listed if not is_cyrillic(t)]
    made: list[tuple[str, str]] = [(term, "") for term in listed]
    made += [(text, f"{quoted(term)} in Cyrillic") for term in latin for text in _in_cyrillic(term)]
    if not (latin and cyrillic):
        script = "in Cyrillic" if latin else "in Latin letters"
        made += [(known, f"{quoted(term)} {script}") for term in listed for known in _brands().get(key(term), ())]
    short = [term for term in cyrillic if term.isupper()] if latin else cyrillic
    if short:
        made += [
            (spelling.upper() if term.isupper() else spelling, f"{quoted(term)} in Latin letters, {scheme}")
            for term in short
            if " " not in term and not (term.isupper() and _DIGRAPHS & set(term))
            for language in _latin_by(term)
            for spelling, scheme in to_latin(term, language).items()
        ]
    made += [(other, f"{quoted(term)} written otherwise") for term in listed for other in _written_otherwise(term)]
    for term, rule in made:
        for form in _written(term, rule, plural=kind == "topic"):
            found.add(form)
            for other in _apart_and_together(form, listed):
                found.add(other)
    for term in listed if kind != "topic" else ():
        for initials in _abbreviated(term):
            found.add(Form(initials, f"{quoted(term)} abbreviated", True, needs_full=True, capital="all"))
    return found.all()


def _abbreviated(term: str) -> Iterator[str]:
    """Give the initials of a name of three words or syllables, by which an article goes on: IMF, RFM, СБУ."""
    parts = [word for word in re.split(r"[\s-]+", term) if word.lower() not in _SMALL]
    if " " not in term and (match := _THREE_SYLLABLES.match(term)):
        parts = list(match.groups())
    if len(parts) >= _INITIALS_LEAST and all(part[0].isalpha() for part in parts):
        yield "".join(part[0] for part in parts).upper()


@lru_cache(maxsize=1)
def _brands() -> dict[str, tuple[str, ...]]:
    """Read how names that are known in both scripts are written in the other one, by the folded name."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines("brands.tsv"):
        latin, cyrillic = (tuple(part.split("; ")) for part in line.split("\t"))
        found |= {key(name): cyrillic for name in latin} | {key(name): latin for name in cyrillic}
    return found


def _in_cyrillic(term: str) -> tuple[str, ...]:
    """Write back in Cyrillic what is plainly made of Russian syllables: Rosfin, Gazprom Neft."""
    words = term.split()
    if not _SYLLABLES.match(words[0]) or not all(_SYLLABLES.match(f"ros{word}") for word in words[1:]):
        return ()
    readings = [to_cyrillic(word, "ru")[:1] for word in words]
    text = " ".join(reading[0] for reading in readings if reading)
    return (re.sub(r"нефт(?!\w)", "нефть", text),) if all(readings) else ()


def _latin_by(term: str) -> tuple[str, ...]:
    """Give the languages by whose schemes a Cyrillic name is written in Latin letters."""
    if is_ukrainian(term):
        return ("uk",)
    return ("ru", "uk") if languages_of(term) == ("uk",) else ("ru",)


def _written_otherwise(term: str) -> Iterator[str]:
    """Write the marks in a name as others do: P & G, Procter and Gamble, М. Видео, Juergen, CocaCola."""
    if "&" in term:
        yield re.sub(r"\s*&\s*", " & ", term)
        if re.search(r"\w{3}\s*&\s*\w{3}", term):
            yield re.sub(r"\s*&\s*", " и " if is_cyrillic(term) else " and ", term)
    if re.search(r"\w{3} (?:and|и|та) \w{3}", term):
        yield re.sub(r" (?:and|и|та) ", " & ", term)
    if re.search(r"\w\.\w", term):
        yield re.sub(r"(?<=\w)\.(?=\w)", ". ", term)
    if re.fullmatch("[A-Z]{3,5}", term):
        yield ".".join(term)  # S.E.C., as some newsrooms write it
    if "-" in term and not is_ordinary("".join(term.split("-"))) and len(term) > _LONGEST_PARTED:
        yield term.replace("-", "")
    if re.search("[äöüÄÖÜ]", term):
        yield without_umlauts(term)


def _written(term: str, rule: str, *, plural: bool) -> Iterator[Form]:
    """Give a name in its cases, in Ukrainian too, and with its possessive."""
    single = " " not in term
    yield Form(term, rule or "the name", single, capital=capital_of(term))
    languages = languages_of(term)
    if not languages:
        if re.fullmatch(r".*[a-zA-Z]", term) and not re.fullmatch(r"(?:\w\.)+\w", term):
            ending = "’" if term.endswith("s") else "’s"
            yield Form(f"{term}{ending}", f"possessive of {quoted(term)}", single, sought=False)
            if plural and not term.endswith("s"):
                yield Form(f"{term}s", f"plural of {quoted(term)}", single, plural=True, capital=capital_of(term))
        return
    respelt = [text for text in to_ukrainian(term) if text != term] if single and not is_ordinary(term) else []
    if languages == ("uk",) and single and not is_ukrainian(term):
        languages = ("uk", "ru")  # a Russian text declines it too
    elif "ru" in languages and respelt:
        languages = ("ru",)  # Ukrainian writes it otherwise
    for language in languages:
        yield from _declined(term, language, plural=plural, said="" if language == languages[0] else _IN[language])
    if "ru" in languages and not term.isupper():
        for text in respelt:
            yield from _declined(text, "uk", plural=plural, said=_IN["uk"])


def _declined(term: str, language: str, *, plural: bool, said: str) -> Iterator[Form]:
    single = " " not in term
    cases = inflect.noun(term, language, plural=plural) if single else phrase(term, language, plural=plural)
    for case in cases:
        yield Form(
            case.text,
            f"{case.words} of {quoted(term)}{said}",
            single,
            case=case.case,
            plural=case.plural,
            capital=capital_of(case.text),
        )


def _apart_and_together(form: Form, listed: list[str]) -> Iterator[Form]:
    """Write one word as two (which covers the hyphen) and several words as one."""
    if not form.sought:
        return
    words = form.text.split()
    if len(words) > 1:
        together = "".join(words)
        if len(together) <= _LONGEST_TOGETHER and (form.case in {"", "nomn"}):
            yield Form(together, f"{quoted(form.text)} written together", single_word=False)
        return
    for cut in _cuts(form.text, listed):
        head, tail = form.text[:cut], form.text[cut:]
        apart = f"{head}-{tail}" if is_cyrillic(form.text) else f"{head} {tail}"  # all the same to the matcher
        yield Form(apart, f"{quoted(form.text)} written apart", case=form.case, capital=capital_of(apart))


def _cuts(text: str, listed: list[str]) -> set[int]:
    lower = text.lower()
    heads = {len(other) for other in listed if lower.startswith(other.lower())}
    heads |= {match.start() for tail in _TAILS for match in re.finditer(tail, lower)}
    heads |= {match.start() for match in re.finditer(r"(?<=[a-zа-яёіїєґ])[A-ZА-ЯЁІЇЄҐ]", text)}
    return {cut for cut in heads if min(cut, len(text) - cut) >= _WHOLE}
