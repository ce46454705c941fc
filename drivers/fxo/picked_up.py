"""A call that was picked up by going off-hook to dial, just as its first burst rang: it is offered as any other,
with the one ring that rang, and answered without an order: its customer hears already that somebody is there."""

from collections.abc import Awaitable, Callable

from drivers.fxo.call import Call
from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_class import VoiceClass
from drivers.line import Report


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
        if not self._release_ordered:
            await self._converse()
        await self._put_down()
