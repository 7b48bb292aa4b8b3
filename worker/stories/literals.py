"""What every match of a pattern has for certain: looking for a string is fifty times as fast as for a pattern."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_SHORTEST: Final = 3  # characters; shorter ones stand in nearly every text
_TOKEN: Final = re.compile(
    r"(?P<open>\((?:\?(?P<kind>:|<?[=!]|P<\w+>))?)|(?P<close>\))|(?P<or>\|)|(?P<times>[?*]|\{[\d,]*\})"
    r"|(?P<some>\\.|\[\^?\]?[^\]]*\]|[.^$+])|(?P<letter>.)",
    re.DOTALL,
)


@dataclass(slots=True)
class _Group:
    """A group as far as it is read: of each alternative the best strings, of which every match has one."""

    alternatives: list[tuple[str, ...]] = field(default_factory=list)
    best: tuple[str, ...] = ()
    run: str = ""
    inner: tuple[str, ...] = ()

    def settle(self) -> None:
        """Take what was read last for certain: nothing after it makes it optional."""
        for found in ((self.run,), self.inner):
            if _telling(found) >= _SHORTEST and _telling(found) > _telling(self.best):
                self.best = found
        self.run, self.inner = "", ()

    def end(self) -> None:
        """End an alternative."""
        self.settle()
        self.alternatives.append(self.best)
        self.best = ()

    def literals(self) -> tuple[str, ...]:
        """Return one string at least for each alternative, or none when one of them has none."""
        return tuple(one for found in self.alternatives for one in found) if all(self.alternatives) else ()


def _telling(found: tuple[str, ...]) -> int:
    return min([len(one.strip()) for one in found], default=0)


def literals(pattern: str) -> tuple[str, ...]:
    """Return strings of which every match of ``pattern`` has at least one; none where that is not certain."""
    groups, kinds = [_Group()], [":"]
    for token in _TOKEN.finditer(pattern):
        now = groups[-1]
        if token["letter"]:
            if now.inner:
                now.settle()
            now.run += token["letter"]
        elif token["times"]:  # what stands before may be left out
            now.run, now.inner = now.run[:-1], ()
            now.settle()
        elif token["open"]:
            now.settle()
            groups.append(_Group())
            kinds.append(token["kind"] or ":")
        elif token["or"]:
            now.end()
        elif token["close"]:
            now.end()
            groups.pop()
            groups[-1].inner = now.literals() if kinds.pop() == ":" else ()
        else:
            now.settle()
    groups[0].end()
    return groups[0].literals()


def any_of(beginnings: Iterable[str], *, at_start: bool = False) -> str:
    """Return a pattern for any of the patterns, each of which begins with a letter: few are tried.

    ``at_start``: of a word. A pattern that begins with this one has the engine leap from one such letter to the next.
    """
    found = defaultdict[str, list[str]](list)
    for one in beginnings:
        found[one[0]].append(one[1:])
    start = r"(?<=\b.)" if at_start else ""
    return "|".join(f"{letter}{start}(?:{'|'.join(rest)})" for letter, rest in found.items())
