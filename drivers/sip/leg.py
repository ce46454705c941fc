"""One call inside the worker: orders and signals in, the line's facts out. Runs on the owner thread only."""

import logging
from collections.abc import Callable
from typing import Final

import numpy as np

from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.wav import read_wav
from drivers.line import (
    Answer,
    Answered,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    HangUpSign,
    Join,
    LegEvent,
    LegFailed,
    LegReleased,
    LineCommand,
    MediaLost,
    MediaRestored,
    Part,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    StopPlaying,
    StopRecording,
    VerdictReached,
)
from drivers.sip.arrival import Media
from drivers.sip.ending import Ending, ending_of
from drivers.sip.joint import Joint
from drivers.sip.listening import KeyHeard, Listening, News
from drivers.sip.media import LegAudio
from drivers.sip.mouth import Mouth
from drivers.sip.playout import Began, Ended, Playout
from drivers.sip.signals import CallPhase, MediaChanged, PhaseChanged, Pressed, Trying
from drivers.sip.sip_call import SipCall

_log = logging.getLogger(__name__)

OK: Final = 200
UNAVAILABLE: Final = 480
RELEASE_LIMIT: Final = 3.0
"""Seconds after a Release in which the far end may answer our BYE; after that the leg counts as on-hook, while
pjsip goes on repeating the BYE (RFC 3261 timer F: 32 s)."""


class Leg:
    """From the 180 to LegReleased or LegFailed, of which `over` tells."""

    def __init__(
        self, call: SipCall, playout: Playout, audio: LegAudio, ears: Ears, report: Callable[[LegEvent], None]
    ) -> None:
        """`audio` and `ears` are lent until drop()."""
        self.name = call.leg
        self.over = False
        self.disconnected = False
        self._call = call
        self._playout = playout
        self._audio = audio
        self._mouth = Mouth(playout)
        self._joint = Joint(self._mouth)
        self._listening = Listening(audio.begin(self._mouth), ears, call.received)
        self._report = report
        self._answered = False
        self._picked_up = False
        """Whether our 200 was sent."""
        self._early: list[str] = []
        """Keys pressed since then: they may overtake the ACK, as it goes another way."""
        self._confirmed = False
        self._connected = False
        self._held = False
        """As reported."""
        self._offered_hold = False
        """As last negotiated; reported once the call is up."""
        self._keys_told = False
        """Whether keys have come by INFO, which may be heard besides."""
        self._release_by: float | None = None
        self._hung_up = False

    @property
    def sip_id(self) -> str | None:
        """The call's Call-ID, once it has a state."""
        return self._call.sip_id

    @property
    def joined(self) -> bool:
        """Whether another leg hears what is received."""
        return self._joint.joined

    def execute(self, command: LineCommand, now: float) -> None:
        """Carry out an order."""
        if self.over:
            return
        match command:
            case Answer():
                self._picked_up = self._call.reply(OK)
            case Play():
                self._play(command)
            case StopPlaying():
                self._tell(self._playout.stop())
            case Record():
                self._listening.record(command.path, both=command.both)
            case StopRecording():
                self._listening.stop_recording(command.path)
            case Join():
                self._joint.join(command.socket, command.peer, now)
            case Part():
                self._joint.part(now)
            case Release():
                self.release(now)
        self._audio.follow()

    def release(self, now: float) -> None:
        """BYE, or 480 before the answer. The leg joined with it hears no more, be the BYE answered or not."""
        if self._release_by is None:
            self._release_by = now + RELEASE_LIMIT
            self._joint.part(now)
            self._tell(self._playout.stop())
            self._call.end(UNAVAILABLE)

    def signal(self, signal: PhaseChanged | Trying | MediaChanged | Pressed, now: float) -> None:
        """Take what a callback has noted."""
        match signal:
            case PhaseChanged(phase=CallPhase.DISCONNECTED):
                self._disconnect(signal)
            case PhaseChanged(phase=phase):
                self._confirmed = phase is CallPhase.CONFIRMED
                self._off_hook()
            case Trying():
                pass  # a matter of calls of ours
            case MediaChanged(held=held, in_band=in_band):
                self._offered_hold = self._mouth.held = held
                self._listening.listen_for_keys(in_band and not self._keys_told)
                self._connect()
                self._off_hook()
                self._hold_or_resume()
            case Pressed(digit=digit):
                self._keys_told = True
                self._listening.listen_for_keys(False)
                self._press(digit)

    @property
    def due(self) -> bool:
        """Whether it is time to listen."""
        return self._answered and not self.over and self._listening.due

    def tick(self, now: float, *, listen: bool) -> None:
        """Hear what was received, if legs `listen` now and there is enough, and tell what was said."""
        self._joint.tick(now)
        if self.over:
            return
        if self._answered and listen and self._listening.nearly_due:
            self._attend()
        elif self._answered:
            self._tell(self._playout.news())
        if self._release_by is not None and now >= self._release_by:
            self._end(None)
        self._audio.follow()

    def drop(self) -> SipCall:
        """Hand over the call; the leg is not to be used any more."""
        call = self._call
        self._joint.close()
        del self._call, self._audio, self._listening  # which asks the call for its packets
        return call

    def _play(self, command: Play) -> None:
        if not self._answered:
            self._report(PlayFinished(self.name, command.play, complete=False))
            return
        try:
            samples = np.concatenate([read_wav(path) for path in command.recordings])
        except ValueError as error:  # a WavError, or no recordings at all
            _log.error("prompt: %s", error)
            self._tell(self._playout.stop())
            self._report(PlayFinished(self.name, command.play, complete=False))
            return
        self._tell(self._playout.start(command.play, samples))

    def _connect(self) -> None:
        audio = self._call.audio()
        if audio is not None and not self.disconnected:
            self._audio.connect(audio)
            self._connected = True

    def _off_hook(self) -> None:
        # A call that comes held has no audio to be connected.
        ready = self._connected or self._offered_hold
        if self._confirmed and ready and not self._answered and not self.over:
            self._answered = True
            self._listening.begin()
            self._report(Answered(self.name))
            self._hold_or_resume()
            for digit in self._early:
                self._press(digit)

    def _hold_or_resume(self) -> None:
        """Report a change. What was heard and said before it comes first."""
        held = self._offered_hold
        if held is self._held or not self._answered or self.over:
            return
        if held:
            self._attend()
            self._listening.hold()
            self._playout.pause()
            self._report(FarEndHeld(self.name))
        else:
            self._listening.resume()
            self._playout.resume()
            self._report(FarEndResumed(self.name))
        self._held = held

    def _attend(self) -> None:
        for heard in self._listening.hear():
            self._judge(heard)
        self._tell(self._playout.news())

    def _judge(self, heard: News) -> None:
        match heard:
            case HangUpSign():
                self._hang_up(heard)
            case KeyHeard(digit):
                self._press(digit)
            case Media.LOST:
                self._report(MediaLost(self.name))
            case Media.RESTORED:
                self._report(MediaRestored(self.name))
            case VerdictHeard():
                self._report(VerdictReached(self.name, heard.verdict, heard.level_dbfs, heard.snr_db))

    def _press(self, digit: str) -> None:
        if self._answered and not self._held and not self.over:
            self._report(DigitReceived(self.name, digit))
        elif self._picked_up and not self._answered:
            self._early.append(digit)

    def _tell(self, news: list[Began | Ended]) -> None:
        for item in news:
            match item:
                case Began(play):
                    self._report(PlayStarted(self.name, play))
                case Ended(play, complete):
                    self._report(PlayFinished(self.name, play, complete))

    def _hang_up(self, sign: HangUpSign) -> None:
        if not self._hung_up:
            self._hung_up = True
            self._report(FarEndHungUp(self.name, sign))

    def _disconnect(self, signal: PhaseChanged) -> None:
        self.disconnected = True
        if not self.over:
            self._end(ending_of(signal.code, self._confirmed, released=self._release_by is not None))

    def _end(self, ending: Ending | None) -> None:
        """Last facts, in order: the sign, what it cut, the recordings' end, the leg's end."""
        self.over = True
        if ending is not None and ending.sign is not None:
            self._hang_up(ending.sign)
        self._tell(self._playout.stop())
        self._listening.close()
        if ending is not None and ending.fault is not None:
            _log.warning("call %s: %s", self.name, ending.fault[1])
            self._report(LegFailed(self.name, *ending.fault))
        else:
            self._report(LegReleased(self.name))
