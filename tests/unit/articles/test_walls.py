from __future__ import annotations

import pytest

from worker.articles.walls import note

NEWS = "The watchdog denied the exchange access to the market on Monday, its head said, and gave no reason for it."


@pytest.mark.parametrize(
    ("title", "text", "says"),
    [
        ("Just a moment...", "", "robots"),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked", "robots"),
        ("Wire", "Please verify you are a human to go on.", "robots"),
        ("Новости", "Доступ к запрашиваемому ресурсу ограничен.", "robots"),
        ("Wire", "We value your privacy.\nWe and our 800 partners store information.", "consent"),
        ("Новости", "Мы используем файлы cookie. Продолжая, вы соглашаетесь.", "consent"),
        ("Blatt", "Wir verwenden Cookies. Mit Klick auf „Alle akzeptieren“ stimmen Sie zu.", "consent"),
        ("Journal", "Nous et nos 120 partenaires stockons des informations. Continuer sans accepter.", "consent"),
        ("Diario", "Nosotros y nuestros socios almacenamos información. Aceptar todo.", "consent"),
        ("Giornale", "Noi e i nostri 90 partner archiviamo informazioni. Accetta tutti.", "consent"),
        (
            "Wire",
            "You are attempting to access this website from a country belonging to the European Economic Area (EEA).",
            "where wirewatch runs",
        ),
        ("Wire", "Sorry, the page you are looking for cannot be found. It may have been deleted.", "not there"),
        ("Wire", "Internal Server Error. The server could not complete your request.", "not there"),
        ("Wire", "You need to enable JavaScript to run this app.", "scripts"),
        ("404 - Page not found", "The page has moved. " * 20, "not there"),
        ("Страница не найдена", "", "not there"),
        ("Bank fined", "", "no article"),
    ],
)
def test_a_wall_hides_its_article(title: str, text: str, says: str) -> None:
    found = note(text, title)
    assert found
    assert found.hides_article
    assert says in found.text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Access denied: how a watchdog closed a market", NEWS * 2),
        ("Роскомнадзор: доступ к ресурсу ограничен", "Доступ к сайту биржи ограничен по решению суда. " * 4),
        ("Court on cookies", NEWS * 2 + "\nThis site uses cookies, the ruling says, without consent."),
        ("404 traders fined", NEWS * 2),
        ("Ошибка банка", NEWS * 2),
        (
            "Exchange leaves",
            "The exchange told its customers on Monday that its cards are not available in their country. " * 2,
        ),
        ("Bank down", "The bank was down for maintenance on Monday, it said, and its partners use other banks. " * 2),
    ],
)
def test_news_of_walls_is_news(title: str, text: str) -> None:
    assert note(text, title) is None


def test_a_short_page_that_search_engines_must_not_keep_is_doubted() -> None:
    found = note(NEWS * 2, "Bank fined", noindex=True)
    assert found
    assert not found.hides_article
    assert note(NEWS * 20, "Bank fined", noindex=True) is None


@pytest.mark.parametrize(
    "end",
    [
        "Jetzt weiterlesen mit dem Abo.",
        "Article réservé aux abonnés.",
        "Subscribe to continue reading.",
        "Already a subscriber? Log in.",
        "Материал доступен по подписке.",
    ],
)
def test_a_teaser_is_kept_and_said_to_be_one(end: str) -> None:
    found = note(f"{NEWS}\n{end}", "Bank fined")
    assert found
    assert not found.hides_article
    assert "only the opening" in found.text


def test_a_paywall_without_any_of_the_article_hides_it() -> None:
    text = "To continue reading this article, subscribe now.\nAlready a subscriber? Log in.\nFrom $1 a week."
    found = note(text, "Acme buys Zenith")
    assert found is not None
    assert found.hides_article
