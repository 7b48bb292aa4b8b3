"""Which text an article is judged by: its page's, or what the feed itself carried."""

from __future__ import annotations

from dataclasses import dataclass

from worker.types import Page

ENOUGH = 40  # words; a shorter text is a summary, and is used only where there is nothing else
_MUCH_LONGER = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The text, where it is from (``page``, ``feed`` or empty), and why in words."""

    text: str
    text_from: str
    reason: str


def choose(page: Page | None, problem: str, feed_text: str) -> Choice:
    """The best text that can be had.

    Args:
        page: what extraction found; None when the page could not be had.
        problem: why it could not, in words; empty when it could.
        feed_text: the fullest plain text of the entry in its feed.
    """
    on_page = page.text if page else ""
    problem = problem or (page.note if page else "")
    words_on_page, words_in_feed = len(on_page.split()), len(feed_text.split())
    if on_page and not problem and (words_on_page >= ENOUGH or words_on_page >= words_in_feed):
        return Choice(on_page, "page", f"the page's text of {words_on_page} words was used")
    if on_page and words_on_page * _MUCH_LONGER > words_in_feed:
        return Choice(on_page, "page", f"{problem or 'the page is short'}; its {words_on_page} words were used")
    why = problem or f"the page holds only {words_on_page} words"
    if words_in_feed:
        kind = "text" if words_in_feed >= ENOUGH else "summary"
        return Choice(feed_text, "feed", f"{why}; the feed's own {kind} of {words_in_feed} words was used")
    return Choice("", "", f"{why}; the feed carries no text either, so only the title is known")
