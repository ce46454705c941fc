"""The ringing part of a call: what is done between the bursts until it is known whether to answer."""

import asyncio
from collections.abc import Callable

from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_count import RingCount
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_class import VoiceClass
from drivers.fxo.waiting import happens


class Ringing:
    """Sets class 8 in time and finds rings that were not told. `wake` is set whenever something has changed."""

    def __init__(self, modem: Modem, setup: ModemSetup, rings: RingDetector, experience: Experience) -> None:
        self.wake = asyncio.Event()
        self.voice_class = VoiceClass(modem, setup, rings, experience)
        self._rings = rings
        self._count = RingCount(modem, rings, experience)
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

    async def _sleep(self, longest: float, identified: bool) -> None:
        looks = (self._count.look_at(), self.voice_class.look_at(identified=identified))
        left = min((at - self._loop.time() for at in looks if at is not None), default=longest)
        self.wake.clear()
        await happens(self.wake, min(left, longest))

    async def _look(
        self, decided: Callable[[], bool], identified: Callable[[], bool], rang: Callable[[int], None]
    ) -> None:
        number = await self._count.look(self._loop.time())
        if number is not None:
            rang(number)
        if not decided():
            await self.voice_class.look(self._loop.time(), identified=identified())
