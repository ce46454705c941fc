"""Work that waits for the records' database at the start: no line stays out of service for one that hangs."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

PATIENCE: Final = 3.0
"""Seconds to wait for a database that may not answer; one that does takes some milliseconds."""
AT_WORK: Final = 10.0
"""Seconds for one that answers: to make its tables anew, or to take what an earlier run left."""

T = TypeVar("T")


async def in_time(seconds: float, work: Callable[[], T]) -> T | None:
    """What `work` gives or raises, in a thread; None where that takes longer. Then it goes on there by itself, and
    what it gives or raises is nobody's."""
    task = asyncio.create_task(asyncio.to_thread(work))
    done, _ = await asyncio.wait([task], timeout=seconds)
    if done:
        return task.result()
    task.add_done_callback(lambda late: late.cancelled() or late.exception())
    return None
