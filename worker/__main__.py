"""``python -m worker`` is ``wirewatch``."""

from worker.cli import main

main()
