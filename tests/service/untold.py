"""Waiting for an event that nobody tells of."""

import threading
from collections.abc import Callable

PATIENCE = 60.0


def until(what: Callable[[], bool]) -> None:
    """Look until it has happened; fails after PATIENCE seconds."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if what():
            return
        pause.wait(0.02)
    raise AssertionError("it has not happened")
