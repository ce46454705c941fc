"""A caller on the emulated exchange, who does at once what he is asked to do."""

import asyncio
import time
from collections.abc import Iterator
from typing import ClassVar

import attr
import numpy as np
from labgrid import target_factory
from labgrid.driver import Driver

from drivers.emulator import Caller, Clearing, Exchange, LineState, Press, Sound, Wait
from drivers.emulator.audio import TICK
from drivers.emulator.callers import Action
from hw_tests.bench.emulated_modem import NUMBER, PATIENCE, EmulatedModemDriver
from hw_tests.bench.far_end import Ability, FarEnd, Means, Samples


class _Script:
    """What the caller does next, decided while he talks."""

    def __init__(self) -> None:
        self._wanted: Action | None = None
        self._done = asyncio.Event()

    def __iter__(self) -> Iterator[Action]:
        while True:
            if self._wanted is None:
                yield Wait(TICK)
                continue
            yield self._wanted
            self._wanted = None
            self._done.set()

    async def do(self, action: Action) -> None:
        """Do `action`, and return when it is done."""
        self._done.clear()
        self._wanted = action
        await self._done.wait()


@target_factory.reg_driver
@attr.s(eq=False)
class EmulatedFarEndDriver(Driver, FarEnd):
    """Calls over the emulated exchange, and sees all that happens there."""

    bindings: ClassVar = {"modem": EmulatedModemDriver}
    modem: EmulatedModemDriver
    number = NUMBER

    def cannot(self, wanted: Ability | Means) -> str | None:
        return None

    @property
    def _exchange(self) -> Exchange:
        return self.modem.modem.exchange

    async def ring(self) -> float:
        return await self.modem.pbx.do(self._ring())

    async def off_hook_at(self) -> float:
        return await self.modem.pbx.do(self._answered())

    def bursts(self) -> list[tuple[float, float]]:
        exchange, call = self._exchange, self._call
        period = exchange.ring_on + exchange.ring_off
        end = exchange.now if call.answered_at is None else call.answered_at
        begun = np.arange(call.began, end, period) - exchange.now + time.monotonic()
        return [(float(at), float(at) + exchange.ring_on) for at in begun]

    async def send(self, sound: Samples) -> None:
        await self.modem.pbx.do(self._script.do(Sound(sound.astype(np.float64))))

    async def press(self, keys: str) -> None:
        await self.modem.pbx.do(self._script.do(Press(keys)))

    async def listen(self, seconds: float) -> Samples:
        return await self.modem.pbx.do(self._listen(seconds))

    async def judge(self, question: str) -> bool:
        raise NotImplementedError("the emulated far end measures; it is not asked")

    async def hang_up(self, means: Means = Means.OWN) -> float:
        return await self.modem.pbx.do(self._hang_up(means))

    async def free(self) -> None:
        await self.modem.pbx.do(self._free())

    async def _ring(self) -> float:
        self._exchange.clearing = Clearing()  # its own custom: busy tone
        self._script = _Script()
        self._call = self._exchange.call(Caller("bench", self._script, NUMBER))
        return time.monotonic()

    async def _answered(self) -> float:
        await self._call.answered()
        return time.monotonic()

    async def _listen(self, seconds: float) -> Samples:
        begin = len(self._call.heard)
        await self.modem.modem.line_time(seconds)
        return self._call.heard[begin:]

    async def _hang_up(self, means: Means) -> float:
        if means is not Means.OWN:
            drop = means is Means.LOOP_DROP
            self._exchange.clearing = Clearing("silence" if drop else means.value, loop_drop=drop)
        self._call.leave()
        await self._call.left()
        return time.monotonic()

    async def _free(self) -> None:
        if self._exchange.current is not None and self._exchange.state is not LineState.CLEARING:
            self._exchange.current.leave()
        try:
            async with asyncio.timeout(PATIENCE):
                while self._exchange.state is not LineState.IDLE:
                    await self.modem.modem.line_time(TICK)
        except TimeoutError:
            raise AssertionError(f"the modem holds the line: it is {self._exchange.state.value}") from None
