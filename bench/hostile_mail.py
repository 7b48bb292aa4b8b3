"""Opens the mail of every hostile text of the tests in a headless Chromium: does a script run, does a request leave?

``PYTHONPATH=.:bench python bench/hostile_mail.py``. Every name leads to a server on loopback that listens for requests.
A page that does load a picture and run a script comes first, to show that both would be seen.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from alert_samples import CHROMIUM

from worker.alerts.html import html

TESTS = Path(__file__).parents[1] / "tests/unit/alerts/test_hostile.py"
CONTROL = "<img src=http://evil.example/a><script>top.document.title='a script ran'</script>"


class Ear:
    """A server that counts the connections in which one of the hostile names is asked for."""

    def __init__(self) -> None:
        """Open the door on a free port."""
        self.heard = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._door.accept()
            with connection:
                connection.settimeout(3)
                try:
                    self.heard += b".example" in connection.recv(4000)
                except OSError:
                    continue


def show(browser: str, pages: list[str]) -> tuple[int, str]:
    """Open all pages in frames of one; give the requests that were heard and the title, which a script would change."""
    ear = Ear()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number, page in enumerate(pages):
            (folder / f"{number}.html").write_text(page, encoding="utf-8")
        frames = "".join(f"<iframe src={number}.html></iframe>" for number in range(len(pages)))
        watch = "<script>window.alert=()=>{document.title='a script ran'}</script>"
        (folder / "all.html").write_text(f"<title>no script ran</title><body>{frames}{watch}")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"]
        command += [f"--host-resolver-rules=MAP * 127.0.0.1:{ear.port}", "--allow-file-access-from-files"]
        command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=8000"]
        command.append((folder / "all.html").as_uri())
        page = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout  # noqa: S603
    title = re.search("<title>(.*?)</title>", page)
    return ear.heard, title[1] if title else ""


def main() -> None:
    """Print a line for the page that misbehaves and one for the mails."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    spec = importlib.util.spec_from_file_location("hostile", TESTS)
    if browser is None or spec is None or spec.loader is None:
        sys.exit(f"none of {', '.join(CHROMIUM)} is installed")
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    mails = [html(tests.view(text)) for text in tests.HOSTILE]
    for name, pages in (("a page that misbehaves", [CONTROL]), (f"{len(mails)} mails", mails)):
        heard, title = show(browser, pages)
        print(f"{name}: {heard} requests, {title}")


if __name__ == "__main__":
    main()
