"""Idle connections are bounded in number and age."""

from __future__ import annotations

import socket

import pytest

from worker.http.pool import Pool
from worker.http.wire import Connection


@pytest.fixture
def ends() -> list[socket.socket]:
    """The servers' ends of the connections that ``connected`` makes."""
    return []


def connected(ends: list[socket.socket]) -> Connection:
    connection = Connection("peer.test")
    connection.sock, end = socket.socketpair()
    ends.append(end)
    return connection


def test_the_last_used_is_taken_first_and_only_by_its_key(ends: list[socket.socket]) -> None:
    pool = Pool()
    first, second = connected(ends), connected(ends)
    pool.give("key", first)
    pool.give("key", second)
    assert pool.take("other") is None
    assert [pool.take("key"), pool.take("key"), pool.take("key")] == [second, first, None]


def test_when_there_are_too_many_the_longest_unused_is_closed(ends: list[socket.socket]) -> None:
    pool = Pool(size=2)
    made = [connected(ends) for _ in range(4)]
    for number, connection in enumerate(made):
        pool.give(number, connection)
    assert [connection.is_closed for connection in made] == [True, True, False, False]
    pool.close()
    assert all(connection.is_closed for connection in made)


def test_one_that_waited_too_long_is_closed(ends: list[socket.socket]) -> None:
    pool = Pool(idle=0.0)
    connection = connected(ends)
    pool.give("key", connection)
    assert connection.is_closed
    assert pool.take("key") is None


@pytest.mark.parametrize("farewell", [b"", b"HTTP/1.1 408 Request Timeout\r\n"])
def test_one_that_the_server_closed_or_spoke_on_is_not_given_out(ends: list[socket.socket], farewell: bytes) -> None:
    pool = Pool()
    connection = connected(ends)
    pool.give("key", connection)
    if farewell:
        ends[0].sendall(farewell)
    else:
        ends[0].close()
    assert pool.take("key") is None
    assert connection.is_closed
