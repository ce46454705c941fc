"""What is heard of a telephone that we dial, until somebody has picked it up (pure): the dial tone, then how the
call gets on. Times in seconds of audio heard, Ears.seconds.

An analogue line tells nobody's answer (a few exchanges reverse it): it is inferred. The ringing has stopped and
something else is heard, or the next burst of ringback has not come. Where no ringback is heard at all - music in
its place, a network's announcement, somebody who was quick - a voice counts as the answer: whoever is joined hears
for himself what it is.
"""

from enum import Enum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.hearing import rules
from drivers.hearing.bursts import Bursts
from drivers.hearing.frames import FRAME
from drivers.hearing.heard import Heard, ToneHeard, VerdictHeard
from drivers.hearing.tone_meter import HOPS_PER_SECOND, NOTHING, Frequency, Hop, ToneMeter
from drivers.hearing.tone_tables import TONE_TABLES, ToneSpec
from drivers.line import VOICES, DialFailure, Tone, Verdict

Samples = NDArray[np.int16]

DIAL_TONE_WITHIN: Final = 3.0
"""Seconds off-hook in which an exchange gives its dial tone: 1.2 s of it are needed, and it comes within one."""
SECOND_BURST: Final = 0.25
"""Seconds by which a burst of ringback may come late, beyond what the rules of cadences allow, before the ringing
has stopped."""
NOTHING_HEARD: Final = 40.0
"""Seconds of nothing after the last digit: a call through several networks may be quiet for twenty."""
RINGS_AT_MOST: Final = 120.0
"""Seconds of ringback: the longest that an exchange rings (an international call); it gives busy tone after it."""
STILL_RINGS: Final = 30
"""Hops of 10 ms of a burst of ringback that sounds: the exchange rings him still. Busy tone's bursts are longer by
little, and a voice does not hold one pure frequency so long."""
GIVEN_UP_AFTER: Final = 50.0
"""Seconds of ringback after which a busy tone says that nobody came: exchanges ring 60 s and longer."""

_LOUD: Final = 500
"""A sample of a tone, not of a quiet line: a sine at -36 dBFS, the weakest, has it as its peak."""
_MOSTLY: Final = 0.25
"""Share of such samples in a tone that is on most of the time; of a word or a click there are fewer."""
_SOUNDS: Final = VOICES | {Verdict.NOISY}


class Outcome(Enum):
    """What came of it."""

    DIAL_TONE = "dial tone"
    SOMEBODY = "somebody speaks on a line that should give dial tone"
    SILENCE = "neither dial tone nor anybody"
    ANSWERED = "picked up"
    BUSY = "busy tone"
    CONGESTION = "congestion tone"
    VACANT = "vacant-number tone"
    NO_ANSWER = "it rang and nobody came"
    UNREACHABLE = "nothing was heard after dialling"
    NOT_DIALLED = "the exchange has not taken the number: it gives dial tone, or a howler"


FAILURES: Final = {
    Outcome.SOMEBODY: DialFailure.NO_LINE,
    Outcome.SILENCE: DialFailure.NO_LINE,
    Outcome.NOT_DIALLED: DialFailure.NO_LINE,
    Outcome.BUSY: DialFailure.BUSY,
    Outcome.CONGESTION: DialFailure.CONGESTION,
    Outcome.VACANT: DialFailure.VACANT_NUMBER,
    Outcome.NO_ANSWER: DialFailure.NO_ANSWER,
    Outcome.UNREACHABLE: DialFailure.UNREACHABLE,
}
"""What the gateway is told of those that are no success."""


class Judge(Protocol):
    """Who listens in place of the call while nobody has answered."""

    outcome: Outcome | None
    """None: not known yet."""

    def hear(self, reports: list[Heard], samples: Samples, seconds: float) -> None:
        """Whole frames of 20 ms, what the ears report of them, and their Ears.seconds after it."""


class DialToneJudge:
    """Off-hook, nothing dialled: whether the exchange waits for a number. Where somebody speaks instead, we have
    picked up a call that was just coming in. A tone that is in no table (a stuttering one, a PBX's own) is left to
    the modem's detector, which waits for dial tone too."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._loud = 0

    def hear(self, reports: list[Heard], samples: Samples, seconds: float) -> None:
        """See Judge."""
        self._loud += int((np.abs(samples.astype(np.int32)) > _LOUD).sum())
        for one in reports:
            if isinstance(one, ToneHeard) and one.tone is Tone.DIAL:
                self.outcome = self.outcome or Outcome.DIAL_TONE
            elif isinstance(one, VerdictHeard) and one.verdict in VOICES:
                self.outcome = self.outcome or Outcome.SOMEBODY
        if seconds >= DIAL_TONE_WITHIN and self.outcome is None:
            sounds = self._loud >= _MOSTLY * 8000 * seconds
            self.outcome = Outcome.DIAL_TONE if sounds else Outcome.SILENCE


class _Ringback:
    """Its bursts, each known as soon as it is over: the ears know the tone when the second one begins."""

    def __init__(self, spec: ToneSpec) -> None:
        self._spec = spec
        self._meter = ToneMeter((spec.frequency,))
        self._longest = rules.longest_gap(spec) + SECOND_BURST
        self._bursts = Bursts(Frequency(spec.frequency, 0), keep=1, longest_gap=self._longest, level_steps=False)
        self._recent: tuple[Hop, ...] = (NOTHING,) * 4
        self._count = 0
        self.began: float | None = None
        """When the first burst was over."""
        self._last = 0.0

    def hear(self, samples: Samples) -> None:
        """Whole frames."""
        for frame in samples.reshape(-1, FRAME) / 32768:
            for hop in self._meter.measure(frame - frame.mean()):
                self._count += 1
                self._recent = (*self._recent[1:], hop)
                self._bursts.hear(self._count, self._recent, own=False)
                if self._bursts.just_closed:
                    self._closed()

    def _closed(self) -> None:
        for burst in self._bursts.past[-1:]:
            if self.began is None and rules.fits_roughly(self._spec, burst.seconds):
                self.began = burst.end
            self._last = burst.end  # another tone's too, which the ears will know in a moment

    @property
    def stopped(self) -> bool:
        """Whether the burst that was due has not come."""
        now = self._count / HOPS_PER_SECOND
        return self.began is not None and self._bursts.open is None and now - self._last > self._longest

    @property
    def sounds(self) -> bool:
        """Whether a burst is being heard: nobody has picked up."""
        burst = self._bursts.open
        return burst is not None and burst.hops >= STILL_RINGS and burst.last == self._count

    @property
    def lasted(self) -> float:
        """Seconds since the first burst."""
        return 0.0 if self.began is None else self._count / HOPS_PER_SECOND - self.began


class ProgressJudge:
    """Dialled: whether it rings, and what becomes of it."""

    def __init__(self, tones: str) -> None:
        """`tones`: the country's table."""
        self._ringback = _Ringback(next(spec for spec in TONE_TABLES[tones] if spec.tone is Tone.RINGBACK))
        self.outcome: Outcome | None = None
        self._wanted = True

    @property
    def rings(self) -> bool:
        """Whether ringback was heard."""
        return self._ringback.began is not None

    def reversed(self) -> None:
        """The modem says that the line was reversed, or its loop interrupted: at the answer, where it rings."""
        if self.rings:
            self.outcome = self.outcome or Outcome.ANSWERED

    def give_up(self) -> None:
        """He is wanted no more: it is over with the next burst of ringback. In the gap between two he may have
        picked up, and be cut off by who does not wait for it."""
        self._wanted = False

    def hear(self, reports: list[Heard], samples: Samples, seconds: float) -> None:
        """See Judge."""
        self._ringback.hear(samples)
        found = [self._of_tone(one.tone) for one in reports if isinstance(one, ToneHeard)]
        found += [self._of_verdict(one.verdict) for one in reports if isinstance(one, VerdictHeard)]
        self.outcome = self.outcome or next(filter(None, found), None) or self._of_time(seconds)

    def _of_tone(self, tone: Tone) -> Outcome | None:
        match tone:
            case Tone.BUSY if self._ringback.lasted >= GIVEN_UP_AFTER:
                return Outcome.NO_ANSWER
            case Tone.BUSY:
                return Outcome.BUSY
            case Tone.CONGESTION:
                return Outcome.CONGESTION
            case Tone.VACANT:
                return Outcome.VACANT
            case Tone.DIAL | Tone.HOWLER:
                return Outcome.NOT_DIALLED
        return None

    def _of_verdict(self, verdict: Verdict) -> Outcome | None:
        """Before it rings, noise is the network's."""
        return Outcome.ANSWERED if verdict in (_SOUNDS if self.rings else VOICES) else None

    def _of_time(self, seconds: float) -> Outcome | None:
        if self._ringback.stopped:
            return Outcome.ANSWERED
        if self._ringback.lasted >= RINGS_AT_MOST or (self._ringback.sounds and not self._wanted):
            return Outcome.NO_ANSWER
        return Outcome.UNREACHABLE if not self.rings and seconds >= NOTHING_HEARD else None
