"""The words in which a site speaks of itself: on its buttons, in its stamps, to its readers."""

from __future__ import annotations

from worker.stories import lists
from worker.stories.text import listed


class Words:
    """A list of words, of which one with a star stands for all that begin with it."""

    def __init__(self, name: str) -> None:
        """Take the list ``name``."""
        entries = lists.words(name)
        self._whole = frozenset(entry for entry in entries if not entry.endswith("*"))
        self._begins = tuple(entry[:-1] for entry in entries if entry.endswith("*"))

    def __contains__(self, word: str) -> bool:
        """Whether ``word``, in lower case, is in the list."""
        return word in self._whole or word.startswith(self._begins)


SITE = Words("site-words")
STAMPS = Words("stamp-words")
MENU = lists.words("menu-words")
CALLS = lists.words("site-calls")
OURS = listed("our наш наша наше наши нашего нашей нашему наших нашим нашими нашем нашу нас")
YOURS = listed("your you you're you'll вы вас вам ваш ваша ваше ваши вашего вашей вашу ваших")
OWN = OURS | listed("we we're we've us нам мы")
READERS = YOURS | {"you've"}
TO_READER = OWN | READERS


def is_small(word: str) -> bool:
    """Whether ``word``, in lower case, is one of a button or a stamp."""
    return word in STAMPS or word in SITE or word in CALLS
