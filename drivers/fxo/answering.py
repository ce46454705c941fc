"""Going off-hook, in the gap between two bursts and checked where that is not proven; and on-hook again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from drivers.fxo.codecs import RATE, VoiceMode
from drivers.fxo.dialogue import ask, first_ok
from drivers.fxo.errors import AnswerFailed, NoAnswer
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup

logger = logging.getLogger(__name__)

ATTEMPTS = 3
POLL = 0.05
SETTLE = 0.8
"""Seconds after going off-hook before a prompt: the line settles, the first words would be lost."""
ON_HOOK = ("AT+VLS=0", "ATH", "AT+FCLASS=0")
"""Each suffices for some maker; together they leave every modem on-hook in class 0."""
ON_HOOK_TIMEOUT = 2.5
"""Shorter than for other commands: a line that stays seized is worse than a recovery too many."""
LONGEST_CHECK = 6.0
"""One cadence of the slowest country."""


@dataclass(slots=True)
class Seizure:
    """What is known of this modem's OK to +VLS=1: some firmware says it and lets the line ring on."""

    proven: bool = False
    """It was seen to stop the ringing, here or with every modem of its family: the caller need not wait in silence
    for that to show again."""
    refuted: bool = False
    """It was seen to be untrue: every answer is checked from now on."""

    def stopped_ringing(self) -> None:
        """An OK was followed by a whole cadence without a burst."""
        self.proven = not self.refuted

    def rang_on(self) -> None:
        """An OK was followed by a burst."""
        self.proven, self.refuted = False, True


async def enter_voice_class(modem: Modem) -> None:
    """Class 8. Raises AnswerFailed, NoAnswer, PortLost."""
    entered = await ask(modem, "AT+FCLASS=8")
    if entered is not None and not entered.ok:
        raise AnswerFailed("the modem refuses +FCLASS=8 with a call waiting")


async def set_voice(modem: Modem, setup: ModemSetup) -> VoiceMode:
    """Set a coding, and every timer of the modem off. Raises AnswerFailed, NoAnswer, PortLost."""
    for mode in setup.modes:
        # Some Conexant firmware wants its two silence parameters too.
        forms = (f"AT+VSM={mode.id},{RATE}", f"AT+VSM={mode.id},{RATE},0,0")
        if await first_ok(modem, forms):
            await first_ok(modem, setup.profile.silence_detection_off)
            await ask(modem, "AT+VIT=0")
            return mode
    raise AnswerFailed("the modem refuses every voice coding it offers")


class Answering:
    """Takes one ringing call off-hook, again where it rings on: ATTEMPTS times in all, however far each came."""

    def __init__(self, modem: Modem, rings: RingDetector, seizure: Seizure) -> None:
        self._modem = modem
        self._rings = rings
        self._seizure = seizure
        self._loop = asyncio.get_running_loop()
        self._attempts = 0
        self.seizing = False
        """+VLS=1 has been sent: whoever calls by now is being answered."""
        self.off_hook_at = 0.0
        """When the modem said the last time that it is off-hook."""

    async def go_off_hook(self, given_up: Callable[[], bool], identified: Callable[[], bool]) -> bool:
        """Answer in a gap and, unless that is proven, see the ringing stop.

        False when `given_up` or the caller stopped ringing first; `identified` tells whether his number is known.
        Raises AnswerFailed when the line rings on after the last attempt; NoAnswer, PortLost.
        """
        while self._attempts < ATTEMPTS:
            if not await self._gap(given_up, identified):
                return False
            self.seizing = True
            self._attempts += 1
            burst = self._rings.number
            reply = await ask(self._modem, "AT+VLS=1")
            if reply is not None and not reply.ok:
                logger.warning("+VLS=1 refused, attempt %d", self._attempts)
                await asyncio.sleep(SETTLE)
                continue
            self.off_hook_at = self._loop.time()
            if self._seizure.proven:
                return not given_up()
            if await self._ringing_stopped(burst, given_up):
                return not given_up()
            self.rang_on()
        try:
            await ask(self._modem, "AT+VLS=0")
        except NoAnswer:
            logger.warning("+VLS=0 not answered")
        raise AnswerFailed(f"the line went on ringing after {ATTEMPTS} attempts to go off-hook; check its wiring")

    def rang_on(self) -> None:
        """A burst came after +VLS=1 was answered OK."""
        self._seizure.rang_on()
        logger.warning("the line rings on after +VLS=1, attempt %d", self._attempts)

    async def _gap(self, given_up: Callable[[], bool], identified: Callable[[], bool]) -> bool:
        """Wait until the line is between two bursts and the caller cannot turn out to be another one; False when
        there will be no answer any more."""
        rings = self._rings
        while not rings.in_gap(now := self._loop.time()) or (
            not self.seizing and rings.identity_awaited(now, known=identified())
        ):
            if given_up() or now >= rings.gone_at:
                return False
            await asyncio.sleep(POLL)
        return not given_up()

    async def _ringing_stopped(self, burst: int, given_up: Callable[[], bool]) -> bool:
        """Whether the burst that was due next stays away."""
        now = self._loop.time()
        due = min(max(self._rings.next_burst_by, now + SETTLE), now + LONGEST_CHECK)
        while self._loop.time() < due:
            if self._rings.number != burst:
                return False
            if given_up():
                return True
            await asyncio.sleep(POLL)
        self._seizure.stopped_ringing()
        return True


async def leave_stream(modem: Modem) -> None:
    """Back to command state if a stream was left running."""
    if modem.state is not ModemState.COMMAND:
        await modem.escape()


async def put_on_hook(modem: Modem, revive: Callable[[], Awaitable[None]]) -> None:
    """On-hook and back in class 0, whatever that takes."""
    await leave_stream(modem)
    try:
        for command in ON_HOOK:
            await ask(modem, command, ON_HOOK_TIMEOUT)
    except NoAnswer:
        logger.warning("the modem does not answer on release; recovering it")
        await revive()
