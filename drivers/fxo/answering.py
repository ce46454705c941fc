"""Going off-hook, in the gap between two bursts and checked where that is not proven; and on-hook again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from drivers.fxo.at import Result
from drivers.fxo.dialogue import ask
from drivers.fxo.errors import AnswerFailed, NoAnswer
from drivers.fxo.experience import Experience
from drivers.fxo.handset import OWN_PICK_UP, HandsetWatch
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.ring_detector import GAP_BEGINS, RingDetector

logger = logging.getLogger(__name__)

ATTEMPTS = 3
POLL = 0.05
ON_HOOK = ("AT+VLS=0", "ATH", "AT+FCLASS=0")
"""Each suffices for some maker; together they leave every modem on-hook in class 0."""
ON_HOOK_TIMEOUT = 2.5
"""Shorter than for other commands: a line that stays seized is worse than a recovery too many."""
LONGEST_CHECK = 6.0
"""One cadence of the slowest country."""
BURST_OVER = 0.12
"""Seconds after a report in which its burst has ended: modems tell a ring at the burst's end, give or take 0.1 s
(v253 §11.5)."""


class Answering:
    """Takes one ringing call off-hook, again where it rings on: ATTEMPTS times in all, however far each came."""

    def __init__(self, modem: Modem, rings: RingDetector, experience: Experience, handset: HandsetWatch) -> None:
        self._modem = modem
        self._handset = handset
        self._rings = rings
        self._experience = experience
        self._loop = asyncio.get_running_loop()
        self._attempts = 0
        self._wait = BURST_OVER
        """Seconds from the last report to +VLS=1."""
        self.seizing = False
        """+VLS=1 has been sent: whoever calls by now is being answered."""
        self.off_hook_at = 0.0
        """When the modem said the last time that it is off-hook."""
        self._asked_at: float | None = None
        """When it was told so for the last time, until it has answered."""

    def picking_up(self, now: float) -> bool:
        """Whether what the modem tells of a telephone may be our own going off-hook."""
        return self.seizing and (self._asked_at is not None or now < self.off_hook_at + OWN_PICK_UP)

    async def go_off_hook(self, given_up: Callable[[], bool], identified: Callable[[], bool]) -> bool:
        """Answer in a gap and, unless that is proven, see the ringing stop.

        False when `given_up` or the caller stopped ringing first; `identified` tells whether his number is known.
        A modem that finds the line in use is asked again only if it rings on (HandsetWatch).
        Raises AnswerFailed when the line rings on after the last attempt; NoAnswer, PortLost.
        """
        refused: Result | None = None
        while self._attempts < ATTEMPTS:
            if not await self._gap(given_up, identified):
                return False
            self.seizing = True
            self._attempts += 1
            burst = self._rings.number
            self._asked_at = self._loop.time()
            reply = await ask(self._modem, "AT+VLS=1")
            self._asked_at, self.off_hook_at = None, self._loop.time()
            refused = reply.result if reply is not None and not reply.ok else None
            if refused is not None:
                logger.warning("+VLS=1 refused, attempt %d", self._attempts)
                await asyncio.sleep(self._modem.delays.settle)
                continue
            if self._experience.off_hook_proven:
                return not given_up()
            if await self._ringing_stopped(burst, given_up):
                return not given_up()
            self.rang_on()
        try:
            await ask(self._modem, "AT+VLS=0")
        except NoAnswer:
            logger.warning("+VLS=0 not answered")
        if refused is Result.NO_LINE:
            raise AnswerFailed("the modem finds no voltage on the line (NO LINE); check its cable")
        if refused is not None:
            raise AnswerFailed(f"the modem refused +VLS=1 {ATTEMPTS} times; run: sansheng modem probe")
        raise AnswerFailed(f"the line went on ringing after {ATTEMPTS} attempts to go off-hook; check its wiring")

    def rang_on(self) -> None:
        """A burst came after +VLS=1 was answered OK."""
        self._experience.rang_on(at_once=self._wait < GAP_BEGINS)
        logger.warning("the line rings on after +VLS=1, attempt %d", self._attempts)

    async def _gap(self, given_up: Callable[[], bool], identified: Callable[[], bool]) -> bool:
        """Wait until the line is between two bursts, the caller cannot turn out to be another one and nobody seems
        to have picked up a parallel telephone; False when there will be no answer any more."""
        rings = self._rings
        self._wait = GAP_BEGINS if self._attempts or self._experience.rings_told_early else BURST_OVER
        while (
            not rings.in_gap(now := self._loop.time(), self._wait)
            or (not self.seizing and rings.identity_awaited(now, known=identified()))
            or self._handset.confirmed_at is not None
        ):
            if given_up() or now >= rings.gone_at:
                return False
            left = rings.last_burst + self._wait - now
            await asyncio.sleep(min(left, POLL) if left > 0 else POLL)
        return not given_up()

    async def _ringing_stopped(self, burst: int, given_up: Callable[[], bool]) -> bool:
        """Whether the burst that was due next stays away."""
        now = self._loop.time()
        due = min(max(self._rings.next_burst_by, now + self._modem.delays.settle), now + LONGEST_CHECK)
        while self._loop.time() < due:
            if self._rings.number != burst:
                return False
            if given_up():
                return True
            await asyncio.sleep(POLL)
        self._experience.stopped_ringing()
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
