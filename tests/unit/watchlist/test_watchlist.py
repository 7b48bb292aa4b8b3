"""What a watchlist means when nothing is wrong with it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from worker.types import Entity
from worker.watchlist import (
    AppriseChannel,
    ConsoleChannel,
    EmailChannel,
    SlackChannel,
    Watchlist,
    WatchlistError,
    json_schema,
    load,
    parse,
)

ROOT = Path(__file__).parents[3]
FULL = """\
channels:
  hook: {type: slack, webhook: "${HOOK}"}
  bot: {type: slack, token: "${TOKEN}", channel: C01}
  mail: {type: email, smtp: "${SMTP}", from: Wire <w@example.org>, to: desk@example.org}
  phones: {type: apprise, url: ["${HOOK}", "json://h/${TOKEN}"]}
  screen: {type: console}
defaults: {every: 10m, notify: [mail, mail], host_gap: 0s, since: 2d}
feeds:
  - {url: https://a.example/rss, name: A, every: 30s, notify: [screen]}
  - {url: "https://n.example/?q={name}", name: "N: {name}"}
entities:
  - {name: no, kind: company, aliases: [1e3, 0777], near: 'крипто*'}
  - {name: Глеб К, kind: person, notify: [bot]}
retention: 30d
"""
ENVIRON = {"HOOK": "https://hooks.example/T0/B0/hush", "TOKEN": "xoxb-hush", "SMTP": "smtp://u:hush@h:25\n"}


def no_opml(name: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", name)


def read(text: str, environ: dict[str, str] | None = None) -> Watchlist:
    return parse(text, "w.yaml", environ or {}, no_opml)


def test_everything_is_resolved() -> None:
    watchlist = read(FULL, ENVIRON)
    hook, bot, mail, phones, screen = watchlist.channels.values()
    assert isinstance(hook, SlackChannel)
    assert hook.webhook is not None
    assert hook.webhook.get_secret_value() == ENVIRON["HOOK"]
    assert isinstance(bot, SlackChannel)
    assert (bot.channel, bot.api_url) == ("C01", "https://slack.com/api")
    assert isinstance(mail, EmailChannel)
    assert mail.smtp.get_secret_value() == "smtp://u:hush@h:25"
    assert (mail.sender, mail.to) == ("Wire <w@example.org>", ("desk@example.org",))
    assert isinstance(phones, AppriseChannel)
    assert phones.url[1].get_secret_value() == "json://h/xoxb-hush"
    assert isinstance(screen, ConsoleChannel)
    assert watchlist.entities == (
        Entity("no", "company", ("1e3", "0777"), (), ("крипто*",), ("mail",)),
        Entity("Глеб К", "person", notify=("bot",)),
    )
    assert [(feed.url, feed.name, feed.every, feed.notify, feed.entity) for feed in watchlist.feeds] == [
        ("https://a.example/rss", "A", timedelta(seconds=30), ("screen",), None),
        ("https://n.example/?q=no", "N: no", timedelta(minutes=10), (), "no"),
        ("https://n.example/?q=%D0%93%D0%BB%D0%B5%D0%B1+%D0%9A", "N: Глеб К", timedelta(minutes=10), (), "Глеб К"),
    ]
    assert (watchlist.host_gap, watchlist.since, watchlist.retention) == (
        timedelta(0),
        timedelta(days=2),
        timedelta(days=30),
    )
    assert watchlist.warnings == ()


def test_what_is_left_out_has_its_default() -> None:
    watchlist = read("channels:\ndefaults:\nfeeds:\nentities: [{name: Bo, aliases: }]\n")
    assert list(watchlist.channels) == ["screen"]
    assert watchlist.entities == (Entity("Bo", notify=("screen",)),)
    assert (watchlist.every, watchlist.host_gap) == (timedelta(minutes=5), timedelta(seconds=1))
    assert (watchlist.since, watchlist.retention) == (timedelta(hours=24), timedelta(days=90))


def test_without_a_default_every_channel_is_told() -> None:
    watchlist = read("channels: {a: {type: console}, b: {type: console}}\nentities: [{name: Bo}]\n")
    assert watchlist.entities[0].notify == ("a", "b")


def test_no_secret_shows_when_the_watchlist_is_printed() -> None:
    watchlist = read(FULL, ENVIRON)
    assert "hush" not in repr(watchlist) + str(watchlist)


def test_the_digest_follows_the_content_and_not_the_spelling() -> None:
    digest = read(FULL, ENVIRON).digest
    assert read("# a comment\n" + FULL.replace("10m", "600s"), ENVIRON).digest == digest
    assert read(FULL, {**ENVIRON, "TOKEN": "another"}).digest != digest
    assert read(FULL.replace("Глеб К", "Глеб Л"), ENVIRON).digest != digest


def test_a_doubled_dollar_keeps_the_braces() -> None:
    assert read("entities: [{name: 'a $${b} $c'}]").entities[0].name == "a ${b} $c"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("entities:\n  - name: X\n", 2, 11, "is one letter"),
        ("entities:\n  - {name: Bo, aliases: [Co, bo]}\n", 2, 30, "'bo' adds nothing"),
        ("entities:\n  - {name: Bo, aliases: [Co]}\n  - {name: Do, aliases: [CO]}\n", 3, 26, "a form of 'Bo' too"),
        ("entities:\n  - {name: Bo, aliases: [the]}\n", 2, 26, "an everyday word"),
        ("entities:\n  - {name: Bo, aliases: [що]}\n", 2, 26, "an everyday word"),
        ("entities:\n  - {name: Bo, aliases: ['!!!']}\n", 2, 26, "has no letter and no figure"),
        ("entities:\n  - name: 🚀\n", 2, 11, "has no letter and no figure"),
        ("entities:\n  - name: '*'\n", 2, 11, "begins with `*`"),
        ("entities:\n  - name: '*coin'\n", 2, 11, "begins with `*`"),
        ("entities:\n  - name: a*\n", 2, 11, "is one letter"),
        ("entities:\n  - name: co*\n", 2, 11, "every word that begins so"),
        ("entities:\n  - name: '2025'\n", 2, 11, "is a number"),
        ("entities:\n  - name: '7'\n", 2, 11, "is a number"),
        ("entities:\n  - name: 币\n", 2, 11, "is one letter"),
        ("entities:\n  - {name: Пётр Заяц, aliases: [Петр Заяц]}\n", 2, 33, "adds nothing"),
        ("entities:\n  - {name: Bo, near: [the]}\n", 2, 23, "asks for nothing"),
        ("entities:\n  - {name: Bo, near: [—]}\n", 2, 23, "nothing is found by it"),
        ("entities:\n  - {name: Bodo, forbid: [Dodo]}\n", 2, 27, "is no form of"),
        ("entities:\n  - {name: Bodo, generate: false, forbid: [Bodo]}\n", 2, 44, "every form"),
        ("entities:\n  - {name: Bo, exclude: [bo]}\n", 2, 26, "never count"),
        ("entities:\n  - {name: Bo, notify: []}\n", 2, 5, "nobody is told of 'Bo'"),
        ("defaults: {every: 1s}\nfeeds:\n  - url: http://h/1\n  - url: http://h/2\n", 2, 1, "2 feeds of h take longer"),
        ("feeds:\n  - url: http://h/?q={name}\n  - url: http://h/?q=Bo\nentities: [name: Bo]\n", 3, 5, "is left out"),
    ],
)
def test_an_oddity_is_a_warning_with_its_place(text: str, line: int, column: int, message: str) -> None:
    found = [warning for warning in read(text, {"HOST": "x"}).warnings if message in warning.message]
    assert [(warning.line, warning.column) for warning in found] == [(line, column)]


def test_opml_feeds_are_read_from_beside_the_watchlist(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "feeds.opml").write_text(
        """<?xml version="1.0" encoding="UTF-8"?>
        <opml version="2.0"><head><title>x</title></head><body>
          <outline text="Folder"><outline text="One &amp; only" type="rss" xmlUrl="https://a.example/1"/></outline>
          <outline title="Two" xmlurl=" https://a.example/2 "/>
          <outline text="No feed" htmlUrl="https://a.example/"/>
        </body></opml>""",
        encoding="utf-8",
    )
    path = tmp_path / "watchlist.yaml"
    path.write_text(
        "feeds:\n  - {url: https://a.example/2, name: mine}\n  - {opml: lists/feeds.opml, every: 1h}\n",
        encoding="utf-8",
    )
    watchlist = load(path, {})
    assert [(feed.url, feed.name, feed.every) for feed in watchlist.feeds] == [
        ("https://a.example/2", "mine", timedelta(minutes=5)),
        ("https://a.example/1", "One & only", timedelta(hours=1)),
    ]
    assert watchlist.files == (str(path), str(tmp_path / "lists" / "feeds.opml"))
    assert any(
        "lists/feeds.opml:4 is left out" in warning.message and warning.line == 3 for warning in watchlist.warnings
    )


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        (b"", (1, 1), "the file is empty"),
        (b"\xef\xbb\xbf\n", (1, 1), "the file is empty"),
        (b"feeds: []\n# \xd0\xaf \xff\n", (2, 5), "not UTF-8"),
        (b"x" * 8_000_001, (1, 1), "larger than"),
        ("feeds: []".encode("utf-16"), (1, 1), "not UTF-8"),
    ],
    ids=["empty", "mark", "latin", "huge", "utf-16"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, body: bytes, place: tuple[int, int], message: str) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(body)
    with pytest.raises(WatchlistError) as caught:
        load(path, {})
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place
    assert message in problem.message
    assert caught.value.files == (str(path),)


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="no such file"):
        load(tmp_path / "none.yaml", {})
    with pytest.raises(WatchlistError, match="it is a folder"):
        load(tmp_path, {})


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(b"\xef\xbb\xbfentities: [{name: Bo}]\r\n")
    assert load(path, {}).entities[0].name == "Bo"


def test_a_failed_reading_names_the_files_whose_change_may_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_text("feeds: [{opml: feeds.opml}]\n", encoding="utf-8")
    with pytest.raises(WatchlistError) as caught:
        load(path, {})
    assert caught.value.files == (str(path), str(tmp_path / "feeds.opml"))


def test_the_example_loads_without_any_environment_or_warning() -> None:
    watchlist = load(ROOT / "watchlist.yaml", {})
    assert [entity.name for entity in watchlist.entities] == ["Binance", "Rosfinmonitoring", "Gleb Kostarev"]
    assert len(watchlist.feeds) >= 12
    assert watchlist.warnings == ()


def test_the_schema_for_editors_is_the_one_in_the_repository() -> None:
    path = ROOT / "docs" / "watchlist.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()


def test_an_editor_takes_a_key_with_nothing_after_it_as_the_service_does() -> None:
    assert len(read("channels:\nfeeds:\ndefaults:\nentities:\n  - name: Binance\n    near:\n    kind:\n").entities) == 1
    schema = json_schema()
    for section in (schema, *schema["$defs"].values()):
        for key, value in section["properties"].items():
            meant = schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
            blank = "null" in meant.get("type", ()) or {"type": "null"} in meant.get("anyOf", ())
            assert blank is (key not in section.get("required", ())), (section["title"], key)


def test_a_mail_domain_in_any_letters_is_one_address_in_ascii() -> None:
    written = "desk@бюро.рф, Бюро <desk@БЮРО.рф>, desk@bücher.example, Wire <w@example.org>, Desk@Example.org"
    watchlist = read(f"channels:\n  c: {{type: email, smtp: 'smtp://h', from: w@бюро.рф, to: [{written}]}}\n")
    mail = watchlist.channels["c"]
    assert isinstance(mail, EmailChannel)
    assert mail.sender == "w@xn--90a0af9c.xn--p1ai"
    assert mail.to == (
        "desk@xn--90a0af9c.xn--p1ai",
        "Бюро <desk@xn--90a0af9c.xn--p1ai>",
        "desk@xn--bcher-kva.example",
        "Wire <w@example.org>",
        "Desk@Example.org",
    )


def test_the_examples_of_the_docs_load_together() -> None:
    page = (ROOT / "docs" / "watchlist.md").read_text(encoding="utf-8")
    whole, *sections = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert [entity.name for entity in read(whole).entities] == ["Binance"]
    environ = {"SLACK_BOT_TOKEN": "x", "SMTP_URL": "smtp://h", "APPRISE_URL": "json://h", "FT_COOKIE": "x"}
    opml = b"<opml><body><outline xmlUrl='https://a.example/'/></body></opml>"
    watchlist = parse("".join(sections), "w.yaml", environ, lambda _name: opml)
    assert set(watchlist.channels) == {"desk-slack", "desk-mail", "phones"}
    assert len(watchlist.feeds) == 3
