"""Run calls that may block for ever: each in a thread of its own, with a deadline.

A wedged USB modem can hold an ioctl, an open or a close for minutes. asyncio's executor would wait for such a
thread at exit; a daemon thread is left behind instead. A device on which a call hangs takes no further one but its
close, so at most two threads are left behind for each node, and none is added by trying again.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")


class DeviceCalls:
    """The blocking calls on one device, kept for as long as one of them runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hanging = 0

    @property
    def hang(self) -> bool:
        """Whether a call on this device is past its deadline and has not returned to this moment."""
        return self._hanging > 0

    async def run(
        self,
        work: Callable[[], T],
        deadline: float,
        late: Callable[[T], None] | None = None,
        *,
        last: bool = False,
    ) -> T:
        """Return what `work` returns or raise what it raises; TimeoutError after `deadline` seconds, and at once
        while another call hangs, unless this is the `last`, the close.

        `late`, called in a thread too, gets a result that nobody waits for any more: nothing it opened leaks.
        """
        if self.hang and not last:
            raise TimeoutError("another call on this device hangs")
        call = _Call(work, late, self._count)
        threading.Thread(target=call.run, name="fxo-blocking", daemon=True).start()
        try:
            async with asyncio.timeout(deadline):
                await call.over.wait()
        except TimeoutError:
            if call.leave(hangs=True):
                raise TimeoutError(f"no end within {deadline:g} s") from None
        except asyncio.CancelledError:
            call.leave(hangs=False)
            raise
        return call.outcome()

    def _count(self, change: int) -> None:
        with self._lock:
            self._hanging += change


_devices: WeakValueDictionary[str, DeviceCalls] = WeakValueDictionary()


def calls_on(device: str) -> DeviceCalls:
    """The calls on `device`, a node's own path: the same object for as long as one of its calls runs."""
    return _devices.setdefault(device, DeviceCalls())


class _Call(Generic[T]):
    """One call. Its thread and its caller agree under a lock who looks after the result."""

    def __init__(
        self, work: Callable[[], T], late: Callable[[T], None] | None, count: Callable[[int], None]
    ) -> None:
        self._work, self._late, self._count = work, late, count
        self._loop = asyncio.get_running_loop()
        self.over = asyncio.Event()
        self._lock = threading.Lock()
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._ended = self._left = self._hung = False

    def run(self) -> None:
        """The thread."""
        try:
            self._results.append(self._work())
        except BaseException as exc:  # noqa: BLE001 - carried over to the caller
            self._error = exc
        with self._lock:
            self._ended = True
            left = self._left
            if self._hung:
                self._count(-1)
        if left:
            self._look_after()
            return
        # A loop that has closed meanwhile has no one left to tell.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.over.set)

    def outcome(self) -> T:
        """What the work returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def leave(self, *, hangs: bool) -> bool:
        """Wait no more; False if it has ended all the same and the caller, unless cancelled, has its outcome."""
        with self._lock:
            if not self._ended:
                self._left = True
                if hangs:
                    self._hung = True
                    self._count(1)
                return True
        if not hangs:
            threading.Thread(target=self._look_after, name="fxo-blocking", daemon=True).start()
        return False

    def _look_after(self) -> None:
        if self._late is not None and self._results:
            self._late(self._results[0])
