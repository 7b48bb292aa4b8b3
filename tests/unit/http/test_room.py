"""The memory that large bodies may take together."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest

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


of_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what is said to glibc")


@of_glibc
def test_threads_have_one_heap_together(tmp_path: Path) -> None:
    code = """if True:
        import ctypes, sys, threading
        import worker.http.room
        threads = [threading.Thread(target=lambda: bytearray(2000)) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        libc = ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
        libc.malloc_info(0, file)
        libc.fclose(file)
    """
    told = tmp_path / "malloc.xml"
    subprocess.run([sys.executable, "-c", code, str(told)], check=True)
    assert told.read_text().count("<heap nr=") == 1


@of_glibc
def test_the_gaps_in_the_heap_are_given_back() -> None:
    code = """if True:
        import psutil
        from worker.http.room import give_back_gaps
        held = [bytes(2000) for _ in range(40_000)]
        del held[1::2], held[1::2], held[1::2], held[1::2]
        before = psutil.Process().memory_info().rss
        give_back_gaps()
        print(before - psutil.Process().memory_info().rss)
    """
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) > 40_000_000
