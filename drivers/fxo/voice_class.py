"""Class 8 and its settings for one call: entered while it still rings, so that off-hook is one command away.

The standards count in rings, so the answer is due as soon as a burst is over. Class 8 and a coding take five
commands with V.250's pause after each: too long then, and time enough between two bursts. Rings come as DLE R in
class 8; a modem that tells none there is brought back to class 0 within the call.
"""

import logging

from drivers.fxo.codecs import VoiceMode
from drivers.fxo.coding import set_coding
from drivers.fxo.dialogue import ask
from drivers.fxo.errors import AnswerFailed
from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup

logger = logging.getLogger(__name__)

IDENTITY_OVER = 3.0
"""Seconds after the first report by which a caller ID has come or will not: it comes 1 to 2 s after it (v253 §4).
Not every modem gives it in class 8."""


class VoiceClass:
    """One call's stay in class 8. All times in the loop's seconds."""

    def __init__(self, modem: Modem, setup: ModemSetup, rings: RingDetector, experience: Experience) -> None:
        self._modem = modem
        self._setup = setup
        self._rings = rings
        self._experience = experience
        self._mode: VoiceMode | None = None
        self._tried = False
        self._deaf_since: float | None = None
        """The last burst when class 8 was left because none was told there."""
        self.entered = False
        """Class 8 has been asked for: the modem must be brought back to class 0."""

    def look_at(self, *, identified: bool) -> float | None:
        """When `look` has something to do; None if it has not."""
        if self.entered:
            return self._rings.next_burst_by
        if self._tried or self._experience.deaf_in_voice_class:
            return None
        return self._rings.last_burst + (0.0 if identified else IDENTITY_OVER)

    async def look(self, now: float, *, identified: bool) -> None:
        """While it rings: enter as soon as the caller ID has come; leave again if no ring is told there.

        Raises NoAnswer, PortLost. A refusal is no matter yet: the answer may fare better.
        """
        self.learn()
        due = self.look_at(identified=identified)
        if due is None or now < due:
            return
        if self.entered:
            logger.info("no ring told in class 8 when one was due: back to class 0")
            self._deaf_since = self._rings.last_burst
            await self._leave()
            return
        self._tried = True
        try:
            await self.enter()
            await self.coding()
        except AnswerFailed as exc:
            logger.info("not before the answer: %s", exc)
            await self._leave()

    async def enter(self) -> None:
        """Class 8, if it has not been entered. Raises AnswerFailed, NoAnswer, PortLost."""
        self.learn()
        if self.entered:
            return
        self.entered = True
        self._mode = None
        for _attempt in range(2):  # an ERROR may be what another program's command was answered (ModemManager)
            reply = await ask(self._modem, "AT+FCLASS=8")
            if reply is None or reply.ok:
                return
        raise AnswerFailed("the modem refuses +FCLASS=8 with a call waiting")

    async def coding(self) -> VoiceMode:
        """The coding, set with every timer of the modem off if it has not been. Raises AnswerFailed, NoAnswer,
        PortLost."""
        if self._mode is None:
            self._mode = await set_coding(self._modem, self._setup)
        return self._mode

    def learn(self) -> None:
        """A burst told after class 8 was left: none was told there."""
        if self._deaf_since is not None and self._rings.last_burst > self._deaf_since:
            self._experience.deaf_in_voice_class = True

    async def _leave(self) -> None:
        self.entered = False
        await ask(self._modem, "AT+FCLASS=0")
