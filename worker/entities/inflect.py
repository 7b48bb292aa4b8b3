"""Cases of names in Russian and Ukrainian: surnames, given names, and the nouns that agencies and companies are.

The dictionary is pymorphy3's (OpenCorpora for Russian, VESUM for Ukrainian). A word that it does not know is declined
by its ending, after the grammars' classes, because a guess by likeness takes «Костарев» for a verb. What does not
decline is given back alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pymorphy3  # type: ignore[import-untyped]

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
CASE_NAMES = dict(
    zip(CASES, ("nominative", "genitive", "dative", "accusative", "instrumental", "prepositional"), strict=True)
)
UNUSUAL = {"V-ej", "V-be", "V-oy", "V-ey", "Infr", "Slng", "Arch", "Erro", "Dist"}  # poetic, colloquial, misspelt
_VOWEL_ENDING = "аеёиоуыэюяіїє"


@dataclass(frozen=True, slots=True)
class Case:
    """One case form: its text, its case (one of ``CASES``), and whether it is a plural."""

    text: str
    case: str
    plural: bool = False

    @property
    def words(self) -> str:
        """Name the case in words."""
        return CASE_NAMES[self.case] + (" plural" if self.plural else "")


# Endings by class: (what the nominative loses, the endings of the six cases), for Russian and for Ukrainian; several
# endings for one case are separated by a slash. Plural classes apply to surnames only.
_RU = {
    "ov": ("", "|а|у|а|ым|е"),
    "hard": ("", "|а|у|а|ом|е"),
    "hush": ("", "|а|у|а|ем|е"),
    "soft": ("ь", "ь|я|ю|я|ем|е"),
    "j": ("й", "й|я|ю|я|ем|е"),
    "a": ("а", "а|ы|е|у|ой|е"),
    "ka": ("а", "а|и|е|у|ой|е"),
    "sha": ("а", "а|и|е|у|ей|е"),
    "tsa": ("а", "а|ы|е|у|ей|е"),
    "ja": ("я", "я|и|е|ю|ей|е"),
    "ija": ("я", "я|и|и|ю|ей|и"),
    "ova": ("а", "а|ой|ой|у|ой|ой"),
    "adj": ("ый", "ый|ого|ому|ого|ым|ом"),
    "adjk": ("ий", "ий|ого|ому|ого|им|ом"),
    "adjh": ("ий", "ий|его|ему|его|им|ем"),
    "adjo": ("ой", "ой|ого|ому|ого|ым|ом"),
    "adja": ("ая", "ая|ой|ой|ую|ой|ой"),
    "many hard": ("", "ы|ов|ам|ы|ами|ах"),
    "many a": ("а", "ы||ам|ы|ами|ах"),
    "plural": ("", "ы|ых|ым|ых|ыми|ых"),
    "plural adj": ("", "ие|их|им|их|ими|их"),
}
_UK = {
    "ov": ("", "|а|у|а|им|у/і"),
    "hard": ("", "|а|у/ові|а|ом|ові/і"),
    "hush": ("", "|а|у/еві|а|ем|еві/і"),
    "soft": ("ь", "ь|я|ю/еві|я|ем|еві/і"),
    "j": ("й", "й|я|ю/єві|я|єм|єві/ї"),
    "ko": ("о", "о|а|у/ові|а|ом|ові/у"),
    "a": ("а", "а|и|і|у|ою|і"),
    "ka": ("а", "а|и|і|у|ою|і"),
    "sha": ("а", "а|і|і|у|ею|і"),
    "tsa": ("а", "а|і|і|у|ею|і"),
    "ja": ("я", "я|і|і|ю|ею|і"),
    "ija": ("я", "я|ї|ї|ю|єю|ї"),
    "ova": ("а", "а|ої|ій|у|ою|ій"),
    "adj": ("ий", "ий|ого|ому|ого|им|ому/ім"),
    "adja": ("а", "а|ої|ій|у|ою|ій"),
    "many hard": ("", "и|ів|ам|и|ами|ах"),
    "many a": ("а", "и||ам|и|ами|ах"),
    "plural": ("", "и|их|им|их|ими|их"),
    "plural adj": ("", "і|их|им|их|ими|их"),
}


@lru_cache(maxsize=2)
def analyzer(language: str) -> Any:  # noqa: ANN401  the library carries no types
    """Give pymorphy3's analyzer of a language, ``ru`` or ``uk``; loaded once."""
    return pymorphy3.MorphAnalyzer(lang=language)


def gender(given: str, language: str) -> str:
    """Tell from a given name whether its bearer is ``masc`` or ``femn``."""
    for parse in analyzer(language).parse(given):
        if parse.is_known and {"Name", "nomn"} <= parse.tag.grammemes and parse.tag.gender in {"masc", "femn"}:
            return str(parse.tag.gender)
    return "femn" if given[-1:] in "ая" else "masc"


def is_given_name(word: str, language: str) -> bool:
    """Whether a word, in any case, is a given name of the dictionary."""
    if not analyzer(language).word_is_known(word):
        return False
    return any("Name" in parse.tag.grammemes and parse.is_known for parse in analyzer(language).parse(word))


def cases_of_given_name(word: str, language: str) -> frozenset[tuple[str, str]]:
    """Give the cases and genders in which a word is a given name of the dictionary."""
    parses = [
        p
        for p in analyzer(language).parse(word)
        if p.is_known and "Name" in p.tag.grammemes and "plur" not in p.tag.grammemes
    ]
    return frozenset((str(p.tag.case), str(p.tag.gender)) for p in parses)


def knows(word: str, language: str, *, names: bool) -> bool:
    """Whether the dictionary of a language holds a word; with ``names`` as a given name or a surname."""
    if not analyzer(language).word_is_known(word):
        return False
    return not names or any(
        parse.is_known and {"Name", "Surn"} & set(parse.tag.grammemes) for parse in analyzer(language).parse(word)
    )


def is_known(word: str) -> bool:
    """Whether the dictionary of either language holds a word."""
    return any(analyzer(language).word_is_known(word) for language in ("ru", "uk"))


def is_ordinary(word: str, language: str) -> bool:
    """Whether a word of the dictionary is, in some form, this word without being a name."""
    names = {"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"}
    if not analyzer(language).word_is_known(word):
        return False
    return any(parse.is_known and not names & parse.tag.grammemes for parse in analyzer(language).parse(word))


@lru_cache(maxsize=8192)
def given_name(word: str, language: str, sex: str) -> tuple[Case, ...]:
    """Decline a given name, in the singular."""
    for parse in analyzer(language).parse(word):
        if parse.is_known and "Name" in parse.tag.grammemes and parse.tag.case == "nomn" and parse.tag.gender == sex:
            return _lexeme(parse, sex) or (Case(word, "nomn"),)
    kind = _noun_class(word, sex)
    return _by_class(word, "hard" if not kind and sex == "masc" and word.endswith("х") else kind, language)


@lru_cache(maxsize=8192)
def surname(word: str, language: str, sex: str) -> tuple[Case, ...]:
    """Decline a surname in the singular of its bearer's gender, and in the plural where it has one."""
    lower = word.lower()
    kind, plural = _surname_class(lower, language, sex)
    if kind in {"hard", "soft", "hush", "a", "ja", "ka", "sha", "tsa"}:
        for parse in analyzer(language).parse(word):
            if (
                parse.is_known
                and "Surn" in parse.tag.grammemes
                and parse.tag.case == "nomn"
                and parse.tag.gender == sex
                and "Fixd" not in parse.tag.grammemes
            ):
                return _lexeme(parse, sex, capital=True) or (Case(word, "nomn"),)
    singular = _by_class(word, kind, language)
    if kind in {"hard", "hush", "soft"} and sex == "masc":
        singular += tuple(case for case in _as_noun(word, language) if case not in singular)
    if not plural:
        return singular
    stem = re.sub("(?:ый|ий|ой|ая)$", "", word) if plural == "plural adj" else re.sub("а$", "", word)
    if language == "uk" and plural == "plural adj":
        stem = re.sub("(?:ий|а)$", "", word)
    return singular + tuple(Case(form.text, form.case, plural=True) for form in _by_class(stem, plural, language))


def _as_noun(word: str, language: str) -> tuple[Case, ...]:
    """Decline a man's surname as the noun that it is (Заяц, Зайца), or with the vowel lost in its last syllable."""
    for parse in analyzer(language).parse(word):
        tag = parse.tag
        if parse.is_known and {"NOUN", "masc"} <= tag.grammemes and tag.case == "nomn" and "Fixd" not in tag.grammemes:
            forms = _lexeme(parse, "masc")
            genitive = [Case(form.text, "accs") for form in forms if form.case == "gent"]
            return (*(form for form in forms if form.case != "accs"), *genitive)
    if language == "ru" and re.search("[^аеёиоуыэюя](?:ец|ок)$", word):
        return _by_class(word[:-2] + word[-1], "hush" if word[-1] == "ц" else "hard", language)[1:]
    return ()


@lru_cache(maxsize=8192)
def noun(word: str, language: str, *, plural: bool = False) -> tuple[Case, ...]:
    """Decline the name of an agency, a company or a matter; capitals alone (ФСБ) and foreign vowels do not decline."""
    if word.isupper() and len(word) > 1:
        return _abbreviation(word, language)
    if len(word) < 3:  # noqa: PLR2004
        return (Case(word, "nomn"),)
    known = [
        p for p in analyzer(language).parse(word) if p.is_known and p.tag.case == "nomn" and "NOUN" in p.tag.grammemes
    ]
    if known and not (word[0].isupper() and "plur" in known[0].tag.grammemes and _is_feminine_in_ukrainian(word)):
        if "Fixd" in known[0].tag.grammemes:
            return (Case(word, "nomn"),)
        many = "plur" in known[0].tag.grammemes
        forms = _lexeme(known[0], str(known[0].tag.gender), capital=word[0].isupper(), plural=plural or many)
        if many and not plural:
            forms = tuple(form for form in forms if form.plural)
        return forms or (Case(word, "nomn"),)
    kind = _noun_class(word.lower(), "")
    if word.endswith("ь"):  # its gender cannot be seen: the likeliest noun
        likely = [p for p in analyzer(language).parse(word) if p.tag.POS == "NOUN" and p.tag.case == "nomn"]
        forms = _lexeme(likely[0], str(likely[0].tag.gender), plural=plural) if likely else ()
        return forms or (Case(word, "nomn"),)
    forms = _by_class(word, kind, language)
    if kind in {"hard", "hush", "soft", "j"}:  # a thing: its accusative is its nominative
        forms = tuple(Case(word, "accs") if form.case == "accs" else form for form in forms)
    if language == "uk" and kind == "hard":
        forms = tuple(_thing_in_ukrainian(form, word) for form in forms)
    plurals = (
        _by_class(word, f"many {kind}", language) if plural and kind in {"hard", "a"} and word[-1] not in "гкх" else ()
    )
    return forms + tuple(Case(form.text, form.case, plural=True) for form in plurals)


def _is_feminine_in_ukrainian(word: str) -> bool:
    """Whether VESUM knows a name as a feminine noun: «Тесла», in which OpenCorpora sees the plural of «тесло»."""
    return any(p.is_known and {"NOUN", "femn", "nomn"} <= p.tag.grammemes for p in analyzer("uk").parse(word))


_HARDLY_A_WORD = 5  # letters: a longer name in capitals is a word, and declines whatever its letters are


def _abbreviation(word: str, language: str) -> tuple[Case, ...]:
    """Decline what is written in capitals: «МИДа», «РУСАЛа»; with small endings, and as a word where it is long.

    Only what is read as a word and ends in a consonant declines; vowels and letters read by name (ФСБ) do not.
    """
    lower = word.lower()
    found = [Case(word, "nomn")]
    syllables = re.findall("[аеєиіїоуыэюяё]", lower)
    long = len(word) >= _HARDLY_A_WORD
    if not syllables or not re.search("[бвгґджзклмнпрстфхцчшщ]$", lower) or (len(syllables) != 1 and not long):
        return tuple(found)
    if not long and not re.fullmatch("[бвгґджзклмнпрстфхцчшщ]{1,2}[аеєиіїоуюя][бвгґджзклмнпрстфхцчшщ]{1,2}", lower):
        return tuple(found)
    genitive = "у" if language == "uk" else "а"
    for case, ending in zip(CASES[1:], (genitive, "у", "", "ом", "і" if language == "uk" else "е"), strict=True):
        if ending:
            found.append(Case(word + ending, case))
            if long:
                found += [Case(word + ending.upper(), case), Case((lower + ending).capitalize(), case)]
    return (*found, Case(lower.capitalize(), "nomn")) if long else tuple(found)


def _lexeme(parse: Any, sex: str, *, capital: bool = True, plural: bool = False) -> tuple[Case, ...]:  # noqa: ANN401
    found: dict[tuple[str, str, bool], Case] = {}
    for form in parse.lexeme:
        many = "plur" in form.tag.grammemes
        if form.tag.case not in CASES or (UNUSUAL | {"Fixd"}) & form.tag.grammemes or (many and not plural):
            continue
        if not many and form.tag.gender not in {sex, None, "ms-f"}:
            continue
        text = form.word.capitalize() if capital else form.word
        case = str(form.tag.case)  # a plain text, not the library's own kind
        found.setdefault((text, case, many), Case(text, case, many))
    return tuple(found.values())


def _by_class(word: str, kind: str, language: str) -> tuple[Case, ...]:
    if not kind:
        return (Case(word, "nomn"),)
    lost, endings = (_RU if language == "ru" else _UK)[kind]
    stem = word.removesuffix(lost)
    return tuple(
        Case(stem + ending, case, kind.startswith("plural"))
        for case, options in zip(CASES, endings.split("|"), strict=True)
        for ending in options.split("/")
    )


def _surname_class(word: str, language: str, sex: str) -> tuple[str, str]:
    """Give the class of a surname and the class of its plural, each empty where it does not decline."""
    ov = "ов|ев|ёв|ин|ын|єв|їв|ін|їн"
    kinds = (
        [(f"(?:{ov})$", "ov", "plural"), ("[цс]?ьк?[кгх]ий$|[кгх]ий$", "adjk", "plural adj"),
         ("[жшчщн]ий$", "adjh", ""), ("ый$", "adj", ""), ("[^аеиоу]ой$", "adjo", "")]
        if language == "ru"
        else [(f"(?:{ov})$", "ov", "plural"), ("ий$", "adj", "plural adj" if word.endswith("ький") else ""),
              ("ко$", "ko", "")]
    )  # fmt: skip
    if sex == "femn":
        kinds = [
            (f"(?:{ov})а$", "ova", "plural"),
            ("ая$" if language == "ru" else "ь[кн]а$", "adja", "plural adj" if re.search("[кгх]а", word) else ""),
        ]
    for pattern, kind, plural in kinds:
        if re.search(pattern, word):
            return kind, plural
    return _noun_class(word, sex), ""


def _noun_class(word: str, sex: str) -> str:
    word = word.lower()
    last, before = word[-1:], word[-2:-1]
    if last == "а":
        softer = {"г": "ka", "к": "ka", "х": "ka", "ж": "sha", "ш": "sha", "щ": "sha", "ч": "sha", "ц": "tsa"}
        return "" if before in _VOWEL_ENDING else softer.get(before, "a")
    if last == "я":
        return "ija" if before in "иії" else "ja"
    if last in _VOWEL_ENDING or re.search("[иы]х$", word) or sex == "femn" or not last.isalpha():
        return ""
    if last == "ь":
        return "soft" if sex == "masc" else ""
    if last == "й":
        return "" if word.endswith(("ий", "ый")) and not sex else "j"
    return "hush" if last in "жшщчц" else "hard"


def _thing_in_ukrainian(form: Case, word: str) -> Case:
    """Things and institutions take -у in the genitive of Ukrainian, and after г, к, х in the locative too."""
    if form.case == "gent":
        return Case(word + "у", "gent")
    if form.case == "loct" and word[-1] in "гкх":
        return Case(word + "у", "loct")
    return form
