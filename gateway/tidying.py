"""What ended calls leave behind is thrown away soon, at a cost that no call feels."""

import asyncio
import gc

EVERY = 30.0
"""Seconds between two searches for garbage. The parts of a call refer to each other, so only a search finds them
once it has ended, and Python makes the one that does every few minutes: 0.7 MB of each call by telephone line,
most of it arrays of its ears, waited for that. A search takes 1.3 ms under ten calls."""


class Tidying:
    """Keeps what the gateway was made of out of the search for garbage: looked through with the rest, it would
    hold up every call for 0.1 s. Used on one event loop."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """What is there now stays; what comes and goes is looked through every EVERY seconds."""
        gc.collect()
        gc.freeze()
        self._again()

    def stop(self) -> None:
        """No more of it. Idempotent, and nothing where it was not started."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            gc.unfreeze()

    def _tidy(self) -> None:
        gc.collect()
        self._again()

    def _again(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._tidy)
