"""Going off-hook: in the gap between two bursts, checked, and tried again only before any audio has run."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from drivers.fxo.codecs import RATE, VoiceMode
from drivers.fxo.dialogue import ask, first_ok
from drivers.fxo.errors import AnswerFailed, NoAnswer
from drivers.fxo.modem import Modem
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup

logger = logging.getLogger(__name__)

ATTEMPTS = 3
POLL = 0.05
SETTLE = 1.0
"""Seconds after going off-hook before audio: the line settles, the first words would be lost."""
LONGEST_CHECK = 6.0
"""One cadence of the slowest country."""


@dataclass(slots=True)
class Seizure:
    """What is known of this modem's OK to +VLS=1: some firmware says it and lets the line ring on."""

    proven: bool = False
    """It was seen to stop the ringing: the caller need not wait in silence for that to show again."""
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


async def go_off_hook(
    modem: Modem, setup: ModemSetup, rings: RingDetector, seizure: Seizure, given_up: Callable[[], bool]
) -> VoiceMode | None:
    """Answer in a gap, set the voice and, unless that is proven, see the ringing stop; the mode set.

    None when `given_up` or the caller stopped ringing first. Raises AnswerFailed when the line rings on after the
    last attempt; NoAnswer, PortLost.
    """
    mode: VoiceMode | None = None
    for attempt in range(1, ATTEMPTS + 1):
        if not await _gap(rings, given_up):
            return None
        burst = rings.number
        reply = await ask(modem, "AT+VLS=1")
        if reply is not None and not reply.ok:
            logger.warning("+VLS=1 refused, attempt %d", attempt)
            await asyncio.sleep(SETTLE)
            continue
        # Here rather than before +VLS=1: the ringing must be watched for seconds anyway.
        mode = mode or await set_voice(modem, setup)
        if await _ringing_stopped(rings, burst, seizure, given_up):
            return None if given_up() else mode
        seizure.rang_on()
        logger.warning("the line rings on after +VLS=1, attempt %d", attempt)
    try:
        await ask(modem, "AT+VLS=0")
    except NoAnswer:
        logger.warning("+VLS=0 not answered")
    raise AnswerFailed(f"the line went on ringing after {ATTEMPTS} attempts to go off-hook; check its wiring")


async def _gap(rings: RingDetector, given_up: Callable[[], bool]) -> bool:
    """Wait until the line is between two bursts; False when there will be no answer any more."""
    loop = asyncio.get_running_loop()
    while not rings.in_gap(loop.time()):
        if given_up() or loop.time() >= rings.gone_at:
            return False
        await asyncio.sleep(POLL)
    return not given_up()


async def _ringing_stopped(
    rings: RingDetector, burst: int, seizure: Seizure, given_up: Callable[[], bool]
) -> bool:
    """Whether the burst that was due next stays away; taken for granted where the modem has proved it."""
    loop = asyncio.get_running_loop()
    now = loop.time()
    due = now + SETTLE if seizure.proven else min(max(rings.next_burst_by, now + SETTLE), now + LONGEST_CHECK)
    while loop.time() < due:
        if rings.number != burst:
            return False
        if given_up():
            return True
        await asyncio.sleep(POLL)
    seizure.stopped_ringing()
    return True
