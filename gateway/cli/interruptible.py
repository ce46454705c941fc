"""Commands that must not be cut off: a signal asks them to stop, and they take the time they need."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_to_its_end(command: Callable[[asyncio.Event], Awaitable[T]], notice: str) -> tuple[T, int | None]:
    """Run `command`, whose event is set by ^C, SIGTERM or the terminal's end; its result, and the exit code that
    the first of these asks for, or None. At that one `notice` is printed on standard error; further ones change
    nothing."""
    return asyncio.run(_watched(command, notice))


async def _watched(command: Callable[[asyncio.Event], Awaitable[T]], notice: str) -> tuple[T, int | None]:
    stop = asyncio.Event()
    came: list[int] = []

    def on_signal(number: int) -> None:
        stop.set()
        came.append(number)
        if len(came) == 1:
            with suppress(OSError):  # the terminal may be what has ended
                print(notice, file=sys.stderr, flush=True)

    loop = asyncio.get_running_loop()
    for number in STOPPING:
        loop.add_signal_handler(number, on_signal, number)
    result = await command(stop)
    return result, 128 + came[0] if came else None
