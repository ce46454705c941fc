"""A call of a softphone that goes by a script: what the scripted caller and the scripted telephone have in common.

What happens is printed as JSON lines: `{"t": seconds since the start, "event": …}`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pjsua2 as pj

from drivers.hearing.wav import WavError, WavWriter, read_wav
from drivers.sip.config import SipConfig
from drivers.sip.endpoint import Endpoint, EndpointError
from drivers.sip.media import LegAudio
from drivers.sip.mouth import Mouth
from drivers.sip.playout import FRAME, Began, Ended, Playout
from drivers.sip.prompt_watch import PromptWatch
from drivers.sip.signals import CallPhase, MediaChanged, PhaseChanged
from drivers.sip.sip_call import SipCall

TURN = 10
"""Milliseconds that the network is waited for at a time."""
_BUSY_HERE = 486


@dataclass(frozen=True, slots=True)
class Talk:
    """What is done once the call is answered. Times in seconds; None: never. A prompt is whatever the other end
    says, until it is quiet."""

    say: Path | None = None
    delay: float | None = None
    """Speak so long after the answer; None: once the other end is quiet."""
    pause: float = 0.0
    """How long it must have been quiet then."""
    hang_up: float | None = None
    """After the answer."""
    hang_up_after_prompt: float | None = None
    """After the last prompt, or after what was to be said, whichever ended later."""
    record: Path | None = None
    limit: float = 300.0
    """The call ends so long after its beginning in any case."""


class ScriptedCall:
    """One call, from the moment it exists to its end. `turn` it until it is `over`, then `close` it."""

    def __init__(self, talk: Talk, me: str, call: SipCall, audio: LegAudio, tell: "Teller") -> None:
        """`me` is who is told to have ended the call where the script does; the other end is `line`. Raises
        WavError or OSError for what cannot be said or recorded."""
        self._talk = talk
        self._me = me
        self._call = call
        self._audio = audio
        self.tell = tell
        self._words = None if talk.say is None else read_wav(talk.say)
        self._recording = None if talk.record is None else WavWriter(talk.record)
        self._playout = Playout()
        self._frames = audio.begin(Mouth(self._playout))
        self._watch = PromptWatch()
        self._spoken = talk.say is None
        self._spoken_at = 0.0
        self.began = time.monotonic()
        self.answered: float | None = None
        """When; None: not yet."""
        self._leaving = False
        self.over = False

    def take(self, signal: object, now: float) -> None:
        """What a callback has noted."""
        match signal:
            case PhaseChanged(phase=CallPhase.DISCONNECTED, code=code):
                self.over = True
                self.tell("ended", by=self._me if self._leaving else "line", status=code)
            case PhaseChanged(phase=CallPhase.CONFIRMED):
                self.answered = now
                self.tell("answered")
            case MediaChanged():
                media = self._call.audio()
                if media is not None:
                    self._audio.connect(media)

    def turn(self, now: float) -> None:
        """Hear, speak, and end the call, as far as it is time."""
        self._hear(now)
        self._speak(now)
        if self.answered is not None or now - self.began >= self._talk.limit:
            reason = self._reason_to_leave(now)
            if reason is not None:
                self.leave(reason)

    def leave(self, reason: str) -> None:
        """End the call, answered or not; once."""
        if not self._leaving and not self.over:
            self._leaving = True
            self.tell(reason)
            self._call.end(_BUSY_HERE)

    def close(self) -> None:
        """The call is over: its audio may serve another one."""
        self._audio.end()
        if self._recording is not None:
            self._recording.close()

    def _hear(self, now: float) -> None:
        while self._frames:
            received, _ = self._frames.popleft()
            samples = np.frombuffer(received, dtype="<i2") if received else np.zeros(FRAME, np.int16)
            if self._recording is not None:
                self._recording.write(samples)
            event = self._watch.hear(samples, now)
            if event is not None:
                self.tell(event, prompt=self._watch.prompts)

    def _speak(self, now: float) -> None:
        for news in self._playout.news():
            match news:
                case Began():
                    self.tell("speaking")
                case Ended():
                    self._spoken, self._spoken_at = True, now
                    self.tell("spoken")
        if self._words is not None and self.answered is not None and self._my_turn(now, self.answered):
            self._playout.start(1, self._words)
            self._words = None
        self._audio.follow()

    def _my_turn(self, now: float, answered: float) -> bool:
        if self._talk.delay is not None:
            return now - answered >= self._talk.delay
        return self._heard_out and now - self._watch.quiet_since >= self._talk.pause

    @property
    def _heard_out(self) -> bool:
        """Whether something was said, and nothing is."""
        return self._watch.prompts > 0 and not self._watch.speaking

    def _reason_to_leave(self, now: float) -> str | None:
        talk, answered = self._talk, self.answered
        if now - self.began >= talk.limit or answered is None:
            return "hanging_up"
        if talk.hang_up is not None and now - answered >= talk.hang_up:
            return "hanging_up"
        after, quiet_since = talk.hang_up_after_prompt, max(self._watch.quiet_since, self._spoken_at)
        done = self._spoken and self._heard_out
        return "hanging_up" if after is not None and done and now - quiet_since >= after else None


class Teller:
    """Prints what happens."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, event: str, **more: object) -> None:
        """One line, at once."""
        line = {"t": round(time.monotonic() - self._started, 3), "event": event, **more}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def add_talk(parser: argparse.ArgumentParser) -> None:
    """The options of a Talk."""
    parser.add_argument("--say", type=Path, help="8000 Hz mono 16-bit WAV to play")
    parser.add_argument("--delay", type=float, help="play it so long after the answer, not after the first prompt")
    parser.add_argument("--pause", type=float, default=0.0, help="play it once it has been quiet for so long")
    parser.add_argument("--hang-up", type=float, help="hang up so long after the answer")
    parser.add_argument("--hang-up-after-prompt", type=float, help="hang up so long after the last prompt")
    parser.add_argument("--record", type=Path, help="WAV to write what is heard to")
    parser.add_argument("--limit", type=float, default=300.0, help="hang up after so long in any case")


def talk_of(options: argparse.Namespace) -> Talk:
    """What the options order."""
    names = ("say", "delay", "pause", "hang_up", "hang_up_after_prompt", "record", "limit")
    return Talk(**{name: getattr(options, name) for name in names})


def on_softphone(config: Callable[[], SipConfig], run: Callable[[Endpoint, LegAudio], None]) -> int:
    """Start the softphone, `run` it with the audio of its one leg, and destroy it. 0, or 1 with a word on stderr
    where it could not start, or the run failed."""
    try:
        endpoint = Endpoint(config(), 1)
    except (EndpointError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    try:
        run(endpoint, endpoint.audio[0])
    except (pj.Error, WavError, OSError) as error:
        sys.stderr.write(f"{error.reason if isinstance(error, pj.Error) else error}\n")
        return 1
    finally:
        endpoint.inbox.clear()
        endpoint.stop_clock()
        endpoint.close()
    return 0
