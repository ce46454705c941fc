"""Who calls: what a caller says and when, what he waits for, and when he hangs up.

A caller is a script of actions, played one after the other from the moment the call is answered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from drivers.emulator.audio import FRAME, TICK, Loop, Samples, dtmf, level_of, noise, rms_of, silence
from drivers.emulator.clearing import Clearing
from drivers.emulator.signals import CallerIdSent
from drivers.voice.espeak import speak

SPEECH_LEVEL = -22.0
"""dBFS of a good voice as it comes in from the exchange."""
FAINT_LEVEL = -43.0
"""dBFS, under the -38 at which a voice counts as faint and over the -50 of silence."""
HEARING_LEVEL = -48.0
"""dBFS over which the caller notices that something is being said to him."""
KEY_TIME = 0.1
"""Seconds a key is pressed, and the pause after it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Say nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HearPrompts:
    """Listen until `count` things were said to the end, each followed by `quiet` seconds of nothing."""

    count: int = 1
    quiet: float = 1.0
    at_most: float = 30.0
    """Patience, in seconds; then the script goes on all the same."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys."""

    digits: str
    twist: float = 0.0
    """dB by which the higher tone is stronger."""
    level: float = -14.0
    """dBFS."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Send samples as they are: a test tone, a recording."""

    samples: Samples
    """8000 Hz, in units of 16-bit samples."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the receiver down."""


Action = Wait | HearPrompts | Say | Press | Sound | HangUp


@dataclass(frozen=True, slots=True)
class Background:
    """Noise at the caller's end, all through the call."""

    kind: str = "white"
    level: float = -30.0
    """dBFS."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller. Make one by the class methods, change it by the `…ing` methods; all give a new caller."""

    label: str
    script: Iterable[Action] = ()
    """Asked for one action after the other as the call goes on: it may be a generator that decides as it goes."""
    number: str | None = "13812345678"
    """None: the exchange sends none; see `presentation`."""
    display_name: str | None = None
    presentation: str = "allowed"
    """allowed · private · unavailable."""
    level: float = SPEECH_LEVEL
    """dBFS of the voice."""
    background: Background | None = None
    ring_pattern: str = ""
    """The letter of a distinctive ring, A, B …, or its number; empty: the usual one."""
    ring_cadence: tuple[float, ...] | None = None
    """Seconds of bell and silence, in turn, if his ring differs from the line's."""
    rings_off_after: float | None = None
    """Gives up so many seconds after ringing began, if nobody answered."""
    hangs_up_after: float | None = None
    """Hangs up so many seconds after the answer, wherever the script is."""
    clearing: Clearing | None = None
    """What the line does once he has hung up; None: what the exchange does for everyone."""

    @classmethod
    def talking(cls, text: str, *, number: str | None = "13812345678", prompts_after: int = 2) -> "Caller":
        """Hears the greeting, speaks, hears `prompts_after` more prompts (anything else?, farewell), hangs up."""
        script = (HearPrompts(1), Wait(0.3), Say(text), HearPrompts(prompts_after), Wait(0.5), HangUp())
        return cls("talking", script, number)

    @classmethod
    def silent(cls, *, number: str | None = "13812345678") -> "Caller":
        """Says nothing and stays until he is released."""
        return cls("silent", (), number)

    @classmethod
    def noisy(cls, kind: str = "street", level: float = -30.0, *, number: str | None = "13812345678") -> "Caller":
        """Only noise comes from him; stays until he is released."""
        return cls("noisy", (), number, background=Background(kind, level))

    @classmethod
    def faint(cls, text: str, *, number: str | None = "13812345678", times: int = 20) -> "Caller":
        """Speaks under his breath, over and over, and stays until he is released."""
        script = (HearPrompts(1), *(Say(text), Wait(0.5)) * times)
        return cls("faint", script, number, level=FAINT_LEVEL)

    @classmethod
    def ringing_off(cls, after: float, *, number: str | None = "13812345678") -> "Caller":
        """Gives up `after` seconds of ringing."""
        return cls("ringing_off", (), number, rings_off_after=after)

    @classmethod
    def pressing(cls, digits: str, *, number: str | None = "13812345678") -> "Caller":
        """Hears the greeting, presses keys, and stays."""
        return cls("pressing", (HearPrompts(1), Wait(0.3), Press(digits)), number)

    @classmethod
    def following(cls, *script: Action, number: str | None = "13812345678") -> "Caller":
        """Any script."""
        return cls("scripted", script, number)

    def hanging_up_after(self, seconds: float) -> "Caller":
        """Hangs up so long after the answer."""
        return replace(self, hangs_up_after=seconds)

    def hanging_up_after_prompts(self, count: int, quiet: float = 1.0, at_most: float = 60.0) -> "Caller":
        """Plays his script, then hangs up when `count` more prompts have been heard to the end."""
        script = (*self._without_hang_up(), HearPrompts(count, quiet, at_most), HangUp())
        return replace(self, script=script)

    def never_hanging_up(self) -> "Caller":
        """Stays on the line whatever happens."""
        return replace(self, script=self._without_hang_up(), hangs_up_after=None)

    def ringing_as(self, pattern: str, cadence: tuple[float, ...] | None = None) -> "Caller":
        """His calls have a ring of their own."""
        return replace(self, ring_pattern=pattern, ring_cadence=cadence)

    @property
    def caller_id(self) -> CallerIdSent:
        """What the exchange sends of him."""
        return CallerIdSent(self.number, self.display_name, self.presentation)

    def clearing_with(self, clearing: Clearing) -> "Caller":
        """After he has hung up the line does this."""
        return replace(self, clearing=clearing)

    def _without_hang_up(self) -> tuple[Action, ...]:
        return tuple(action for action in self.script if not isinstance(action, HangUp))


class Conversation:
    """A caller on an answered line: hears a frame, gives a frame."""

    def __init__(self, caller: Caller, seed: int) -> None:
        self._caller = caller
        self._ticks = 0
        self._prompts = _PromptCounter()
        self._background = (
            Loop(noise(caller.background.kind, caller.background.level, seed)) if caller.background else None
        )
        self._frames = self._play()
        self.hung_up = False
        self.key: str | None = None
        """The key pressed during the last frame."""

    def tick(self, heard: Samples) -> Samples:
        """20 ms of the call: what he hears against what he says."""
        self._ticks += 1
        self._prompts.hear(heard)
        limit = self._caller.hangs_up_after
        if limit is not None and self._ticks * TICK >= limit:
            self.hung_up = True
        voice = next(self._frames)
        return voice + self._background.frame() if self._background else voice

    def _play(self) -> Iterator[Samples]:
        for action in self._caller.script:
            match action:
                case Wait(seconds):
                    yield from (silence() for _ in range(round(seconds / TICK)))
                case HearPrompts():
                    yield from self._hear_prompts(action)
                case Say(text):
                    yield from _frames_of(spoken(text, self._caller.level))
                case Press():
                    yield from self._press(action)
                case Sound(samples):
                    yield from _frames_of(samples)
                case HangUp():
                    self.hung_up = True
        while True:
            yield silence()

    def _hear_prompts(self, wanted: HearPrompts) -> Iterator[Samples]:
        self._prompts.start(wanted.quiet)
        deadline = self._ticks + round(wanted.at_most / TICK)
        while self._prompts.ended < wanted.count and self._ticks < deadline:
            yield silence()

    def _press(self, keys: Press) -> Iterator[Samples]:
        for digit in keys.digits:
            for frame in _frames_of(dtmf(digit, KEY_TIME, keys.level, keys.twist)):
                self.key = digit
                yield frame
            self.key = None
            yield from (silence() for _ in range(round(KEY_TIME / TICK)))


class _PromptCounter:
    """Counts what was said to the caller: sound, then quiet."""

    def __init__(self) -> None:
        self.ended = 0
        self._speaking = False
        self._quiet_ticks = 0
        self._quiet = 1.0

    def start(self, quiet: float) -> None:
        """Count from now on; a prompt already running counts when it ends."""
        self.ended = 0
        self._quiet = quiet

    def hear(self, frame: Samples) -> None:
        if level_of(frame) > HEARING_LEVEL:
            self._speaking, self._quiet_ticks = True, 0
            return
        self._quiet_ticks += 1
        if self._speaking and self._quiet_ticks * TICK >= self._quiet:
            self._speaking = False
            self.ended += 1


@lru_cache(maxsize=64)
def spoken(text: str, level: float) -> Samples:
    """Speech whose active level is `level` dBFS."""
    samples = speak(text).astype(np.float64)
    frames = [samples[at : at + FRAME] for at in range(0, len(samples), FRAME)]
    active = [frame for frame in frames if level_of(frame) > -40]
    if not active:
        return samples
    power = float(np.mean(np.concatenate(active) ** 2))
    samples *= rms_of(level) / power**0.5
    return samples


def _frames_of(samples: Samples) -> Iterator[Samples]:
    for at in range(0, len(samples), FRAME):
        frame = samples[at : at + FRAME]
        yield np.concatenate((frame, silence(FRAME - len(frame)))) if len(frame) < FRAME else frame
