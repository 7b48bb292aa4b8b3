"""The memory that large bodies may take together."""

from __future__ import annotations

import threading

from worker.http.room import Room


def test_one_that_is_alone_has_all_the_room_it_wants() -> None:
    room = Room(100)
    assert room.reserve(80, 0.0)
    assert room.reserve(80, 0.0)


def test_others_wait_until_there_is_room_or_their_time_is_over() -> None:
    room = Room(100)
    assert room.reserve(80, 0.0)
    answers: list[bool] = []
    asked = threading.Event()

    def other() -> None:
        answers.append(room.reserve(50, 0.0))
        asked.set()
        answers.append(room.reserve(50, 30.0))
        room.release()

    thread = threading.Thread(target=other)
    thread.start()
    asked.wait(30.0)
    room.shrink(30)
    thread.join(30.0)
    assert answers == [False, True]
    room.release()
    assert room.reserve(1000, 0.0)
