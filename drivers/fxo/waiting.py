"""Waiting with a limit of time. Not by asyncio.wait_for: in Python 3.11 it loses a cancellation that comes in the
same turn of the loop as what it waits for, and what was to end goes on."""

import asyncio
from contextlib import suppress


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether `event` is set within so many seconds; true at once if it is set already."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, within)):
            await event.wait()
            return True
    return event.is_set()  # a busy machine may come to both in one turn
