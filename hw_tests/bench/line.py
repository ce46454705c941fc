"""The product's own line on the bench's modem, with all it reports and when."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from drivers.fxo.config import FxoConfig
from drivers.fxo.device import Whereabouts
from drivers.fxo.line import FxoLine
from drivers.fxo.port import Lost, Received, SerialPort
from drivers.line import LineCommand, LineEvent, LineRestored

E = TypeVar("E", bound=LineEvent)
Seen = tuple[float, E]
"""When it was reported, seconds of time.monotonic(), and what."""
IN_SERVICE = 60.0
"""Seconds in which a line comes into service or is given up, all of the recovery ladder included."""


class NotingPort(SerialPort):
    """Notes when the modem is ordered off-hook: how fast the product is, whatever the modem makes of it."""

    def __init__(self, whereabouts: Whereabouts, received: Received, lost: Lost) -> None:
        super().__init__(whereabouts, received, lost)
        self.orders: list[float] = []

    def write(self, data: bytes) -> bool:
        if data.startswith(b"AT+VLS=1"):
            self.orders.append(time.monotonic())
        return super().write(data)


class ServedLine:
    """A line in service. `events` is its whole history."""

    def __init__(self, config: FxoConfig) -> None:
        self._line = FxoLine(config, open_port=self._open_port)
        self.events: list[Seen[LineEvent]] = []
        self._orders: list[float] = []
        self._news = asyncio.Event()

    async def open(self) -> None:
        """Put it into service. Raises AssertionError with the fault it reports instead."""
        await self._line.open(self._report)
        _, first = self.events[0]
        assert isinstance(first, LineRestored), f"the line is not in service: {first}"

    async def close(self) -> None:
        await self._line.close()

    def execute(self, command: LineCommand) -> None:
        """Give the line an order."""
        self._line.execute(command)

    async def until(
        self, kind: type[E], within: float, since: int = 0, where: Callable[[E], bool] = lambda _: True
    ) -> Seen[E]:
        """The first event of `kind` from number `since` on that is as wanted. Raises AssertionError after `within`
        seconds, telling what came instead."""
        try:
            async with asyncio.timeout(within):
                while True:
                    for at, event in self.events[since:]:
                        if isinstance(event, kind) and where(event):
                            return at, event
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            seen = "; ".join(str(event) for _, event in self.events[since:]) or "nothing"
            raise AssertionError(f"no {kind.__name__} within {within:g} s; the line reported: {seen}") from None

    def all_of(self, kind: type[E], since: int = 0) -> list[Seen[E]]:
        """Every event of `kind` so far."""
        return [(at, event) for at, event in self.events[since:] if isinstance(event, kind)]

    def ordered_off_hook(self, since: float) -> float:
        """When the modem was ordered off-hook for the first time from `since` on."""
        return next(at for at in self._orders if at >= since)

    async def _open_port(self, whereabouts: Whereabouts, received: Received, lost: Lost) -> SerialPort:
        port = await NotingPort.open(whereabouts, received, lost)
        assert isinstance(port, NotingPort)
        port.orders = self._orders
        return port

    def _report(self, event: LineEvent) -> None:
        self.events.append((time.monotonic(), event))
        self._news.set()


@asynccontextmanager
async def served(config: FxoConfig) -> AsyncIterator[ServedLine]:
    """A line in service; on-hook and closed afterwards, whatever happens."""
    line = ServedLine(config)
    try:
        await line.open()
        yield line
    finally:
        await line.close()
