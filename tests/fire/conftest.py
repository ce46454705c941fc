"""A line with calls up, and what must be true of them after whatever was done to the line."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from drivers.line import DigitReceived, FarEndHungUp, LegFailed, LineFault
from tests.sip.conftest import Bench, open_line  # noqa: F401 - a fixture
from tests.sip.peer.caller import Caller

TICK = os.sysconf("SC_CLK_TCK")
KEYS = "159"


class UnderFire:
    """Two calls of one line, from 127.0.0.1, with audio both ways."""

    def __init__(self, bench: Bench, calls: list[tuple[Caller, str]]) -> None:
        self.bench = bench
        self.calls = calls
        self.pid = bench.line.worker_pid

    def cpu(self) -> float:
        """Seconds that the worker has computed so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> int:
        """Kilobytes that the worker has resident."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0])

    def descriptors(self) -> int:
        """How many the worker has open."""
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    async def settle(self, sender: Caller | None = None) -> None:
        """Until the line has read whatever came before: it answers in turn."""
        other = sender or await Caller.open(self.bench.target)
        before = len([m for m in other.messages if m.method == "OPTIONS" and m.status == 200])
        for _ in range(10):  # a host that has asked too often is not heard for a moment
            other.request("OPTIONS")
            with contextlib.suppress(TimeoutError):
                await other.response("OPTIONS", 200, seconds=1.0, count=before + 1)
                break
        else:
            raise AssertionError("the line does not answer")
        if sender is None:
            other.close()

    async def assert_unharmed(self) -> None:
        """The same worker, no call ended, each caller heard and hearing."""
        assert self.bench.line.worker_pid == self.pid
        assert not [e for e in self.bench.reports.events if isinstance(e, FarEndHungUp | LegFailed | LineFault)]
        for caller, leg in self.calls:
            await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 10)
            before = len(self.bench.reports.of(DigitReceived, leg))
            for key in KEYS:
                caller.rtp.press(key)
            await self.bench.reports.wait(DigitReceived, leg=leg, count=before + len(KEYS))
            pressed = [event.digit for event in self.bench.reports.of(DigitReceived, leg)]
            assert "".join(pressed[before:]) == KEYS


Opens = Callable[..., Awaitable[UnderFire]]


@pytest.fixture
async def under_fire(open_line) -> AsyncIterator[Opens]:  # noqa: F811 - the fixture above
    """Opens lines with two calls up; they are ended at last, each by its caller."""
    opened: list[UnderFire] = []

    async def open_one(**options) -> UnderFire:
        bench = await open_line(**{"allow": ("127.0.0.1", "127.0.0.0/8"), **options})
        calls = [await bench.answered_call() for _ in range(2)]
        for caller, _ in calls:
            caller.rtp.start_sending()
            await caller.rtp.wait_for_packets(5)
        opened.append(UnderFire(bench, calls))
        return opened[-1]

    yield open_one
    for fire in opened:
        for caller, leg in fire.calls:
            caller.bye()
            await fire.bench.reports.wait(FarEndHungUp, leg=leg)
    await asyncio.sleep(0)
