"""One call that we dial: off-hook, dial tone, number, what becomes of it; from the answer on it is as any other.

An inbound call must never be lost to a dial. One that rings before we are off-hook wins. One whose first burst
rings at that moment, which no modem tells before its end, is picked up by going off-hook: somebody is there in
place of the dial tone, and nothing is dialled. Where this line has given dial tone before, silence shows it too.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.fxo.at import Result
from drivers.fxo.call import POLL, Call
from drivers.fxo.codecs import Coding
from drivers.fxo.dialogue import ask
from drivers.fxo.errors import AnswerFailed
from drivers.fxo.experience import Experience
from drivers.fxo.far_end import FarEnd
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import ModemEvent
from drivers.fxo.progress import FAILURES, DialToneJudge, Judge, Outcome, ProgressJudge
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.troubles import NO_TONE
from drivers.fxo.voice_class import VoiceClass
from drivers.line import (
    Answered,
    CallerId,
    Dial,
    DialFailed,
    DialFailure,
    FarEndRinging,
    GiveUp,
    Join,
    LineCommand,
    LineTrouble,
    LineTroubleOver,
    Part,
    Report,
    TroubleCode,
)

logger = logging.getLogger(__name__)

_NUMBER: Final = re.compile(r"[0-9]{1,32}", re.ASCII)
"""All that reaches a modem: `,` `;` `!` `W` and letters are orders to it. E.164 numbers have 15 digits, those of
carriers' prefixes and extensions a few more."""
DIALLING: Final = 10.0
"""Seconds that a modem's own wait for dial tone (S6, 2 to 4 s) and its answer may take."""
A_DIGIT: Final = 0.3
"""Seconds for each digit: S11, up to 0.1 s on and as long off."""
_AT_THE_ANSWER: Final = {ModemEvent.LOOP_BREAK, ModemEvent.POLARITY}
_REFUSALS: Final = {
    Result.NO_DIAL_TONE: (DialFailure.NO_LINE, "the modem hears no dial tone"),
    Result.BUSY: (DialFailure.BUSY, "the modem hears a busy tone"),
    Result.NO_LINE: (DialFailure.NO_LINE, "the modem finds no voltage on the line; check its cable"),
}

_DEAD: Final = {
    Result.NO_DIAL_TONE: f"the modem hears {NO_TONE}; or set `tones` to the line's country",
    Result.NO_LINE: "the modem finds no voltage on the line; check its cable",
}
"""Refusals that tell of the line, not of the number."""


def can_be_dialled(address: str) -> bool:
    """Whether `address` is a number that may be given to a modem: 1 to 32 digits."""
    return _NUMBER.fullmatch(address) is not None


class OutgoingCall(Call):
    """A leg that we dial; see Call. `dial.address` must be a number (`can_be_dialled`)."""

    def __init__(
        self,
        dial: Dial,
        modem: Modem,
        setup: ModemSetup,
        tones: str,
        rings: RingDetector,
        experience: Experience,
        report: Report,
        revive: Callable[[], Awaitable[None]],
        duplex_known: Callable[[bool], None],
    ) -> None:
        super().__init__(dial.leg, modem, setup, tones, rings, experience, report, revive, self._duplex)
        self._tell_duplex = duplex_known
        self._joins = True
        self._number = dial.address
        self._experience = experience
        self._judge: Judge | None = None
        self._far_end: FarEnd | None = None
        self._seized = False
        self._stage_over = False
        self._wanted: Join | Part | None = None
        self.inbound: VoiceClass | None = None
        """Somebody else's call was picked up and is still there, off-hook and in this class."""
        self.somebody_heard = False
        """Somebody was heard where dial tone should have been."""

    # -- what the line tells --------------------------------------------------------------------------------

    @property
    def off_hook(self) -> bool:
        """Whether rings are another call's."""
        return self._seized

    @property
    def seizing(self) -> bool:
        """Whether the modem was told to go off-hook."""
        return self._seized

    def rang(self, number: int) -> None:
        """More of a call that came in before we were off-hook."""

    def rang_while_off_hook(self) -> None:
        """Call waiting."""

    def identified(self, caller_id: CallerId) -> None:
        """Call waiting."""

    def event_received(self, code: str) -> None:
        """A DLE event code. Until the answer only the line's reversal says something."""
        if self._answered:
            super().event_received(code)
            return
        if self._setup.profile.events.get(code) in _AT_THE_ANSWER and isinstance(self._judge, ProgressJudge):
            self._judge.reversed()
        self._conversation.code_received(code, self._loop.time())

    def execute(self, command: LineCommand) -> None:
        """Take an order. A Join waits for the answer: another voice on the line would be taken for it."""
        if not self._answered and isinstance(command, Join | Part):
            self._wanted = command
        elif isinstance(command, GiveUp) and self._answered:
            logger.info("%s: not given up, somebody has picked up", self.leg)
        elif isinstance(command, GiveUp) and isinstance(self._judge, ProgressJudge):
            self._judge.give_up()
        else:
            super().execute(command)

    # -- its life -------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Nothing is reported of a call that we make until something is heard of it."""

    async def _live(self) -> None:
        try:
            await self._reach()
        except AnswerFailed as exc:
            self._give_up(DialFailure.NO_LINE, str(exc))
        self._seized = False
        if self.inbound is None:
            await self._put_down()

    async def _reach(self) -> None:
        """Dial, and talk to whoever picks up; or report why not."""
        coding = await self._seize()
        if coding is None or not await self._dial_tone(coding):
            return
        if isinstance(self._wanted, Join) and not self._joins:
            self._give_up(DialFailure.NO_LINE, "a half-duplex modem carries no conversation: nobody is dialled")
            return
        reply = await self._dial()
        if self._release_ordered:
            return
        if reply is not Result.OK:
            self._refused(reply)
            return
        self._report(LineTroubleOver(TroubleCode.NO_DIAL_TONE, "the line gives dial tone again"))
        await self._listen(coding, ProgressJudge(self._tones))

    def _refused(self, reply: Result) -> None:
        why, detail = _REFUSALS.get(reply, (DialFailure.NO_LINE, "the modem does not dial"))
        if reply in _DEAD:
            self._report(LineTrouble(TroubleCode.NO_DIAL_TONE, _DEAD[reply]))
        self._give_up(why, detail)

    async def _seize(self) -> Coding | None:
        """Off-hook, unless somebody is quicker."""
        if not self._given_up():
            await self._ringing.voice_class.enter()
            coding = (await self._ringing.voice_class.coding()).coding
        if self._superseded:
            self._give_up(DialFailure.NO_LINE, "a call is coming in")
        if self._given_up():
            return None
        self._seized = self._off_hook = True
        reply = await ask(self._modem, "AT+VLS=1")
        if reply is not None and reply.result in _DEAD:
            self._refused(reply.result)
            return None
        if reply is not None and not reply.ok:
            self._give_up(DialFailure.NO_LINE, f"the modem will not go off-hook: {reply.result.value}")
            return None
        return coding

    async def _dial_tone(self, coding: Coding) -> bool:
        outcome = await self._listen(coding, DialToneJudge())
        if outcome is Outcome.DIAL_TONE:
            self._experience.dial_tone_heard = True
            return not self._release_ordered
        somebody = outcome is Outcome.SOMEBODY or (outcome is not None and self._experience.dial_tone_heard)
        if outcome is Outcome.SILENCE and not somebody and not self._release_ordered:
            self._report(LineTrouble(TroubleCode.NO_DIAL_TONE, NO_TONE))
        self.somebody_heard = outcome is Outcome.SOMEBODY
        if somebody and not self._release_ordered:
            logger.info("a call came in as the line was seized: it is taken")
            self.inbound = self._ringing.voice_class
        return False

    async def _dial(self) -> Result:
        """Give the number to the modem; any character breaks that off."""
        command = f"ATDT{self._number};"  # `;`: back to commands at once, so that we can listen
        asked = self._loop.create_task(ask(self._modem, command, DIALLING + A_DIGIT * len(self._number)))
        broken_off = False
        try:
            while not asked.done():
                if self._release_ordered and not broken_off:
                    broken_off = self._modem.wire.write(b"\r")
                await asyncio.wait({asked}, timeout=POLL)
            reply = asked.result()
        finally:
            asked.cancel()
        return Result.OK if reply is None else reply.result

    async def _listen(self, coding: Coding, judge: Judge) -> Outcome | None:
        """Until the judge knows; with one who has heard somebody pick up, until the call is over."""
        self._judge, self._stage_over = judge, False
        if self._far_end is not None:
            self._far_end.judge = judge
        await self._conversation.connect(coding)
        watch = self._loop.create_task(self._attend(judge))
        try:
            await self._conversation.talk()
        finally:
            watch.cancel()
        return judge.outcome

    async def _attend(self, judge: Judge) -> None:
        """Report what the judge finds, as it does."""
        told = False
        while judge.outcome is None:
            await asyncio.sleep(POLL)
            if isinstance(judge, ProgressJudge) and judge.rings and not told:
                told = True
                self._report(FarEndRinging(self.leg))
        if self._release_ordered:
            return
        if judge.outcome is Outcome.ANSWERED:
            self._picked_up()
            await self._supervise()
            return
        if judge.outcome in FAILURES:
            self._give_up(FAILURES[judge.outcome], judge.outcome.value)
        self._stage_over = True
        self._conversation.end()

    def _picked_up(self) -> None:
        assert self._far_end is not None
        self._answered = True
        self._far_end.picked_up(self._loop.time())
        self._report(Answered(self.leg))
        self._conversation.settled()
        if self._wanted is not None:
            self.execute(self._wanted)

    def _give_up(self, why: DialFailure, detail: str) -> None:
        self._report(DialFailed(self.leg, why, detail))

    def _duplex(self, able: bool) -> None:
        self._joins = able
        self._tell_duplex(able)

    def _stream_over(self) -> bool:
        return self._release_ordered or self._stage_over

    def _make_far_end(self, coding: Coding) -> FarEnd:
        self._far_end = super()._make_far_end(coding)
        self._far_end.judge = self._judge
        return self._far_end
