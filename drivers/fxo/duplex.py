"""Full duplex (+VTR): silence or a prompt out, the far end in, at the same time and on one clock."""

import asyncio
import logging

import numpy as np

from drivers.fxo.beat import next_beat
from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.errors import StreamLost
from drivers.fxo.far_end import FarEnd
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.pacing import PacingClock
from drivers.fxo.playback import FRAME, Playback
from drivers.fxo.voice_session import IDLE_LEAD, LEAD, OUTPUT_READY, STREAM_END, Emit, Samples

logger = logging.getLogger(__name__)


EARLY = 2 * FRAME
"""Samples by which the ears are told early what we play: an echo may come late, never before its cause."""
WORTH_TELLING = RATE // 10
"""Samples of gaps in prompts above which the log tells it."""
DRY_TOLERANCE = RATE // 10
"""Samples between where we think the modem runs dry and where it says so; further off it means something else."""


class DuplexSession:
    """A VoiceSession over +VTR. `end_codes` by preference of the modem's family."""

    def __init__(
        self, modem: Modem, coding: Coding, end_codes: tuple[bytes, ...], far_end: FarEnd, emit: Emit
    ) -> None:
        self._modem = modem
        self._coding = coding
        self._end_codes = end_codes
        self._far_end = far_end
        self._emit = emit
        self._playback = Playback()
        self._ending = False
        self._loop = asyncio.get_running_loop()
        self._clock = PacingClock(self._loop.time())
        self._heard = 0

    async def start(self) -> bool:
        """Connect +VTR."""
        if not await self._modem.connect(ModemState.DUPLEX):
            return False
        now = self._loop.time()
        self._clock = PacingClock(now)
        self._heard = 0
        self._far_end.stream_began(now)
        return True

    @property
    def playing(self) -> bool:
        """Whether a prompt is on the line or about to be."""
        return self._playback.busy

    def play(self, play: int, pcm: Samples) -> None:
        """Play with the next frame."""
        self._playback.start(play, pcm)

    def stop_playing(self) -> None:
        """Cut with the next frame; what the modem holds (LEAD) is still heard."""
        self._playback.stop()

    def end(self) -> None:
        """Let `run` return."""
        self._ending = True

    def audio_received(self, audio: bytes) -> None:
        """Hear the far end beside what we ourselves have on the line."""
        now = self._loop.time()
        samples = self._far_end.audio_received(audio, self._beside, now)
        self._heard += samples
        self._clock.heard(samples, now)

    def code_received(self, code: str, now: float) -> None:
        """Of no meaning here: our own ears hear while we play."""

    def ran_dry(self) -> None:
        """The modem has told, in its place among the audio, that it has nothing more to play."""
        if abs(self._heard - self._playback.end) <= DRY_TOLERANCE:
            self._playback.ran_dry(self._heard)

    def _beside(self, sample: int, samples: int) -> Samples | None:
        """What of ours was on the line beside received samples: sample-locked, for the echo canceller."""
        return self._playback.on_line(sample + EARLY, samples)

    async def run(self) -> None:
        """Send a few frames at a time until `end`, a dead stream or a modem that leaves it by itself."""
        try:
            while not self._ending:
                now = self._loop.time()
                await asyncio.sleep(next_beat(now) - now)
                self._send(self._loop.time())
        finally:
            for mark in self._playback.cut_all():
                self._emit(mark)
            if self._playback.starved > WORTH_TELLING:
                logger.info("the host gave audio %.2f s late in this call", self._playback.starved / RATE)
            self._playback = Playback()  # what is ordered before the stream is connected anew begins with it
        if not await self._modem.end_stream(*self._end_codes, within=STREAM_END):
            logger.warning("the modem does not leave +VTR when told; breaking in")
            await self._modem.escape()

    def _send(self, now: float) -> None:
        if self._modem.state is not ModemState.DUPLEX:
            raise StreamLost("the modem left +VTR by itself")
        self._far_end.look(now)
        position = self._clock.position(now)
        playback, starved = self._playback, self._playback.starved
        frames: list[Samples] = []
        ready = self._modem.wire.backlog < OUTPUT_READY
        while ready and playback.end + FRAME <= position + (LEAD if playback.playing else IDLE_LEAD) * RATE:
            frames.append(playback.next_frame(self._clock.resumes_at))
        if frames:
            self._modem.send_audio(self._coding.encode(np.concatenate(frames)))
        if playback.starved > starved:
            self._far_end.misaligned(now)
        for mark in playback.reached(position):
            self._emit(mark)
