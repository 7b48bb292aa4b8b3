from __future__ import annotations

import weakref
from pathlib import Path

import pytest

from worker import namecache
from worker.entities import packed
from worker.entities.names import Profile, profile
from worker.types import Entity

KOSTAREV = Entity("Gleb Kostarev", "person", ("Костарев",), near=("крипто*",), exclude=("улица Костарева",))
BINANCE = Entity("Binance", "company", ("Бинанс",))
TEXT = "Костареву и Бинансу криптовалюта не чужда."


def found(directory: Path, *entities: Entity) -> list[str]:
    return [mention.form for mention in namecache.matcher(entities, directory).mentions("", TEXT)]


def test_what_is_packed_comes_back_as_it_was() -> None:
    profiles = {packed.digest(entity): profile(entity) for entity in (KOSTAREV, BINANCE)}
    back = packed.unpack(packed.pack(profiles))
    assert [(name, p.sought, p.detail) for name, p in back.items()] == [
        (name, p.sought, p.detail) for name, p in profiles.items()
    ]


def test_a_restart_makes_no_form_again_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tmp_path, KOSTAREV, BINANCE) == ["Костареву", "Бинансу"]

    def refuse(entity: Entity) -> Profile:
        raise AssertionError(entity.name)

    monkeypatch.setattr(namecache, "profile", refuse)
    assert found(tmp_path, BINANCE, KOSTAREV) == ["Костареву", "Бинансу"]


def test_only_what_changed_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, KOSTAREV, BINANCE)
    made: list[str] = []
    monkeypatch.setattr(namecache, "profile", lambda entity: made.append(entity.name) or profile(entity))
    found(tmp_path, KOSTAREV, Entity("Binance", "company", ("Бинанс", "BNB")))
    assert made == ["Binance"]


@pytest.mark.parametrize("damage", [b"", b"rubbish", b"wirewatch names x y\n{}", b"\xff" * 100])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / namecache.FILE
    path.write_bytes(damage)
    assert found(tmp_path, KOSTAREV, BINANCE) == ["Костареву", "Бинансу"]
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert found(tmp_path, KOSTAREV, BINANCE) == ["Костареву", "Бинансу"]
    assert path.read_bytes() == whole


def test_a_directory_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert found(file / "below", KOSTAREV, BINANCE) == ["Костареву", "Бинансу"]


def test_what_an_edit_has_replaced_is_let_go(tmp_path: Path) -> None:
    class Loop:
        def __init__(self) -> None:
            self.itself = self

    before = Loop()
    namecache.matcher([KOSTAREV], tmp_path)
    gone = weakref.ref(before)
    del before
    namecache.matcher([BINANCE], tmp_path)
    assert gone() is None
