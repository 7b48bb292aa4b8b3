"""Whatever the file holds, the answer is a watchlist or a WatchlistError."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.watchlist import WatchlistError, load, parse

WORDS = (
    "channels:", "defaults:", "feeds:", "entities:", "retention:", "name:", "url:", "opml:", "every:", "notify:",
    "type:", "slack", "email", "webhook:", "token:", "to:", "from:", "smtp:", "aliases:", "near:", "kind:", "company",
    "smtp://u@h", "https://a.example/{name}", "https://[::1", "a.opml", "5m", "-1", "${A}", "${", "$${", "'", '"', "\n",
    "\n  ", "\n    ", "\n  - ", "[", "]", "{", "}", ",", " ", "*x", "&x", "!t", "|", ">", "\t", "# ", "---", "?", "<<:",
    "é", "Ж", "\u2028", "\ufeff", "x@y",
)  # fmt: skip
SCALARS = st.sampled_from([word.strip(":") for word in WORDS]) | st.text(max_size=8)
# A slow machine is no failure.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
OPML = st.binary(max_size=60) | st.sampled_from(
    [b"<opml><outline xmlUrl='http://[x'/></opml>", b"<?xml encoding='x'?>"]
)


def as_yaml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    return "'" + str(value).replace("'", "''") + "'"


def answers(text: str, opml: bytes = b"") -> None:
    with contextlib.suppress(WatchlistError):
        parse(text, "w.yaml", {"A": "https://a.example/\n"}, lambda _name: opml)


@UNTIMED
@given(st.text() | st.lists(st.sampled_from(WORDS), max_size=40).map("".join), OPML)
def test_any_text_is_answered(text: str, opml: bytes) -> None:
    answers(text, opml)


@UNTIMED
@given(
    st.dictionaries(
        st.sampled_from(["channels", "defaults", "feeds", "entities", "retention"]),
        st.recursive(
            SCALARS,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=4),
            max_leaves=15,
        ),
    ),
    OPML,
)
def test_any_tree_is_answered(tree: dict[str, object], opml: bytes) -> None:
    answers(as_yaml(tree), opml)


@UNTIMED
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(body)
    with contextlib.suppress(WatchlistError):
        load(path, {})
