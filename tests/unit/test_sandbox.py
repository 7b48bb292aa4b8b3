"""Hostile work is ended and told, the other work goes on, and nothing is left running."""

from __future__ import annotations

import math
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from worker.sandbox import Sandbox, SandboxError, SandboxKind, SandboxLimits, close

ROOT = Path(__file__).parents[2]
PLENTY = 30.0
"""Seconds for what takes a moment, on a machine however slow."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    close()  # children are counted, and those of the shared pool may idle from other tests
    made = Sandbox(SandboxLimits(children=2))
    yield made
    made.close()


def children(of: int | None = None) -> list[psutil.Process]:
    return [process for process in psutil.Process(of).children() if serves(process)]


def serves(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "worker.sandbox" in " ".join(process.cmdline())
    except psutil.Error:  # it has ended in the meantime
        return False


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=PLENTY)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_work_gives_its_result_and_a_child_serves_again(sandbox: Sandbox) -> None:
    first = sandbox.run(os.getpid, timeout=PLENTY)
    assert first != os.getpid()
    assert sandbox.run(os.getpid, timeout=PLENTY) == first
    assert sandbox.run(math.sqrt, 4.0, timeout=PLENTY) == 2.0
    large = bytes(range(256)) * 20_000
    assert sandbox.run(bytes, large, timeout=PLENTY) == large


@pytest.mark.parametrize(
    ("function", "arguments", "timeout", "expected"),
    [
        pytest.param(time.sleep, (600,), 0.2, (SandboxKind.TIMEOUT, "0.2 s"), id="sleeps"),
        pytest.param(pow, (7, 10**9), 0.2, (SandboxKind.TIMEOUT, "0.2 s"), id="holds the interpreter"),
        pytest.param(operator.mul, (b"x", 10**9), PLENTY, (SandboxKind.MEMORY, "memory"), id="allocates"),
        pytest.param(os.abort, (), PLENTY, (SandboxKind.CRASHED, "SIGABRT"), id="aborts"),
        pytest.param(signal.raise_signal, (signal.SIGSEGV,), PLENTY, (SandboxKind.CRASHED, "SIGSEGV"), id="crashes"),
        pytest.param(signal.raise_signal, (signal.SIGKILL,), PLENTY, (SandboxKind.CRASHED, "SIGKILL"), id="is killed"),
        pytest.param(os._exit, (3,), PLENTY, (SandboxKind.CRASHED, "status 3"), id="exits"),
        pytest.param(sys.exit, (3,), PLENTY, (SandboxKind.ERROR, "SystemExit"), id="asks to exit"),
        pytest.param(math.sqrt, (-1.0,), PLENTY, (SandboxKind.ERROR, "ValueError"), id="raises"),
        pytest.param(int, ("a\nb",), PLENTY, (SandboxKind.ERROR, "ValueError"), id="raises in two lines"),
        pytest.param(threading.Lock, (), PLENTY, (SandboxKind.ERROR, "pickle"), id="result that cannot travel"),
        pytest.param(
            exec, ("class E(Exception): pass\nraise E()",), PLENTY, (SandboxKind.ERROR, "E"), id="own exception"
        ),
    ],
)
def test_work_that_fails_is_told_and_the_next_is_done(
    sandbox: Sandbox, function: object, arguments: tuple[object, ...], timeout: float, expected: tuple[SandboxKind, str]
) -> None:
    with pytest.raises(SandboxError) as caught:
        sandbox.run(function, *arguments, timeout=timeout)  # type: ignore[arg-type]
    assert caught.value.kind is expected[0]
    assert expected[1] in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sandbox.run(math.sqrt, 4.0, timeout=PLENTY) == 2.0


def test_an_exception_that_the_caller_expects_comes_through(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="math domain"):
        sandbox.run(math.sqrt, -1.0, timeout=PLENTY, raises=(ValueError,))


def test_work_beside_a_killed_one_goes_on(sandbox: Sandbox) -> None:
    ended: list[SandboxKind] = []

    def hang() -> None:
        with pytest.raises(SandboxError) as caught:
            sandbox.run(time.sleep, 600, timeout=0.5)
        ended.append(caught.value.kind)

    thread = threading.Thread(target=hang)
    thread.start()
    results = [sandbox.run(math.sqrt, number**2, timeout=PLENTY) for number in range(200)]
    thread.join(PLENTY)
    assert results == list(range(200))
    assert ended == [SandboxKind.TIMEOUT]


def test_more_threads_than_children_are_all_served(sandbox: Sandbox) -> None:
    results: dict[int, float] = {}
    most: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            results[number] = sandbox.run(math.sqrt, number**2, timeout=PLENTY)
            most.append(len(children()))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PLENTY)
    assert results == {number: number for number in range(8)}
    assert max(most) <= 2


def test_a_child_is_replaced_after_its_tasks() -> None:
    sandbox = Sandbox(SandboxLimits(children=1, tasks=2))
    pids = [sandbox.run(os.getpid, timeout=PLENTY) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    sandbox.close()


def test_a_child_is_replaced_when_it_has_grown_however_large_the_parent_is() -> None:
    sandbox = Sandbox(SandboxLimits(children=1, memory=300_000_000))
    large = b"x" * 200_000_000
    before = sandbox.run(os.getpid, timeout=PLENTY)
    assert sandbox.run(os.getpid, timeout=PLENTY) == before
    del large
    sandbox.run(exec, "import builtins; builtins.kept = b'x' * 200_000_000", timeout=PLENTY)
    assert sandbox.run(os.getpid, timeout=PLENTY) != before
    sandbox.close()


def test_idle_children_end_and_new_ones_start() -> None:
    sandbox = Sandbox(SandboxLimits(children=1, idle=0.1))
    before = sandbox.run(os.getpid, timeout=PLENTY)
    end = time.monotonic() + PLENTY
    while psutil.pid_exists(before) and time.monotonic() < end:
        time.sleep(0.02)
    assert not psutil.pid_exists(before)
    assert sandbox.run(os.getpid, timeout=PLENTY) != before
    sandbox.close()


def test_a_child_that_was_killed_while_idle_is_replaced(sandbox: Sandbox) -> None:
    child = psutil.Process(sandbox.run(os.getpid, timeout=PLENTY))
    child.kill()
    assert gone([child])
    assert sandbox.run(os.getpid, timeout=PLENTY) != child.pid


def test_close_ends_the_children(sandbox: Sandbox) -> None:
    child = psutil.Process(sandbox.run(os.getpid, timeout=PLENTY))
    assert child.is_running()
    sandbox.close()
    assert gone([child])


def test_a_child_sees_no_secrets_and_imports_no_database(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.slack.com/s3cr3t")
    environ = sandbox.run(eval, "dict(__import__('os').environ)", timeout=PLENTY)
    assert "s3cr3t" not in str(environ)
    modules = sandbox.run(eval, "set(__import__('sys').modules)", timeout=PLENTY)
    assert not {"sqlalchemy", "celery", "urllib3", "pytest"} & modules


PARENT = """
import sys, threading, time
from worker.sandbox import Sandbox, SandboxLimits
sandbox = Sandbox(SandboxLimits(children=2))
threading.Thread(target=lambda: sandbox.run({work}, timeout=1), daemon=True).start()
sandbox.run(abs, 1, timeout=30)
print("ready", flush=True)
{then}
"""


def parent(work: str, then: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(work=work, then=then)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout
    assert started.stdout.readline() == "ready\n"
    return started


@pytest.mark.parametrize("work", ["time.sleep, 600", "pow, 7, 10**9"])
def test_nothing_is_left_running_when_the_parent_is_killed(work: str) -> None:
    started = parent(work, "time.sleep(600)")
    left = children(started.pid)
    assert left
    started.kill()
    started.communicate()
    assert gone(left)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_leaves_the_work_in_hand_alone(number: signal.Signals) -> None:
    then = (
        "import signal\nfor s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, lambda *_: stop.set())\n"
        "stop = threading.Event()\nprint('waits', flush=True)\nstop.wait(60)\nprint(sandbox.run(abs, -1, timeout=30))"
    )
    started = parent("time.sleep, 0", then)
    assert started.stdout
    assert started.stdout.readline() == "waits\n"
    left = children(started.pid)
    for child in left:
        child.send_signal(number)
    os.killpg(started.pid, number)
    out, err = started.communicate(timeout=PLENTY)
    assert (out, err, started.returncode) == ("1\n", "", 0)
    assert gone(left)
