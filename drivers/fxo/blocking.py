"""Run a call that may block for ever: in a thread of its own, with a deadline.

A wedged USB modem can hold an ioctl, an open or a close for minutes. asyncio's executor would wait for such a
thread at exit; a daemon thread is left behind instead.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T], deadline: float, late: Callable[[T], None] | None = None) -> T:
    """Return what `work` returns or raise what it raises; TimeoutError after `deadline` seconds.

    `late` gets the result that came after the deadline, so that nothing it opened leaks.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        # Without an error `result` is what `work` returned, a T even where that is None: mypy cannot know.
        if future.done():
            if error is None and late is not None:
                late(result)  # type: ignore[arg-type]
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = work()
        except BaseException as exc:  # noqa: BLE001 - carried over to the caller's thread
            error = exc
        # A loop that has closed meanwhile has no one left to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="fxo-blocking", daemon=True).start()
    return await asyncio.wait_for(future, deadline)
