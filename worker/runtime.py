"""What a process needs for its steps: the database, and the watchlist in force with the matcher made from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from worker import edits, logs, namecache, watchlist
from worker.db import make_engine
from worker.entities.match import Matcher
from worker.settings import Settings, SettingsError, env_file, settings
from worker.watchlist import Problem, Watchlist, WatchlistError

LOOK_EVERY = 1.0  # seconds between two looks at the watchlist's files
GONE = 6.0  # seconds that the watchlist may be away while something puts another one in its place
AT_THE_START = ("DATABASE_URL", "REDIS_URL", "WIREWATCH_")  # how the variables begin that are read once


@dataclass(frozen=True)
class Watch:
    """A watchlist and the matcher made from it: both change together."""

    watchlist: Watchlist
    cache: Path

    @cached_property
    def matcher(self) -> Matcher:
        """The automaton over every written form, made when it is first needed."""
        return namecache.matcher(self.watchlist.entities, self.cache)


def _as_it_is(read: Watchlist) -> Watchlist:
    return read


class Runtime:
    """One to a process; safe to use from all of its threads."""

    def __init__(
        self, config: Settings, *, tries: int = 3, change: Callable[[Watchlist], Watchlist] = _as_it_is
    ) -> None:
        """Open nothing yet: the engine connects, and the watchlist is read, when first used.

        ``tries`` is how often a page is asked for before the feed's own text is taken for it. ``change`` is done to
        every watchlist that is read.
        """
        self.settings = config
        self.tries = tries
        self.engine: Engine = make_engine(config.database_url)
        self._change = change
        self.bad_edit: WatchlistError | None = None
        self.edit: object = None
        self.settled: object = None  # the last edit that is in the archive
        self._watch: Watch | None = None
        self._files: tuple[Path, ...] = (config.watchlist, env_file(config.watchlist))
        self._seen: object = None
        self._moving: object = None
        self._moved_at = 0.0
        self._looked_at = 0.0
        self._lock = threading.Lock()

    def watch(self) -> Watch:
        """The watchlist in force: the last good one.

        The files are looked at again once a second, and read when they have held still from one look to the next, for
        half a file may well be a watchlist too. An edit that cannot be read leaves the last good watchlist in force and
        is kept in ``bad_edit`` until a good one follows; either makes another ``edit``. Raises WatchlistError when
        there was never a good one.
        """
        with self._lock:
            if self._watch is None:
                self._wait_for_a_save()
                self._take(watchlist.load(self.settings.watchlist, self.settings.environ))
            elif time.monotonic() - self._looked_at >= LOOK_EVERY:
                self._look(self._watch)
            assert self._watch is not None  # noqa: S101  # taken above; the checker cannot know
            return self._watch

    def reads(self) -> str:
        """What ``watch`` gives, in a line for the other processes."""
        return edits.reads(self.watch().watchlist, self.bad_edit)

    def caught_up(self) -> bool:
        """Whether the files are as they were when they were last read; what was read then is what counts."""
        with self._lock:
            return self._watch is not None and self._marks() == self._seen

    def _look(self, watch: Watch) -> None:
        self._looked_at = time.monotonic()
        marks = self._marks()
        if marks == self._seen:
            return
        if marks != self._moving:
            self._moving, self._moved_at = marks, self._looked_at
            return
        if self._looked_at - self._moved_at < GONE and not self.settings.watchlist.exists():
            return
        read: Watchlist | WatchlistError
        try:
            read = watchlist.load(self.settings.watchlist, self._variables())
        except WatchlistError as error:
            read = error
        if self._marks() != marks:  # saved while it was being read
            return
        self.edit = marks
        if isinstance(read, Watchlist):
            self._take(read)
            logs.get(__name__).info("watchlist read", feeds=len(read.feeds), entities=len(read.entities))
        else:
            self.bad_edit = read
            self._keep_an_eye_on(watch.watchlist.files, read.files)
            logs.get(__name__).error("watchlist refused, the last good one stays in force", problems=str(read))

    def _variables(self) -> Mapping[str, str]:
        """What ``${NAME}`` is taken from, as it is in ``.env`` at this moment."""
        try:
            found = self.settings.variables()
        except SettingsError as error:
            file = str(env_file(self.settings.watchlist))
            raise WatchlistError([Problem(file, 1, 1, str(error), "")], [str(self.settings.watchlist)]) from None
        old = self.settings.environ
        for name in sorted({*old, *found}):
            if name.startswith(AT_THE_START) and old.get(name) != found.get(name):
                logs.get(__name__).warning("changed in .env and in force only after a restart", variable=name)
        return found

    def _take(self, read: Watchlist) -> None:
        self._watch, self.bad_edit = Watch(self._change(read), self.settings.cache), None
        self._keep_an_eye_on(read.files)

    def _keep_an_eye_on(self, *files: tuple[str, ...]) -> None:
        named = (Path(name) for some in files for name in some)
        own = self.settings.watchlist, env_file(self.settings.watchlist)
        self._files = tuple(dict.fromkeys((*own, *named)))
        self._seen, self._looked_at = self._marks(), time.monotonic()

    def _wait_for_a_save(self) -> None:
        """Let the file grow older than a second, for two seconds at most: it may be half written at the start too."""
        for _ in range(10):
            try:
                age = time.time() - self.settings.watchlist.stat().st_mtime
            except OSError:
                return
            if not 0 <= age < LOOK_EVERY:
                return
            time.sleep(LOOK_EVERY / 5)

    def _marks(self) -> object:
        """What changes when one of the files read is written: its time, its size, its inode."""
        marks: list[object] = []
        for path in self._files:
            try:
                stat = path.stat()
            except OSError:
                marks.append((path, None))
            else:
                marks.append((path, (stat.st_mtime_ns, stat.st_size, stat.st_ino)))
        return marks


_here: Runtime | None = None


def runtime() -> Runtime:
    """The runtime of this process, made from its settings when it is first asked for."""
    global _here  # noqa: PLW0603  # one to a process is the point
    if _here is None:
        _here = Runtime(settings())
    return _here


def use(made: Runtime) -> Runtime:
    """Let this process use a runtime that was made on purpose, as a trial run on a copy does."""
    global _here  # noqa: PLW0603
    _here = made
    return made
