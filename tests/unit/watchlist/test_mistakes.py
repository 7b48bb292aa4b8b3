"""What a person gets told, and where, for each mistake that can be made in a watchlist."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import pytest

from worker.watchlist import Problem, WatchlistError, parse

ENVIRON = {"SECRET": "hunter2-swordfish", "EMPTY": "", "BROKEN": "two\nlines\x00"}
OPML = {
    "good.opml": b"<opml><body><outline text='A'><outline xmlUrl='https://a.example/rss'/></outline></body></opml>",
    "bomb.opml": b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]><opml/>',
    "page.opml": b"<html></html>",
    "torn.opml": b"<opml>\n<body>",
    "ftp.opml": b"<opml><body>\n<outline xmlUrl='ftp://me:hunter2-swordfish@a.example/'/></body></opml>",
}


def read_opml(name: str) -> bytes:
    try:
        return OPML[name]
    except KeyError:
        raise FileNotFoundError(2, "No such file or directory") from None


def problems(text: str, environ: Mapping[str, str] = ENVIRON) -> tuple[Problem, ...]:
    with pytest.raises(WatchlistError) as caught:
        parse(textwrap.dedent(text), "w.yaml", environ, read_opml)
    assert ENVIRON["SECRET"] not in str(caught.value)
    return caught.value.problems


# The text, then: line, column, what the message says, what the hint says.
MISTAKES = {
    # YAML itself
    "empty": ("", 1, 1, "the file is empty", "feeds:"),
    "only comments": ("# nothing\n", 1, 1, "comments only", "feeds:"),
    "a list": ("- a\n", 1, 1, "must be keys and values", "feeds:"),
    "a tab": ("feeds:\n\t- url: https://a.example/\n", 2, 1, "a tab in the indentation", "spaces"),
    "a tab after a space": ("defaults:\n  every: 5m\n \tsince: 2h\n", 3, 2, "a tab in the indentation", "spaces"),
    "an open quote": ("feeds:\n  - url: 'https://a\n", 2, 10, "a quote that is opened and never closed", "close it"),
    "an open bracket": ("feeds: [\n", 2, 1, "never closed", "close it"),
    "a colon in a value": ("entities:\n  - name: Foo: bar\n", 2, 14, "a `:` where no key can stand", "quotes"),
    "a wrong indent": ("defaults:\n  every: 5m\n since: 2h\n", 3, 2, "does not fit", "the same column"),
    "no item": ("feeds:\n  - url: https://a.example/\n   name: a\n", 3, 4, "no item of it", "indent the line"),
    "a list that breaks off": ("feeds:\n- url: https://a.example/\nx\n", 4, 1, "without its `:`", "key: value"),
    "a variable in braces": ("channels: {c: {type: slack, webhook: ${SECRET}}}\n", 1, 39, "a variable", "${NAME}"),
    "a star in front": ("entities:\n  - {name: Bo, near: [*крипто]}\n", 2, 23, "`*` cannot begin", "quotes"),
    "a line too far right": ("entities:\n- name: Bo\n  near:\n  - a\n    - b\n", 4, 5, "goes on in the next", "indent"),
    "no space": ("entities:\n  -name: Bo\n", 1, 1, "`entities` takes a list", "`-` and a space"),
    "an at sign": ("entities:\n  - name: @binance\n", 2, 11, "`@` cannot begin a value", "quotes"),
    "an alias": ("entities:\n  - {name: Bo, near: [*Rosfin]}\n", 2, 23, "a YAML alias", "end of a word"),
    "an anchor": ("entities:\n  - &x {name: Bo}\n", 2, 5, "`&x` is a YAML anchor", "quotes"),
    "a tag": ("entities:\n  - {name: !!str Bo}\n", 2, 12, "a YAML tag", "quotes"),
    "two documents": ("feeds: []\n---\nfeeds: []\n", 2, 1, "a second YAML document", "---"),
    "a key twice": ("feeds: []\nentities: []\nfeeds: []\n", 3, 1, "`feeds` stands twice: first in line 1", "keep one"),
    "a list as a key": ("feeds: []\n? [a]\n: b\n", 2, 3, "a key must be a plain word", "quotes"),
    "too deep": ("a: " + "[" * 50, 1, 15, "nested deeper", ""),
    "a control character": ("feeds: []\nfoo\x07: 1\n", 2, 4, "no text file should hold (code 0x7)", "UTF-8"),
    "an escape": ('entities:\n  - {name: "a\\0b"}\n', 2, 12, "a control character", "take it out"),
    "a bad escape": ('entities:\n  - {name: "a\\qb"}\n', 2, 14, "a backslash in double quotes", "single quotes"),
    # keys
    "an unknown section": ("entites:\n", 1, 1, "unknown key `entites`", "did you mean `entities`?"),
    "an unknown key": ("entities:\n  - name: Bo\n    notfy: [screen]\n", 3, 5, "unknown key `notfy`", "`notify`"),
    "a synonym": ("defaults:\n  interval: 5m\n", 2, 3, "unknown key `interval`", "did you mean `every`?"),
    "a far key": ("defaults:\n  xyzzy: 5m\n", 2, 3, "unknown key `xyzzy`", "every, notify, host_gap, since"),
    "a channel's key": ("channels:\n  c: {type: console, colour: red}\n", 2, 22, "unknown key `colour`", "it can be"),
    "an opml item's key": ("feeds:\n  - {opml: good.opml, name: x}\n", 2, 23, "unknown key `name`", "opml"),
    "no url": ("feeds:\n  - name: A\n", 2, 5, "this item of `feeds` has no `url`", "write `url: …`"),
    "a url without a value": ("feeds:\n  - name: A\n    url:\n", 3, 5, "`url` has no value", "write"),
    "feeds as plain text": ("feeds:\n  - https://a.example/\n", 2, 5, "takes keys below it", "- url: https://…"),
    "entities as a mapping": ("entities:\n  Binance: {kind: company}\n", 1, 1, "takes a list", "one item a line"),
    "a mapping for a text": ("feeds:\n  - url: {name}\n", 2, 5, "`url` takes one text", "quotes"),
    "nothing in a list": ("entities:\n  - name: Bo\n    aliases: [a,,]\n", 3, 17, "bracket or comma", ""),
    # values
    "a loose duration": ("defaults: {every: 5 min}\n", 1, 19, "'5 min' is not a duration", "write 5m"),
    "two units": ("defaults: {every: 1h30m}\n", 1, 19, "is not a duration", "write 90m"),
    "no unit": ("retention: 90\n", 1, 12, "'90' is not a duration", "90d"),
    "sexagesimal": ("defaults: {every: 1:30}\n", 1, 19, "'1:30' is not a duration", "5m"),
    "russian minutes": ("defaults: {every: 5 минут}\n", 1, 19, "is not a duration", "write 5m"),
    "zero": ("defaults: {every: 0s}\n", 1, 19, "is too short", "the least is 1s"),
    "negative": ("defaults: {since: -5m}\n", 1, 19, "is not a duration", "cannot be negative"),
    "huge": ("defaults: {every: 999999999d}\n", 1, 19, "is too long", "the most is 30d"),
    "a long gap": ("defaults: {host_gap: 2h}\n", 1, 22, "is too long", "the most is 1h"),
    "a kind": ("entities:\n  - name: Bo\n    kind: compny\n", 3, 11, "'compny' is not one of the kinds", "`company`"),
    "a far kind": ("entities:\n  - {name: Bo, kind: zzz}\n", 2, 22, "'zzz'", "company, person, agency, topic"),
    "an empty name": ("entities:\n  - name: '  '\n", 2, 11, "is empty", "write the name"),
    "a star first": ("entities:\n  - {name: Bo, near: ['*coin']}\n", 2, 23, "begins a word with `*`", "crypto*"),
    "a list without brackets": ("entities:\n  - name: Bo\n    aliases: a, b\n", 3, 14, "a comma in it", "[one, two]"),
    "ftp": ("feeds:\n  - url: ftp://a.example/\n", 2, 10, "not an address of http or https", "https://"),
    "no host": ("feeds:\n  - url: https:///feed\n", 2, 10, "without a host", "https://"),
    "a port": ("feeds:\n  - url: https://a.example:99999/\n", 2, 10, "is not an address", "https://"),
    "a password": ("feeds:\n  - url: https://me:hunter2-swordfish@a.example/\n", 2, 10, "holds a user name", "logs"),
    "a space": ("feeds:\n  - url: https://a.example/a b\n", 2, 10, "has a space in it", "%20"),
    "a placeholder": ("feeds:\n  - url: https://a.example/?q={nmae}\n", 2, 10, "placeholder", "{name}"),
    "a placeholder in the host": ("feeds:\n  - url: https://{name}.example/\n", 2, 10, "{name} in its host", "path"),
    "a name for none": ("feeds:\n  - {url: https://a.example/, name: 'A {name}'}\n", 2, 37, "has {name}", "url"),
    # channels
    "no type": ("channels:\n  c: {webhook: x}\n", 2, 3, "`c` has no `type`", "slack, email, console, apprise"),
    "a type": ("channels:\n  c: {type: slak}\n", 2, 13, "'slak' is no kind of channel", "did you mean `slack`?"),
    "half a slack": ("channels:\n  c: {type: slack, token: x}\n", 2, 3, "`token` and no `channel`", "channel: C"),
    "the other half": ("channels:\n  c: {type: slack, channel: C1}\n", 2, 29, "`channel` and no `token`", "token"),
    "no slack": ("channels:\n  c: {type: slack}\n", 2, 3, "`c` has no way to send", "webhook"),
    "a slack twice": (
        "channels:\n  c: {type: slack, webhook: 'https://a.example/', token: x}\n", 2, 3, "both ways", "keep",
    ),
    "a webhook": ("channels:\n  c: {type: slack, webhook: hunter2-swordfish}\n", 2, 29, "`webhook` is not an", "https"),
    "smtp": ("channels:\n  c: {type: email, smtp: mail.example, from: a@b, to: c@d}\n", 2, 26, "`smtp`", "smtp://"),
    "smtp's password": (
        "channels:\n  c: {type: email, smtp: 'smtp://u:hunter2-swordfish#@h', from: a@b, to: c@d}\n",
        2, 26, "`smtp`", "smtp://user:password@host:587",
    ),
    "mail": (
        "channels:\n  c: {type: email, smtp: 'smtp://h', from: a@b, to: [c@d, desk]}\n",
        2, 59, "'desk' is not a mail address", "desk@example.org",
    ),
    "a mailbox in other letters": (
        "channels:\n  c: {type: email, smtp: 'smtp://h', from: a@b, to: [бюро@бюро.рф]}\n",
        2, 54, "'бюро@бюро.рф' has letters before the @ that are not ASCII", "the mailbox's ASCII address",
    ),
    "a domain that cannot be": (
        "channels:\n  c: {type: email, smtp: 'smtp://h', from: a@b, to: [desk@-бюро.рф]}\n",
        2, 54, "'desk@-бюро.рф' is not a mail address", "desk@example.org",
    ),
    "no recipient": ("channels:\n  c: {type: email, smtp: 'smtp://h', from: a@b, to: []}\n", 2, 49, "empty list", ""),
    "a channel's name": ("channels:\n  my desk: {type: console}\n", 2, 3, "cannot name a channel", "no spaces"),
    "an unknown channel": (
        "channels:\n  desk: {type: console}\ndefaults:\n  notify: [desk, dsek]\n",
        4, 18, "'dsek' is not a channel", "did you mean `desk`?",
    ),
    "an entity's channel": ("entities:\n  - {name: Bo, notify: mail}\n", 2, 24, "'mail' is not a channel", "screen"),
    # twice
    "an entity twice": ("entities:\n  - name: Bo\n  - name: BO\n", 3, 11, "stands twice: first in line 2", "aliases"),
    "an alias twice": ("entities:\n  - {name: Bo, aliases: [Co, Co]}\n", 2, 30, "the alias 'Co' stands twice", "keep"),
    "a feed twice": (
        "feeds:\n  - url: https://a.example/\n  - url: https://A.example:443#x\n",
        3, 10, "stands twice: first in line 2", "keep one",
    ),
    # variables
    "a missing variable": ("feeds:\n  - url: https://a.example/${NO_SUCH}\n", 2, 10, "NO_SUCH is not set", ".env"),
    "an empty variable": ("feeds:\n  - url: https://a.example/${EMPTY}\n", 2, 10, "EMPTY is empty", ".env"),
    "half a variable": ("feeds:\n  - url: https://a.example/${NO\n", 2, 10, "begins a variable", "$${"),
    "no braces": ("channels:\n  c: {type: slack, webhook: $HOOK}\n", 2, 29, "not an address", "${NAME}"),
    "a wrong value": ("defaults:\n  every: ${SECRET}\n", 2, 10, "'${SECRET}' is not a duration", ""),
    "a wrong value for a list": ("defaults:\n  notify: ${SECRET}\n", 2, 11, "'${SECRET}' is not a channel", ""),
    "a broken value": ("entities:\n  - name: ${BROKEN}\n", 2, 11, "a control character", ""),
    # OPML
    "no opml": ("feeds:\n  - opml: none.opml\n", 2, 11, "'none.opml' cannot be read: no such file", "relative"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_was_meant(
    text: str, line: int, column: int, message: str, hint: str
) -> None:
    (problem,) = problems(text)
    assert message in problem.message
    assert hint in problem.hint
    assert (problem.file, problem.line, problem.column) == ("w.yaml", line, column), str(problem)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [("bomb", 2, "DOCTYPE"), ("page", 1, "not OPML"), ("torn", 2, "not XML"), ("ftp", 2, "not an address")],
)
def test_a_mistake_in_an_opml_file_names_that_file(name: str, line: int, message: str) -> None:
    (problem,) = problems(f"feeds:\n  - opml: {name}.opml\n")
    assert (problem.file, problem.line) == (f"{name}.opml", line)
    assert message in problem.message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems("""\
        channels:
          desk: {type: slack, webhook: "${MISSING}"}
          mail: {type: email, smtp: ftp://x, from: a, to: [b]}
        defaults: {every: soon}
        feeds:
          - opml: none.opml
          - ulr: https://a.example/
        entities:
          - {name: Bo, kind: thing, notify: [nobody]}
          - name: bo
          - &a {name: Co, near: [*b]}
        """)
    assert [problem.line for problem in found] == [2, 3, 3, 3, 4, 6, 7, 7, 9, 9, 10, 11, 11]
    assert str(WatchlistError(found)).count("\n") == len(found) - 1


def test_what_is_broken_is_told_once_and_not_again_for_what_follows_from_it() -> None:
    (only,) = problems("channels:\n  c: {type: slack, token: x, channel: '${NO_SUCH}'}\n")
    assert "NO_SUCH" in only.message


def test_a_password_in_an_address_is_not_repeated() -> None:
    feed = "  - url: https://me:hunter2-swordfish@a.example/\n"
    assert len(problems(f"feeds:\n{feed}{feed}")) == 3


KEYS = (
    "type webhook token channel api_url smtp from to url every notify host_gap since name opml kind aliases near"
    " exclude retention channels defaults feeds entities other"
).split(" ")


@pytest.mark.parametrize("value", ['"${S}"', '["${S}"]', '{a: "${S}"}', '"x${S}y"', '[a, "${S}", "${S}"]'])
@pytest.mark.parametrize(
    "item",
    [
        *(f"channels: {{c: {{type: {kind}, KEY: VALUE}}}}" for kind in ("slack", "email", "apprise", "console")),
        "channels: {c: {KEY: VALUE}}",
        "defaults: {KEY: VALUE}",
        "feeds: [{KEY: VALUE}, {KEY: VALUE}]",
        "feeds: [{url: http://a.example/, KEY: VALUE}]",
        "entities: [{name: Bo, KEY: VALUE}]",
        "KEY: VALUE",
    ],
)
def test_what_came_from_the_environment_is_never_shown(item: str, value: str) -> None:
    told = []
    for key in KEYS:
        try:
            parse(item.replace("KEY", key).replace("VALUE", value), "w", {"S": "sw0rd f1sh,@"}, lambda _name: b"<html>")
        except WatchlistError as error:
            told.append(str(error))
    assert len(told) > len(KEYS) / 2
    assert not [text for text in told if "sw0rd" in text or "f1sh" in text]
