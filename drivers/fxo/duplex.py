"""Full duplex (+VTR): silence or a prompt out, the far end in, at the same time and on one clock."""

import asyncio
import logging

from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.errors import StreamLost
from drivers.fxo.far_end import FarEnd
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.pacing import PacingClock
from drivers.fxo.playback import FRAME, Playback
from drivers.fxo.voice_session import DEAD_AFTER, LEAD, OUTPUT_READY, STREAM_END, TICK, Emit, Samples

logger = logging.getLogger(__name__)


EARLY = 2 * FRAME
"""Samples by which the ears are told early what we play: an echo may come late, never before its cause."""

WORTH_TELLING = RATE // 10
"""Samples of starvation above which the log tells it: below, it is the stream's beginning."""


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
        self._last_heard = 0.0
        self._starved = 0

    async def start(self) -> bool:
        """Connect +VTR."""
        if not await self._modem.connect(ModemState.DUPLEX):
            return False
        now = self._loop.time()
        self._clock = PacingClock(now)
        self._playback = Playback()
        self._starved = 0
        self._last_heard = now
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
        self._last_heard = self._loop.time()
        self._clock.heard(self._far_end.audio_received(audio, self._beside))

    def _beside(self, sample: int) -> Samples | None:
        """What of ours was on the line beside a received sample: sample-locked, for the echo canceller."""
        return self._playback.on_line(sample + EARLY - self._starved // FRAME * FRAME)

    async def run(self) -> None:
        """Send frame by frame until `end`, a dead stream or a modem that leaves it by itself."""
        try:
            while not self._ending:
                await asyncio.sleep(TICK)
                self._send(self._loop.time())
        finally:
            for mark in self._playback.cut_all():
                self._emit(mark)
            if self._starved > WORTH_TELLING:
                logger.info("the host gave audio %.2f s late in this call", self._starved / RATE)
        if not await self._modem.end_stream(*self._end_codes, within=STREAM_END):
            logger.warning("the modem does not leave +VTR when told; breaking in")
            await self._modem.escape()

    def _send(self, now: float) -> None:
        if self._modem.state is not ModemState.DUPLEX:
            raise StreamLost("the modem left +VTR by itself")
        if now - self._last_heard > DEAD_AFTER:
            raise StreamLost(f"no audio from the modem for {DEAD_AFTER:g} s")
        position = self._clock.position(now)
        self._starved += self._clock.starved(self._playback.given)
        while self._playback.given + FRAME <= position + LEAD * RATE and self._modem.wire.backlog < OUTPUT_READY:
            self._modem.send_audio(self._coding.encode(self._playback.next_frame()))
        for mark in self._playback.reached(self._clock.position(now)):
            self._emit(mark)
