"""When a call-progress tone means that the far end has gone (pure).

A tone in the room of a live customer - another telephone, a toy, a hummed note - is heard as well as the
exchange's. The exchange's goes on and nobody talks over it, so only a tone that has lasted counts.
"""

from collections.abc import Iterable
from typing import Final

from drivers.hearing.heard import Heard, ToneEnded, ToneHeard, VerdictHeard
from drivers.line import VOICES, HangUpSign, Tone

CLEARING_TONES: Final = {
    Tone.BUSY: HangUpSign.BUSY_TONE,
    Tone.CONGESTION: HangUpSign.CONGESTION_TONE,
    Tone.DIAL: HangUpSign.DIAL_TONE,
    Tone.HOWLER: HangUpSign.HOWLER,
}
"""The tones by which an exchange tells that the other side has cleared."""

_LASTS: Final = {Tone.BUSY: 1.75, Tone.CONGESTION: 1.8, Tone.DIAL: 1.6, Tone.HOWLER: 0.8}
"""Seconds a tone must go on after it was recognised: busy into its fifth burst (3.2 s from its beginning),
congestion into its fourth (4.6 s), dial tone and howler 2.8 s. Four bursts of busy, three of congestion, be they
10 % slow, or a note of 2.4 s are known to be over by then."""

_WHOLE: Final = {Tone.BUSY: 2.8, Tone.CONGESTION: 4.2, Tone.DIAL: 2.5, Tone.HOWLER: 2.5}
"""Seconds it must go on after a voice was heard beside it: four cycles, three, and the two that do not break."""


class ClearingVote:
    """Told what the ears hear; gives the sign while the vote is carried.

    Its clock is the audio heard, so audio that comes late or in bursts changes nothing.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """The ears were reset."""
        self._tone: Tone | None = None
        self._believed_at = 0.0
        self._voice = False
        self._interrupted = False

    @property
    def sounding(self) -> bool:
        """Whether such a tone goes on and nobody talks over it: a few seconds more decide."""
        return self._tone is not None and not self._voice

    def hear(self, reports: Iterable[Heard], seconds: float) -> HangUpSign | None:
        """The sign by which the far end is known to have gone, if it is known now.

        `reports` is what Ears.hear gave and `seconds` its Ears.seconds then. Call it for every piece of audio,
        reports or none: time counts too.
        """
        for one in reports:
            sign = self._sign(one.t)
            if sign is not None:
                return sign
            self._take(one)
        return self._sign(seconds)

    def _sign(self, t: float) -> HangUpSign | None:
        if self._tone is None or self._voice or t < self._believed_at:
            return None
        return CLEARING_TONES[self._tone]

    def _take(self, one: Heard) -> None:
        match one:
            case ToneHeard(t=t, tone=tone) if tone in CLEARING_TONES:
                self._tone, self._believed_at, self._interrupted = tone, t + _LASTS[tone], False
            case ToneEnded(tone=tone) if tone is self._tone:
                self._tone = None
            case VerdictHeard():
                self._take_verdict(self._tone, one)

    def _take_verdict(self, tone: Tone | None, heard: VerdictHeard) -> None:
        """A voice from before the tone only delays the vote; one that begins beside it starts it anew."""
        voice = heard.verdict in VOICES
        if tone is not None and voice and not self._voice:
            self._interrupted = True
        elif tone is not None and not voice and self._interrupted:
            self._believed_at, self._interrupted = heard.t + _WHOLE[tone], False
        self._voice = voice
