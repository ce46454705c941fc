"""What comes from the far end: received bytes to samples, to the ears, to the recording, to facts."""

import logging
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.dtmf import DtmfDetector
from drivers.fxo.line_clock import LineClock
from drivers.fxo.playback import FRAME
from drivers.fxo.progress import Judge
from drivers.fxo.reception import Reception
from drivers.fxo.recording import CallRecording
from drivers.fxo.supervision import HangUpVote
from drivers.hearing.ears import Ears
from drivers.hearing.heard import Heard, VerdictHeard
from drivers.line import VOICES, MediaLost, MediaRestored, Report, Verdict, VerdictReached

logger = logging.getLogger(__name__)

Samples = NDArray[np.int16]
NearEnd = Callable[[int, int], Samples | None]
"""What we were playing beside received samples: the first's number, counted from CONNECT, and how many."""

STALE = 0.5
"""Seconds by which audio that is taken may be late; later than that none is being received."""
DEAF = int(0.4 * RATE)
"""Samples after CONNECT that no detector hears: the modem's own switching."""


class FarEnd:
    """One call's receiving side."""

    def __init__(
        self,
        leg: str,
        coding: Coding,
        tones: str,
        vote: HangUpVote,
        recording: CallRecording,
        report: Report,
        key_heard: Callable[[str], None],
    ) -> None:
        self._leg = leg
        self._coding = coding
        self._vote = vote
        self._recording = recording
        self._report = report
        self._key_heard = key_heard
        self.judge: Judge | None = None
        """Who listens while a telephone that we dial has not been picked up: nothing is reported or recorded."""
        self._reception = Reception()
        self._ears = Ears(tones)
        self._dtmf = DtmfDetector()
        self._verdict: Verdict | None = None
        self._somebody = False
        self._odd = b""
        self._pending: Samples = np.zeros(0, dtype=np.int16)
        self._deaf = 0
        self._begin = 0
        """Number of the first pending sample."""
        self._clock: LineClock | None = None
        """The present stream's."""

    def stream_began(self, now: float) -> None:
        """A receiving stream has been connected: what comes now does not continue what came before."""
        self._odd = b""
        self._pending = self._pending[:0]
        self._deaf = DEAF
        self._begin = 0
        self._clock = LineClock(now)
        self._reception.began(now)
        self._ears.reset()
        if self.judge is None:
            self._recording.stream_began(now)
            self._vote.stream_began(now)

    def picked_up(self, now: float) -> None:
        """The telephone that we dialled was answered: from now on all is as if the stream had just begun."""
        self.judge = None
        self._reception = Reception()
        self._reception.began(now)
        self._ears.reset()
        self._recording.stream_began(now)
        self._vote.stream_began(now)

    def overrun(self, now: float) -> None:
        """The modem has lost received audio: silence takes its place."""
        if self._clock is not None:
            self._clock.overrun(now)

    @property
    def somebody(self) -> bool:
        """Whether a voice or a key has been heard on this call."""
        return self._somebody

    @property
    def tone_sounding(self) -> bool:
        """Whether a tone is heard that ends the call if it goes on."""
        return self._vote.tone_sounding

    def line_time(self, now: float) -> float:
        """When what is being taken was on the line: what is read at once was not said at once. About `now` where
        nothing is received."""
        return now if self._clock is None else max(self._clock.line_time, now - STALE)

    def close(self) -> None:
        """The call is over."""
        rate = self._clock.off_rate() if self._clock is not None else None
        if rate is not None:
            logger.warning(
                "the modem sent %.0f samples a second, %d are due: a slow host, or a wrong coding", rate, RATE
            )

    def look(self, now: float) -> None:
        """Called again and again while audio should come: tells when it is lost. Raises StreamLost for a stream
        that is dead."""
        if self._reception.look(now) and self.judge is None:
            self._report(MediaLost(self._leg))

    def audio_received(
        self, audio: bytes, near_end: NearEnd, now: float, said: NearEnd = lambda _sample, _samples: None
    ) -> Samples:
        """Take unshielded audio; its samples, lost ones before it included. `near_end` is for the ears, `said` is
        exact, for recordings."""
        audio = self._odd + audio
        whole = len(audio) - len(audio) % self._coding.sample_bytes
        self._odd = audio[whole:]
        samples = self._coding.decode(audio[:whole])
        if self._reception.heard(now) and self.judge is None:
            self._restored(now, len(samples))
        lost = self._clock.heard(len(samples), now) if self._clock is not None else 0
        if lost:
            samples = np.concatenate((np.zeros(lost, dtype=np.int16), samples))
        if self.judge is None:
            first = self._begin + len(self._pending)
            self._recording.write(samples, lambda: said(first, len(samples)))
        deaf = min(self._deaf, len(samples))
        self._deaf -= deaf
        self._begin += deaf
        self._hear(np.concatenate((self._pending, samples[deaf:])), near_end)
        return samples

    def spoke(self, samples: Samples) -> None:
        """So much was said while nothing could be heard (half duplex)."""
        if self.judge is None:
            self._recording.write(np.zeros_like(samples), lambda: samples)

    def _hear(self, samples: Samples, near_end: NearEnd) -> None:
        whole = len(samples) - len(samples) % FRAME
        heard, self._pending = samples[:whole], samples[whole:]
        if not whole:
            return
        reports = self._ears.hear(heard, near_end(self._begin, whole))
        self._begin += whole
        if self.judge is not None:
            self.judge.hear(reports, heard, self._ears.seconds)
            return
        self._vote.hear(reports, self._ears.seconds)
        for report in reports:
            self._tell(report)
        for key in self._dtmf.hear(heard):
            self._somebody = True
            self._key_heard(key)

    def misaligned(self, now: float) -> None:
        """Our own prompt was torn: the ears learn its echo anew, else they take it for a voice."""
        self._ears.reset()
        self._vote.stream_began(now)

    def _restored(self, now: float, samples: int) -> None:
        """Audio comes again. What we played meanwhile is beside other samples than before."""
        self._recording.catch_up(now - samples / RATE)
        self.misaligned(now)
        self._report(MediaRestored(self._leg))

    def _tell(self, heard: Heard) -> None:
        if isinstance(heard, VerdictHeard) and heard.verdict is not self._verdict:
            self._verdict = heard.verdict
            self._somebody = self._somebody or heard.verdict in VOICES
            self._report(VerdictReached(self._leg, heard.verdict, heard.level_dbfs, heard.snr_db))
