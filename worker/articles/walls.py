"""Pages that stand in front of an article: consent forms, checks for robots, paywalls, shells for scripts.

They are known by being short and by their own words. A long text is an article, whatever words it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_WALL = 1500  # characters; no article that says "enable JavaScript" in passing is that short
MAX_TEASER = 2500
LEAST_TEXT = 120  # characters; less is no article

# Whole titles, since a headline may well say that access to something was denied.
_TITLES = {
    "the page is a check for robots": re.compile(
        r"just a moment\W*|attention required!.*|access (?:to this page has been )?denied|robot check|ddos-guard.*"
        r"|are you (?:a )?(?:robot|human)\??|security check|checking your browser.*|один момент\W*|проверка браузера\W*"
        r"|(?:please )?verify you are (?:a )?human|вы не робот\??|human verification|bot verification|captcha|ой!",
        re.IGNORECASE,
    ),
    "the page says that it is not there": re.compile(
        r"(?:error )?(?:403|404|410|500|502|503)(?:\s*[-–—:|.].*)?"
        r"|(?:page|article) not found(?:\W.*)?|not found|forbidden"
        r"|страница не найдена(?:\W.*)?|ошибка \d{3}(?:\s*[-–—:|.].*)?",
        re.IGNORECASE,
    ),
}
_ROBOT = re.compile(
    r"checking (?:if the site connection|your browser before)|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you a robot|unusual (?:traffic|activity) from your|enable (?:javascript|js) and (?:disable any ad|cookies)"
    r"|access to this page has been denied|you (?:don.t|do not) have permission to access|request unsuccessful"
    r"|complete the captcha|ddos protection by|подтвердите, что (?:запросы|вы)[^.]{0,40}(?:робот|человек)"
    r"|доступ к запрашиваемому ресурсу (?:ограничен|запрещ[её]н)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"we (?:and our (?:\d+ )?partners|value your privacy)|before you continue to|accept all cookies"
    r"|manage (?:your )?(?:cookie|privacy)|cookie (?:settings|preferences|policy)|your privacy choices"
    r"|store and/or access information on a device|manage your choices|legitimate interest"
    r"|^(?:accept|reject|decline) all$"
    r"|consent to the use of|(?:we|this (?:web)?site) uses? cookies|использу(?:ем|ет) (?:файлы )?(?:cookie|куки)"
    r"|согласие на обработку|согласны с использованием"
    r"|(?:wir|diese (?:web)?seite) verwende[nt] cookies|unsere (?:\d+ )?partner (?:speicher|nutz|verarbeit)"
    r"|alle akzeptieren"
    r"|nos (?:\d+ )?partenaires (?:stock|utilis|trait|dépos)|tout accepter|continuer sans accepter"
    r"|nuestros (?:\d+ )?socios (?:almacen|utiliz|trat)|aceptar todo"
    r"|nostri (?:\d+ )?partner (?:archivi|utilizz|tratt|memorizz)|accetta tutt[oi]",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"enable javascript|javascript is (?:disabled|required|not available)|(?:requires|without) javascript"
    r"|browser (?:is not|isn.t) supported|включите javascript|требуется javascript",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:our|this) (?:content|page|website|site|article) is (?:not |un)available in your (?:region|country|location)"
    r"|access this website from a country belonging to the european economic area",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:page|article) (?:that )?you (?:are looking for|requested)[^.]{0,40}(?:not|no longer|moved|removed)"
    r"|страница не найдена|seite wurde nicht gefunden|page (?:est )?introuvable|página no (?:se ha )?encontrada"
    r"|^internal server error\b|^service unavailable\b|^bad gateway\b",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock|keep reading)|to (?:continue|keep) reading"
    r"|continue reading (?:with|your)|already (?:a )?subscri|for subscribers only|subscribers? only"
    r"|this (?:article|content|story) is (?:for|only|exclusive|reserved)|(?:sign|log) in to (?:continue|read)"
    r"|create (?:a free|an) account to|you have reached your (?:article )?limit"
    r"|unlock (?:this|the full) (?:article|story)|start your (?:free )?trial"
    r"|register (?:for free )?to (?:continue|read)"
    r"|(?:только|доступ\w*) (?:для )?подписчик|по подписке|оформите подписку|чтобы (?:продолжить|прочитать)"
    r"|для продолжения чтения|(?:nur für|bereits) abonnent|jetzt weiterlesen mit|réservé aux abonnés|déjà abonné"
    r"|(?:sólo|exclusivo) para suscriptores|disable your ad ?blocker",
    re.IGNORECASE,
)
_IN_FRONT = {
    "the page is a check for robots": _ROBOT,
    "the page is a consent form": _CONSENT,
    "the site does not show the page where wirewatch runs": _ELSEWHERE,
    "the page says that it is not there": _MISSING,
    "the page shows its text only to browsers that run scripts": _SCRIPT,
    "the page shows nothing of the article to those who do not subscribe": _PAYWALL,
}


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in front of the article; ``hides_article`` when nothing of the article is in the text."""

    text: str
    hides_article: bool


def note(text: str, title: str, *, free: bool = True, noindex: bool = False) -> Note | None:
    """What the extracted text is, if it is not simply the article.

    Args:
        text: what extraction found on the page.
        title: the page's title, which often says it best ("Just a moment...").
        free: False when the page's own JSON-LD says that it is for subscribers.
        noindex: whether the page asks search engines not to keep it, as few articles do and many shells.
    """
    hiding = _in_front(text, title) if len(text) < MAX_WALL else None
    if hiding:
        return Note(hiding, hides_article=True)
    if not text:
        return Note("no article was found on the page", hides_article=True)
    if len(text) < MAX_TEASER and (_PAYWALL.search(text[-1000:]) or not free):
        return Note("the page shows only the opening of the article to those who do not subscribe", hides_article=False)
    if noindex and len(text) < MAX_WALL:
        return Note("the page is short, and its site keeps it out of search engines", hides_article=False)
    if len(text) < LEAST_TEXT:
        return Note(f"the page holds only {len(text.split())} words", hides_article=False)
    return None


def _in_front(text: str, title: str) -> str | None:
    for what, titles in _TITLES.items():
        if titles.fullmatch(title.strip()):
            return what
    return next((what for what, words in _IN_FRONT.items() if _share(words, text)), None)


def _share(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the lines that the pattern is found in make up half of the text or more."""
    matched = sum(len(line) for line in text.split("\n") if pattern.search(line))
    return bool(matched) and 2 * matched >= len(text)
