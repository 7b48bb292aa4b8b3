"""Twelve kinds of alert, as mail shows them: written as HTML, and taken as pictures with a headless Chromium.

``make samples`` writes the pictures into docs/alerts, light and dark, 320 and 800 pixels wide; names after the folder
take only those. It needs Chromium on the path, and Pillow to make the pictures small.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from worker.alerts.html import html
from worker.alerts.marks import figures
from worker.alerts.view import AlertKind, AlertView, Carrier, Line, Named, Told, token

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TALLEST = 4000

BASE = AlertView(
    token=token("article:1", NOON),
    kind=AlertKind.NEW,
    at=NOON,
    headline="Binance agrees to pay $4.3 billion and keeps its licence",
    story=12,
    url="https://news.example.org/markets/binance-settles",
    source="Example Wire",
    published=NOON - timedelta(minutes=4),
    entities=(
        Named("Binance", "Binance agreed on Wednesday to pay $4.3 billion to settle the case.", ("Binance",)),
        Named(
            "Gleb Kostarev",
            "“We have nothing to add,” said Gleb Kostarev, who once ran the office.",
            ("Gleb Kostarev",),
        ),
    ),
    sentences=(
        "Binance agreed on Wednesday to pay $4.3 billion to settle the case.",
        "The exchange keeps its licence and will be watched for 3 years.",
    ),
    reason="no story like it is known",
)
UPDATE = replace(
    BASE,
    token=token("article:9", NOON + timedelta(hours=5)),
    root=BASE.token,
    kind=AlertKind.UPDATE,
    at=NOON + timedelta(hours=5),
    published=NOON + timedelta(hours=5),
    headline="Judge sends the Binance settlement back",
    source="Example Business Daily",
    entities=(Named("Binance", "Judge Maria Lopez refused to sign the Binance settlement.", ("Binance",)),),
    sentences=(
        "Judge Maria Lopez refused to sign the Binance settlement and asked for a plan within 30 days.",
        "She called the sum of $4.3 billion “a rounding error” beside a turnover of $12 billion.",
    ),
    known_figures=figures(" ".join(BASE.sentences)),
    carriers=(
        Carrier("Example Morning", "https://morning.example/a/1"),
        Carrier("The Example Review", "https://review.example/b"),
    ),
    so_far=(Told(NOON, "Binance agrees to pay $4.3 billion and keeps its licence"),),
    reason="leads with 2 sentences that no earlier article of the story said",
)
LONG = tuple(
    f"In its {number}th finding the report says that transfers of {number * 17} million dollars went through Binance "
    "accounts without the checks that the licence asks for, which the company disputes in a letter to the ministry."
    for number in range(4, 40)
)


LINES = (
    Line(AlertKind.NEW, BASE.headline, BASE.url, BASE.source, NOON, ("Binance", "Gleb Kostarev"), (), 12),
    Line(
        AlertKind.UPDATE,
        UPDATE.headline,
        "https://daily.example/law/settlement-sent-back",
        UPDATE.source,
        UPDATE.at,
        ("Binance",),
        UPDATE.sentences,
        12,
    ),
    Line(
        AlertKind.NEW,
        "Росфинмониторинг внёс биржу в перечень: что изменится для вкладчиков",
        "https://пример.рф/новости/биржа?id=7",
        "Пример-Новости",
        NOON + timedelta(hours=2),
        ("Rosfinmonitoring",),
        (),
        13,
    ),
    Line(
        AlertKind.NEW,
        "Exchange opens an office in Lisbon and looks for 200 people",
        "https://morning.example/lisbon",
        "Example Morning",
        NOON + timedelta(hours=3),
        ("Binance",),
        (),
        14,
    ),
)


def samples() -> dict[str, AlertView]:
    """The alerts by what they show."""
    return {
        "new": BASE,
        "update": UPDATE,
        "short": replace(BASE, sentences=("Binance settles.",), entities=BASE.entities[:1], source=""),
        "long": replace(UPDATE, headline="The whole report: " + " ".join(LONG)[:400], sentences=LONG),
        "russian": replace(
            BASE,
            headline="Росфинмониторинг внёс биржу в перечень: что изменится для вкладчиков",
            source="Пример-Новости",
            url="https://пример.рф/новости/биржа?id=7",
            entities=(
                Named(
                    "Rosfinmonitoring",
                    "Росфинмониторинг 4 марта внёс биржу в перечень организаций.",
                    ("Росфинмониторинг", "Росфинмониторинга"),
                ),
            ),
            sentences=(
                "Росфинмониторинг 4 марта внёс биржу в перечень организаций.",
                "Под решение попадают счета на 2,7 млрд рублей, сообщили в пресс-службе Росфинмониторинга.",
            ),
        ),
        "one-word": replace(
            BASE, headline="Binance", sentences=("Binance.",), entities=(Named("Binance", "Binance."),)
        ),
        "forty-carriers": replace(
            UPDATE,
            carriers=tuple(Carrier(f"Paper No. {number}", f"https://paper{number}.example/x") for number in range(40)),
        ),
        "hostile": replace(
            BASE,
            headline="<script>alert(1)</script><img src=https://evil.example/p.png> \u202egnp.exe\u202c *bold* "
            "<!channel> https://bank.example/login \r\nBcc: all@desk.example",
            source="</p><iframe src=//evil.example></iframe>",
            url="https://news.example.org/a?x=<b>\"'|y",
            entities=(Named("Binance", "<https://evil.example|https://bank.example> said Binance <@U123>."),),
            sentences=("<a href=javascript:alert(1)>Binance</a> `code` _under_ & ~gone~ $9 million",),
            carriers=(
                Carrier("https://bank.example", "https://evil.example/"),
                Carrier("No link", "javascript:alert(1)"),
            ),
        ),
        "story": replace(
            UPDATE,
            so_far=tuple(
                Told(NOON + timedelta(hours=number), f"The {number + 1}. thing that happened in the matter of Binance")
                for number in range(6)
            ),
        ),
        "digest": AlertView(
            token("digest:1", NOON),
            AlertKind.DIGEST,
            NOON + timedelta(hours=6),
            "",
            lines=LINES,
            body="41 kept silent: 36 reprints, 2 told before in other words, 3 too old when first seen",
        ),
        "after-quiet-hours": replace(BASE, lines=(LINES[1],)),
        "notice": AlertView(
            token("notice:1", NOON),
            AlertKind.NOTICE,
            NOON,
            "desk-slack refused an alert",
            body="It said: chat.postMessage: channel_not_found\nThe alert: Binance settles\nhttps://news.example.org/1",
        ),
    }


def photograph(browser: str, page: Path, picture: Path, width: int, *, dark: bool) -> None:
    """Take a picture of the whole page, as high as it is."""
    common = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-lcd-text",
    ]
    common += [
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        f"--user-data-dir={page.parent / 'profile'}",
    ]
    frame = page.with_name("frame.html")
    frame.write_text(
        f'<body style="margin:0"><iframe id=f src="{page.name}" style="border:0;width:{width}px;height:10px"></iframe>'
        "<script>f.onload=()=>{document.title=f.contentDocument.documentElement.scrollHeight}</script>"
    )
    measured = _run([*common, "--allow-file-access-from-files", "--dump-dom", frame.as_uri()])
    found = re.search(r"<title>(\d+)</title>", measured)
    height = min(int(found[1]) if found else TALLEST, TALLEST)
    frame.write_text(frame.read_text().replace("height:10px", f"height:{height}px"))
    size = f"--window-size={width},{height}"
    _run([*common, "--allow-file-access-from-files", size, f"--screenshot={picture}", frame.as_uri()])
    with Image.open(picture) as image:
        image.convert("RGB").quantize(96).save(picture, optimize=True)


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout  # noqa: S603


def main(folder: Path, names: list[str]) -> None:
    """Write the pictures of ``names``, or of all, into ``folder``."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        sys.exit(f"none of {', '.join(CHROMIUM)} is installed")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "alert.html"
        for name, view in samples().items():
            if names and name not in names:
                continue
            page.write_text(html(view), encoding="utf-8")
            for width, dark in ((320, False), (320, True), (800, False), (800, True)):
                picture = folder / f"{name}-{width}-{'dark' if dark else 'light'}.png"
                photograph(browser, page, picture, width, dark=dark)
                print(picture, picture.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
