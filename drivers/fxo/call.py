"""One call on an FXO line, from its first ring to on-hook: ringing, answering, talking, releasing, in this order.

Orders only set flags or reach the voice stream; `run` alone walks through the phases, so that an order may come at
any moment and a lost port ends the walk wherever it is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from drivers.bridge.path import AudioPath
from drivers.fxo.answering import Answering, leave_stream, put_on_hook
from drivers.fxo.codecs import Coding
from drivers.fxo.conversation import Conversation
from drivers.fxo.digits import Keypad
from drivers.fxo.errors import AnswerFailed, FxoError
from drivers.fxo.event_codes import EventCodes
from drivers.fxo.experience import Experience
from drivers.fxo.far_end import FarEnd
from drivers.fxo.handset import HandsetWatch
from drivers.fxo.joined import Joined
from drivers.fxo.modem import Modem
from drivers.fxo.playback import PlayMark
from drivers.fxo.prompter import Prompter
from drivers.fxo.recording import CallRecording
from drivers.fxo.ring_detector import RingDetector
from drivers.fxo.ringing import Ringing
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.supervision import HangUpVote
from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    HandsetLifted,
    HangUpSign,
    Join,
    LegFailed,
    LegReleased,
    LineCommand,
    Part,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    Report,
    RingBurst,
    StopPlaying,
    StopRecording,
)

logger = logging.getLogger(__name__)

POLL = 0.05
DOUBTFUL_RINGS = 2
"""Bursts in the beat of the ringing, with audio already running and nobody heard, that show a line to ring on. One
may be call waiting, and a USR5637 that is taken off-hook again drops a live call (v253 §12.10). With a family that
is trusted a second off-hook changes nothing, and one burst is enough."""


class Call:
    """A leg. `revive` recovers a modem that does not answer and brings it up anew; `duplex_known` is told, before
    Answered, whether the call can hear while it plays."""

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
    ) -> None:
        self.leg = leg
        self._modem = modem
        self._setup = setup
        self._tones = tones
        self._rings = rings
        self._handset = HandsetWatch(setup.profile)
        self._answering = Answering(modem, rings, experience, self._handset)
        self._ringing = Ringing(modem, setup, rings, experience)
        self._report = report
        self._revive = revive
        self._loop = asyncio.get_running_loop()
        self.caller_id: CallerId | None = None
        self._answer_ordered = False
        self._release_ordered = False
        self._answered = False  # reported
        self._off_hook = False  # believed to be
        self._superseded = False
        self._rings_on = False
        self._rung_since = 0
        self._over = False  # the last fact was reported
        self._recording = CallRecording()
        self._prompter = Prompter(self._play_marked)
        self._conversation = Conversation(
            modem, setup.profile, self._prompter, self._make_far_end, self._stream_over, duplex_known
        )
        self._vote = HangUpVote(setup.profile.busy_codes_needed, setup.profile.events)
        self._keypad = Keypad(setup.profile.frames_digits, self._key_pressed)
        self._codes = EventCodes(self._vote, self._keypad, self._handset)

    @property
    def off_hook(self) -> bool:
        """Whether rings are another call's (call waiting): answered and not yet released."""
        return self._off_hook

    @property
    def seizing(self) -> bool:
        """Whether the modem was told to go off-hook: who rings now is being answered, whoever it is."""
        return self._answering.seizing

    # -- what the line tells --------------------------------------------------------------------------------

    def rang(self, number: int) -> None:
        """Ring `number` was heard."""
        self._handset.rang()
        self._ringing.wake.set()
        if (not self._answered or self._rings_on) and not self._superseded and not self._over:
            self._report(RingBurst(self.leg, number))

    def superseded(self) -> None:
        """This caller has given up, and another rings already."""
        self._superseded = True
        self._ringing.wake.set()

    def rang_while_off_hook(self) -> None:
        """A burst after the answer: the line rings on if it was due now, else another call is waiting."""
        now, streams = self._loop.time(), self._conversation
        if self._rings_on or now > self._rings.next_burst_by or streams.somebody_heard:
            return
        if self._rings.report(now) is None:
            return
        self._rung_since += 1
        trusted = self._setup.profile.off_hook_trusted
        if not streams.connected or self._rung_since >= (1 if trusted else DOUBTFUL_RINGS):
            self._rings_on = True
            self._prompter.hold()
            streams.end()
            if self._answered:
                self._report(RingBurst(self.leg, self._rings.number))

    def identified(self, caller_id: CallerId) -> None:
        """The caller ID has come; in an answered call it is a waiting call's."""
        if not self._answered and not self._over:
            self.caller_id = caller_id
            self._ringing.wake.set()
            self._report(CallerIdReceived(self.leg, caller_id))

    def event_received(self, code: str) -> None:
        """A DLE event code."""
        if self._over:
            return
        now, streams = self._loop.time(), self._conversation
        own = self._answering.picking_up(now)
        said = streams.line_time(now)
        self._codes.received(code, now, said, off_hook=self._answered, own=own, playing=streams.playing)
        streams.code_received(code, now)
        due = self._handset.confirmed_at
        if due is not None:  # while it rings, the ring that is due may take it back
            self._loop.call_at(due if self._off_hook else max(due, self._rings.next_burst_by), self._handset_due)

    def _handset_due(self) -> None:
        if not self._over and not self._release_ordered and self._handset.lifted(self._loop.time()):
            self._report(HandsetLifted(self.leg))

    def audio_received(self, audio: bytes) -> None:
        """Audio of the stream."""
        self._conversation.audio_received(audio)

    # -- what the gateway orders ----------------------------------------------------------------------------

    def execute(self, command: LineCommand) -> None:
        """Take an order for this leg."""
        match command:
            case Answer():
                self._answer_ordered = True
            case Release():
                self._release_ordered = True
                self._prompter.stop()
                self._conversation.end()
            case Play(play=play, recordings=recordings):
                self._prompter.play(play, recordings)
            case StopPlaying():
                self._prompter.stop()
            case Join(socket=socket, peer=peer):
                self._join(socket, peer)
            case Part():
                self._conversation.join(None)
            case Record() | StopRecording():
                self._recording.execute(command, self._loop.time())
            case _:
                logger.warning("unknown order %r", command)
        self._ringing.wake.set()

    def _join(self, socket: str, peer: str) -> None:
        self._conversation.join(None)  # before another one binds its socket
        try:
            path = AudioPath(socket, peer)
        except OSError as exc:
            logger.error("%s: cannot be joined: %s", self.leg, exc)
        else:
            self._conversation.join(Joined(path))

    # -- its life -------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Report the call and the ring that began it."""
        self._report(CallOffered(self.leg))
        self._report(RingBurst(self.leg, self._rings.number))

    async def run(self) -> None:
        """Live the offered call to its end. The last fact is reported before this returns or raises FxoError;
        after a cancellation it is left to `fail`."""
        try:
            try:
                await self._live()
            except AnswerFailed as exc:
                await put_on_hook(self._modem, self._revive)
                self.fail(exc)
            else:
                self._over = True
                self._report(LegReleased(self.leg))
        except FxoError as exc:
            self.fail(exc)
            raise
        finally:
            self._finish()

    def fail(self, error: FxoError) -> None:
        """The leg is lost. Once only, and only before another last fact."""
        if not self._over:
            self._over = True
            self._report(LegFailed(self.leg, error.code, str(error)))

    def _finish(self) -> None:
        self._prompter.close()
        self._recording.close(self._loop.time())
        self._codes.close()
        self._conversation.close()

    async def _live(self) -> None:
        if not await self._rings_until_answered():
            if self._ringing.voice_class.entered:
                await put_on_hook(self._modem, self._revive)
            return
        await self._ringing.voice_class.enter()
        while await self._answering.go_off_hook(self._given_up, lambda: self.caller_id is not None):
            if await self._converse():
                break
            self._answering.rang_on()
        if not self._off_hook and not self._release_ordered:
            self._report(FarEndHungUp(self.leg, HangUpSign.RING_STOPPED))
        await self._put_down()

    async def _put_down(self) -> None:
        if self._off_hook:
            self._off_hook = self._answering.seizing = False
            self._rings.reset()  # what rings from now on is another call, however long on-hook takes
        await put_on_hook(self._modem, self._revive)

    def _given_up(self) -> bool:
        return self._release_ordered or self._superseded

    async def _converse(self) -> bool:
        """From off-hook to the order to release; False when the line rings on, so nothing was heard out there."""
        self._off_hook, self._rings_on, self._rung_since = True, False, 0
        await self._conversation.connect((await self._ringing.voice_class.coding()).coding)
        if not self._answered:
            self._answered = True
            self._report(Answered(self.leg))
        settled = self._loop.call_at(self._answering.off_hook_at + self._modem.delays.settle, self._settled)
        watch = self._loop.create_task(self._supervise())
        try:
            await self._conversation.talk()
        finally:
            settled.cancel()
            watch.cancel()
        if not self._rings_on or self._release_ordered:
            return True
        self._off_hook = False
        await leave_stream(self._modem)
        return False

    def _settled(self) -> None:
        if not self._rings_on:
            self._conversation.settled()

    def _stream_over(self) -> bool:
        return self._release_ordered or self._rings_on

    async def _rings_until_answered(self) -> bool:
        """Wait for an order or the caller's giving up; True to answer."""
        decided = await self._ringing.until(
            lambda: self._answer_ordered or self._given_up(), lambda: self.caller_id is not None, self.rang
        )
        if self._superseded or not decided:
            self._report(FarEndHungUp(self.leg, HangUpSign.RING_STOPPED))
            return False
        return not self._release_ordered

    def _make_far_end(self, coding: Coding) -> FarEnd:
        return FarEnd(self.leg, coding, self._tones, self._vote, self._recording, self._report, self._key_heard)

    async def _supervise(self) -> None:
        """Report once by which sign the far end has gone; the leg stays off-hook until Release."""
        while not self._over:
            sign = self._vote.poll(self._loop.time())
            if sign is not None:
                self._report(FarEndHungUp(self.leg, sign))
                return
            await asyncio.sleep(POLL)

    def _play_marked(self, mark: PlayMark) -> None:
        if self._over:
            return
        if mark.complete is None:
            self._report(PlayStarted(self.leg, mark.play))
        else:
            self._report(PlayFinished(self.leg, mark.play, mark.complete))

    def _key_heard(self, key: str) -> None:
        if self._answered and not self._over:
            self._keypad.heard(key, self._conversation.line_time(self._loop.time()))

    def _key_pressed(self, key: str) -> None:
        self._report(DigitReceived(self.leg, key))
