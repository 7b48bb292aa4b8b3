"""CPU work on hostile bytes, in children that can be killed.

Parsers crash, run for minutes or take gigabytes on a file of a megabyte. So they run in child processes with a limit on
time and memory: ``run(function, argument, timeout=15)`` calls it there and gives its result back. A child that is
killed costs its own task alone.

Children start when they are needed, about one a processor, work for many tasks, end when nothing was asked of them
for a while, and die with their parent however that ends. They get no secrets: their environment holds only what Python
needs. A child is a plain ``python -c`` and not one of multiprocessing's, because those import the parent's main module
again, and with it the database, the queue and a hundred megabytes.
"""

from __future__ import annotations

from worker.sandbox.pool import Sandbox, SandboxError, SandboxKind, SandboxLimits, close, run

__all__ = ["Sandbox", "SandboxError", "SandboxKind", "SandboxLimits", "close", "run"]
