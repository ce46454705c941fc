"""Looks at what is plugged in, which a wedged USB device must not hold up."""

from collections.abc import Callable
from typing import Final, TypeVar

from drivers.fxo.blocking import DeviceCalls

LOOK: Final = 5.0
"""Seconds for the kernel to tell which ports there are: milliseconds, unless a USB device has wedged."""

T = TypeVar("T")


async def looked(work: Callable[[], T], deadline: float = LOOK) -> T:
    """What `work`, which reads small files of devices, gives; in a thread, which is left behind where it hangs.
    Raises TimeoutError after `deadline` seconds."""
    return await DeviceCalls().run(work, deadline)
