"""The ringing part of a call: what is done between the bursts until it is known whether to answer."""

import asyncio
import logging
from collections.abc import Callable

from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_count import RingCount
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_class import VoiceClass
from drivers.fxo.waiting import happens

logger = logging.getLogger(__name__)


class Ringing:
    """Sets class 8 in time and finds rings that were not told. `wake` is set whenever something has changed."""

    def __init__(self, modem: Modem, setup: ModemSetup, rings: RingDetector, experience: Experience) -> None:
        self.wake = asyncio.Event()
        self.voice_class = VoiceClass(modem, setup, rings, experience)
        self._rings = rings
        self._count = RingCount(modem, rings, experience)
        self._experience = experience
        self._loop = asyncio.get_running_loop()

    async def until(
        self, decided: Callable[[], bool], identified: Callable[[], bool], rang: Callable[[int], None]
    ) -> bool:
        """True as soon as `decided`, False when the caller has given up. `identified`: his number is known; `rang`
        is told of rings that the modem did not tell. Raises NoAnswer, PortLost."""
        try:
            while not decided():
                left = self._rings.gone_at - self._loop.time()
                if left <= 0:
                    return False
                await self._sleep(left, identified())
                if not decided():
                    await self._look(decided, identified, rang)
            return True
        finally:
            self._count.over()
            if not self._experience.counts_rings:  # else a burst that was not told did not ring
                self.voice_class.learn()

    async def _sleep(self, longest: float, identified: bool) -> None:
        looks = (
            self._count.look_at(),
            self._perhaps_at(identified),
            self.voice_class.look_at(identified=identified),
        )
        left = min((at - self._loop.time() for at in looks if at is not None), default=longest)
        self.wake.clear()
        await happens(self.wake, min(left, longest))

    def _perhaps_at(self, identified: bool) -> float | None:
        """When it is known that no caller ID comes to show another caller than before the silence: he may be the
        same one, who has heard more rings. None where that is not in question."""
        same = self._rings.perhaps > self._rings.number and not identified
        return self._rings.identity_by if same and not self._experience.counts_rings else None

    async def _look(
        self, decided: Callable[[], bool], identified: Callable[[], bool], rang: Callable[[int], None]
    ) -> None:
        number = await self._count.look(self._loop.time())
        if number is not None:
            rang(number)
        perhaps_at = self._perhaps_at(identified())
        if perhaps_at is not None and self._loop.time() >= perhaps_at:
            logger.info("no caller ID: ring %d, if it is the caller of before", self._rings.perhaps)
            self._rings.is_ring(self._rings.perhaps)
            rang(self._rings.number)
        if not decided():
            await self.voice_class.look(self._loop.time(), identified=identified())
