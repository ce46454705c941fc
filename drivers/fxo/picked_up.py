"""A call that was picked up by going off-hook to dial, just as its first burst rang: it is offered as any other,
off-hook as it is. Its rings are counted up at once to the one at which it is to be answered: its customer hears
already that somebody is there."""

from collections.abc import Awaitable, Callable
from typing import Final

from drivers.fxo.call import Call
from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_class import VoiceClass
from drivers.fxo.waiting import happens
from drivers.line import FarEndHungUp, HangUpSign, Report, RingBurst

AT_ONCE: Final = 3
"""Rings that are counted at once: no standard has a call answered later."""
STEP: Final = 0.05
"""Seconds from one of them to the next, for an order to come."""
PATIENCE: Final = 30.0
"""Seconds without an order after which it is put down: the gateway wants no calls now."""


class PickedUpCall(Call):
    """An inbound leg that is off-hook from the first."""

    def __init__(
        self,
        leg: str,
        modem: Modem,
        setup: ModemSetup,
        tones: str,
        rings: RingDetector,
        experience: Experience,
        report: Report,
        revive: Callable[[], Awaitable[None]],
        duplex_known: Callable[[bool], None],
        voice_class: VoiceClass,
    ) -> None:
        """`voice_class`: class and coding as they are set already."""
        super().__init__(leg, modem, setup, tones, rings, experience, report, revive, duplex_known)
        self._ringing.voice_class = voice_class
        self._off_hook = self._answering.seizing = True
        self._answering.off_hook_at = self._loop.time()

    def rang_while_off_hook(self) -> None:
        """Call waiting: the line has been taken."""

    async def _live(self) -> None:
        if await self._ordered():
            await self._converse()
        elif not self._release_ordered:
            self._report(FarEndHungUp(self.leg, HangUpSign.RING_STOPPED))
        await self._put_down()

    async def _ordered(self) -> bool:
        """Whether it is to be answered."""
        for number in range(2, AT_ONCE + 1):
            if await self._order_comes(STEP):
                break
            self._report(RingBurst(self.leg, number))
        await self._order_comes(PATIENCE)
        return self._answer_ordered and not self._release_ordered

    async def _order_comes(self, within: float) -> bool:
        until = self._loop.time() + within
        while not (self._answer_ordered or self._release_ordered) and self._loop.time() < until:
            self._ringing.wake.clear()
            await happens(self._ringing.wake, until - self._loop.time())
        return self._answer_ordered or self._release_ordered
