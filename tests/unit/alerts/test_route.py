from __future__ import annotations

from dataclasses import replace

from servers.archive import watchlist
from worker.alerts.route import Recipient, of_all, recipients
from worker.types import Entity

MAIL = {"type": "email", "smtp": "smtp://localhost", "from": "wire@desk.example", "to": ["a@x.example", "b@x.example"]}
WATCHING = replace(
    watchlist(mail=MAIL, screen={"type": "console"}, team={"type": "console"}),
    entities=(Entity("Binance", notify=("screen", "mail")), Entity("Kostarev", notify=("mail",)), Entity("Mute")),
)


def test_each_mail_address_is_told_once() -> None:
    mail = (Recipient("mail", "a@x.example"), Recipient("mail", "b@x.example"))
    assert recipients(["Kostarev", "Binance"], WATCHING) == (Recipient("screen", ""), *mail)
    assert recipients(["Kostarev"], WATCHING) == mail


def test_a_feed_adds_its_own_channels() -> None:
    assert recipients(["Mute"], WATCHING, also=["team", "gone"]) == (Recipient("team"),)


def test_nobody_is_told_of_a_name_that_is_not_watched() -> None:
    assert recipients(["Unknown", "Mute"], WATCHING) == ()


def test_trouble_with_a_channel_is_told_on_the_others() -> None:
    assert of_all(WATCHING, but="mail") == (Recipient("screen"), Recipient("team"))


def test_the_name_of_an_apprise_address_holds_nothing_of_a_secret() -> None:
    watching = watchlist(phones={"type": "apprise", "url": ["tgram://topsecret/1", "topsecret", "topsecret/1://x"]})
    names = [one.recipient.partition(" ")[0] for one in of_all(watching)]
    assert names == ["tgram", "address", "address"]
