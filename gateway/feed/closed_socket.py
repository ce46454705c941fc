"""A socket that was closed before the event loop came to watch it.

aiomqtt has the loop watch its socket a turn after paho asked for it; by then a lost connection may have closed it.
The loss is reported by the connection itself: the loop's own traceback would only frighten.
"""

import asyncio
import errno
from typing import Any


def overlook_closed_sockets(loop: asyncio.AbstractEventLoop) -> None:
    """Keep `loop` from logging a socket closed before it was watched; every other error is told as before."""
    told_before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        watched_late = isinstance(error, OSError) and error.errno == errno.EBADF
        if watched_late and "add_writer" in context.get("message", ""):
            return
        if told_before is not None:
            told_before(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
