"""What the desk reads: the subject and the plain text of an alert, and the parts that other forms are made of.

Made to be read in five seconds: the subject and the first line say which entity, what kind of news, the headline and
the source. What is new stands next, the rest below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.alerts.marks import Span, mark
from worker.alerts.safe import clean, host, link
from worker.alerts.view import AlertKind, AlertView, Named, Passage

HEADLINE_MOST = 150
RULE_MOST = 120
SENTENCE_MOST = 600
SENTENCES_MOST = 1400
ITEMS_MOST = 20
PASSAGES_MOST = 12  # sources
NAMES_MOST = 6
SUBJECT_NAMES_MOST = 2
CARRIERS_MOST = 8
ASIDE_CARRIERS_MOST = 30
SO_FAR_MOST = 6
DIGEST_NAMES_MOST = 4
LINE_SENTENCE_MOST = 200
QUOTES = tuple("“”„«»‹›‘’\"'「『")
LINES_TITLE = "And since then"
PASSAGES_TITLE = "Fuller copies of earlier reports add"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that says where it leads: ``host`` is the address's own."""

    label: str
    url: str
    host: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One alert within another message, as it is shown; ``below``: it belongs to the story of the line before."""

    title: str
    link: Link | None
    source: str
    when: str
    sentence: str
    below: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as every channel shows it: cleaned, shortened, in order. Each channel only adds its own escaping.

    ``more_sentences``, ``more_passages`` (sentences too) and ``more_carriers`` count what was left out. ``link`` is
    None where the article's address cannot be shown.
    """

    kind: AlertKind
    who: str
    headline: str
    source: str
    link: Link | None
    when: str
    sentences_title: str
    sentences: tuple[tuple[Span, ...], ...]
    more_sentences: int
    named: tuple[tuple[str, str], ...]
    passages: tuple[tuple[str, tuple[str, ...]], ...]
    more_passages: int
    carriers: tuple[Link, ...]
    more_carriers: int
    so_far: tuple[tuple[str, str], ...]
    lines: tuple[ShownLine, ...]
    reason: str
    paragraphs: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Which entity, what kind of news, the headline, the source."""
        told = "; ".join(filter(None, (self.source, self.since)))
        return f"{self.who} [{self.kind}] {self.headline}" + (f" ({told})" if told else "")

    @property
    def since(self) -> str:
        """How many later alerts of the story go out within this one; empty where there is none."""
        count = 0 if self.kind is AlertKind.DIGEST else len(self.lines)
        return f"{count} update{'s' * (count != 1)} since" if count else ""


def show(view: AlertView) -> Shown:
    """Clean and shorten everything that an alert shows. Never refuses: what is too long is cut and counted."""
    sentences, more = shorten([text for text in map(clean, view.sentences) if text], SENTENCES_MOST)
    forms = tuple({clean(form) for named in view.entities for form in (named.entity, *named.forms)})
    passages, more_passages = _passages(view.passages)
    carriers_most = ASIDE_CARRIERS_MOST if view.kind is AlertKind.ASIDE else CARRIERS_MOST
    return Shown(
        kind=view.kind,
        who=_who(view),
        headline=_digest_headline(view)
        if view.kind is AlertKind.DIGEST
        else cut(clean(view.headline), HEADLINE_MOST) or host(view.url) or "(without a headline)",
        source=cut(clean(view.source), 80) or host(view.url),
        link=_link("Open the article", view.url),
        when=moment(view.published or view.at),
        sentences_title="What is new" if view.kind is AlertKind.UPDATE else "How it begins",
        sentences=tuple(mark(sentence, forms, view.known_figures) for sentence in sentences),
        more_sentences=more,
        named=_quotes(view.entities),
        passages=passages,
        more_passages=more_passages,
        carriers=tuple(
            _link(cut(clean(one.source), 80), one.url) or Link(cut(clean(one.source), 80), "", "")
            for one in view.carriers[:carriers_most]
        ),
        more_carriers=max(0, len(view.carriers) - carriers_most),
        so_far=tuple(
            (moment(told.at), cut(clean(told.headline), HEADLINE_MOST)) for told in view.so_far[-SO_FAR_MOST:]
        ),
        lines=_lines(view),
        reason=cut(clean(view.reason), SENTENCE_MOST),
        paragraphs=()
        if view.kind is AlertKind.DIGEST
        else tuple(shorten(list(filter(None, map(clean, view.body.splitlines()))), SENTENCES_MOST)[0]),
    )


def _lines(view: AlertView) -> tuple[ShownLine, ...]:
    shown = []
    before: int | None = view.story
    for line in view.lines:
        names = ", ".join(cut(clean(name), 40) for name in line.entities[:SUBJECT_NAMES_MOST])
        headline = cut(clean(line.headline), HEADLINE_MOST) or host(line.url) or "(without a headline)"
        below = before is not None and line.story == before
        new = [text for text in map(clean, line.sentences) if text] if line.kind is AlertKind.UPDATE else []
        shown.append(
            ShownLine(
                title=f"{names} [{line.kind}] {headline}" if names else f"[{line.kind}] {headline}",
                link=_link("", line.url),
                source=cut(clean(line.source), 80) or host(line.url),
                when=moment(line.at) + (f" · story {line.story}" if line.story is not None and not below else ""),
                sentence=cut(new[0], LINE_SENTENCE_MOST) if new else "",
                below=below,
            )
        )
        before = line.story
    return tuple(shown)


def _digest_headline(view: AlertView) -> str:
    """How many alerts a digest holds, and of which entities most of them are."""
    count, stories = len(view.lines), len({line.story for line in view.lines})
    named = Counter(name for line in view.lines for name in line.entities)
    names = ", ".join(cut(clean(name), 40) for name, _ in named.most_common(DIGEST_NAMES_MOST))
    more_names = f" +{len(named) - DIGEST_NAMES_MOST}" if len(named) > DIGEST_NAMES_MOST else ""
    said = f"{count} alert{'s' * (count != 1)} on {stories} stor{'y' if stories == 1 else 'ies'}"
    part = f", {clean(view.headline)}" if view.headline else ""
    return f"{said}{part}" + (f": {names}{more_names}" if names else "")


def _who(view: AlertView) -> str:
    names = [cut(clean(named.entity), 40) for named in view.entities]
    if not names:
        return "wirewatch"
    others = len(names) - SUBJECT_NAMES_MOST
    return ", ".join(names[:SUBJECT_NAMES_MOST]) + (f" +{others}" if others > 0 else "")


def _link(label: str, url: str) -> Link | None:
    safe = link(url)
    return Link(label or host(url), safe, host(url)) if safe else None


def _quotes(entities: Sequence[Named]) -> tuple[tuple[str, str], ...]:
    """The sentence that names each entity; the names that share one sentence share the line."""
    together: dict[str, list[str]] = {}
    for named in entities[:NAMES_MOST]:
        together.setdefault(cut(clean(named.sentence), SENTENCE_MOST), []).append(_explained(named))
    return tuple((", ".join(names), sentence) for sentence, names in together.items())


def _explained(named: Named) -> str:
    """An entity with the form that stands for it, the rule by which that counts, and whether it is there in passing."""
    name, form = cut(clean(named.entity), 80), cut(clean(named.form), 80)
    said = f" as {quote(form)}" if form and form != name else ""
    why = ["in passing"] if named.passing else []
    why += [cut(clean(named.rule), RULE_MOST)] if named.rule else []
    return f"{name}{said}" + (f" ({'; '.join(why)})" if why else "")


def _passages(passages: Sequence[Passage]) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], int]:
    """The passages by source, as many whole sentences as fit; and how many sentences do not."""
    shown: list[tuple[str, tuple[str, ...]]] = []
    left, room = 0, SENTENCES_MOST
    for passage in passages:
        sentences = [text for text in map(clean, passage.sentences) if text]
        fits = room > 0 and len(shown) < PASSAGES_MOST
        kept, over = shorten(sentences, room) if fits else ([], len(sentences))
        room -= sum(map(len, kept))
        left += over
        if kept:
            shown.append((cut(clean(passage.source), 80), tuple(kept)))
    return tuple(shown), left


def moment(at: datetime) -> str:
    """A time as the desk reads it."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def cut(text: str, most: int) -> str:
    """Shorten ``text`` to ``most`` characters at the end of a word."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at = len(head) if text[most - 1] == " " else head.rfind(" ")
    return (head[:at] if at > most // 2 else head).rstrip(" ,;:–—-") + "…"


def shorten(sentences: Sequence[str], most: int) -> tuple[list[str], int]:
    """Keep whole sentences while they fit into ``most`` characters, the first in any case; count those left out.

    ``ITEMS_MOST`` of them at most: a text of tiny sentences is no list that anybody reads.
    """
    kept: list[str] = []
    room = most
    for sentence in sentences:
        short = cut(sentence, SENTENCE_MOST)
        if kept and (len(short) > room or len(kept) == ITEMS_MOST):
            break
        kept.append(short)
        room -= len(short)
    return kept, len(sentences) - len(kept)


def text(view: AlertView) -> str:
    """The alert as plain text, as mail's text part and the console show it."""
    shown = show(view)
    parts = [[shown.subject, *([shown.link.url] if shown.link else [])]]
    if shown.paragraphs:
        parts.append(list(shown.paragraphs))
    if shown.sentences:
        lines = ["- " + "".join(span.text for span in spans) for spans in shown.sentences]
        parts.append([f"{shown.sentences_title}:", *lines, *_and_more(shown.more_sentences, "sentence")])
    if shown.named:
        parts.append(["Named:", *(f"- {names}: {quote(sentence)}" for names, sentence in shown.named)])
    if shown.lines:
        told = [] if view.kind is AlertKind.DIGEST else [f"{LINES_TITLE}:"]
        parts.append([*told, *(text for line in shown.lines for text in _told(line))])
    if shown.passages:
        lines = [f"- {source}: {' '.join(sentences)}" for source, sentences in shown.passages]
        parts.append([f"{PASSAGES_TITLE}:", *lines, *_and_more(shown.more_passages, "sentence")])
    if shown.carriers:
        lines = [f"- {one.label}  {one.url}".rstrip() for one in shown.carriers]
        parts.append(["Also carried by:", *lines, *_and_more(shown.more_carriers, "source")])
    if shown.so_far:
        parts.append(["The story so far:", *(f"- {when}: {headline}" for when, headline in shown.so_far)])
    parts.append(list(footer(view, shown)))
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def quote(sentence: str) -> str:
    """A sentence in quotation marks, unless it begins with some of its own."""
    return sentence if sentence[:1] in QUOTES else f"“{sentence}”"


def _told(line: ShownLine) -> list[str]:
    """A line of a digest as plain text."""
    indent = "  " if line.below else ""
    texts = [f"{indent}- {line.title} ({line.source}, {line.when})"]
    texts += [f"{indent}  {line.link.url}"] if line.link else []
    return texts + ([f"{indent}  {line.sentence}"] if line.sentence else [])


def _and_more(count: int, noun: str) -> list[str]:
    return [f"  … and {more(count, noun)}"] if count else []


def more(count: int, noun: str) -> str:
    """Say how many were left out."""
    return f"{count} more {noun}{'' if count == 1 else 's'}"


def footer(view: AlertView, shown: Shown) -> tuple[str, ...]:
    """Why this was sent, when, and where to ask further."""
    if view.kind is AlertKind.DIGEST:
        ask = "Why one of them was sent: wirewatch why ADDRESS · Mute one: wirewatch mute STORY --for 8h"
        return tuple(filter(None, (ask, clean(view.body))))
    lines = [f"Why: {shown.reason}"] if shown.reason else []
    lines.append(("Published " if view.published else "Sent ") + shown.when)
    if view.story is not None:
        lines[-1] += f" · Story {view.story}"
        lines.append(f"All of it: wirewatch story {view.story} · Mute it: wirewatch mute {view.story} --for 8h")
    return tuple(lines)
