"""An event loop whose clock jumps to the next timer: an hour of ringing costs milliseconds."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only by being waited for. It stands still while a thread works for the loop."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.working = 0
        waiting = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout=None):
                ready = super().select(None if waiting.working and timeout != 0 else 0)
                if not ready and timeout is not None:
                    # Never quite nothing: who waits for less than the time's last digit would wait for ever.
                    waiting.now += max(timeout, 1e-9)
                return ready

        super().__init__(Selector())

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        self.working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: object) -> None:
        self.working -= 1


def in_virtual_time(story: Callable[[], Coroutine[Any, Any, T]] | Coroutine[Any, Any, T]) -> T:
    """Run `story` to its end, however many seconds that would be."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story if asyncio.iscoroutine(story) else story())
