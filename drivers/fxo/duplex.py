"""Full duplex (+VTR): silence, a prompt or a joined leg out, the far end in, at the same time and on one clock."""

import asyncio
import logging

from drivers.fxo.beat import BEAT, JOINED_BEAT, next_beat
from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.errors import StreamLost
from drivers.fxo.far_end import FarEnd
from drivers.fxo.feeder import Feeder
from drivers.fxo.joined import Joined
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.playback import FRAME
from drivers.fxo.voice_session import OUTPUT_READY, STREAM_END, Emit, Samples

logger = logging.getLogger(__name__)


EARLY = 2 * FRAME
"""Samples by which the ears are told early what we play: an echo may come late, never before its cause."""
WORTH_TELLING = RATE // 10
"""Samples of gaps in prompts above which the log tells it."""


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
        self._ending = False
        self._loop = asyncio.get_running_loop()
        self._feeder = Feeder(self._loop.time())
        self._joined: Joined | None = None
        self._feeding = False

    async def start(self) -> bool:
        """Connect +VTR."""
        if not await self._modem.connect(ModemState.DUPLEX):
            return False
        now = self._loop.time()
        self._feeder.begin(now)
        self._far_end.stream_began(now)
        self.join(self._joined)
        return True

    @property
    def playing(self) -> bool:
        """Whether a prompt is on the line or about to be."""
        return self._feeder.playback.busy

    def play(self, play: int, pcm: Samples) -> None:
        """Play with the next frame."""
        self._feeder.playback.start(play, pcm)

    def stop_playing(self) -> None:
        """Cut with the next frame; what the modem holds (LEAD) is still heard."""
        self._feeder.playback.stop()

    def join(self, joined: Joined | None) -> None:
        """What the modem holds already is said first."""
        self._joined = joined
        self._modem.wire.at_once = joined is not None
        self._feeder.join(joined, self._loop.time())

    def end(self) -> None:
        """Let `run` return."""
        self._ending = True

    def audio_received(self, audio: bytes) -> None:
        """Hear the far end beside what we ourselves have on the line."""
        now = self._loop.time()
        said = self._feeder.playback.on_line
        samples = self._far_end.audio_received(audio, self._beside, now, said)
        self._feeder.received(samples, now)
        if self._joined is not None and not self._ending and not self._feeding:
            self._feeding = True  # the modem's own beat: what it has sent is room for as much, once all is read
            self._loop.call_soon(self._feed_joined)

    def _feed_joined(self) -> None:
        self._feeding = False
        if self._joined is not None and not self._ending:
            self._feed(self._loop.time())

    def code_received(self, code: str, now: float) -> None:
        """Of no meaning here: our own ears hear while we play."""

    def ran_dry(self) -> None:
        """The modem has told, in its place among the audio, that it has nothing more to play."""
        self._feeder.ran_dry()

    def _beside(self, sample: int, samples: int) -> Samples | None:
        """What of ours was on the line beside received samples: sample-locked, for the echo canceller."""
        return self._feeder.playback.on_line(sample + EARLY, samples)

    async def run(self) -> None:
        """Send a few frames at a time until `end`, a dead stream or a modem that leaves it by itself."""
        try:
            while not self._ending:
                now = self._loop.time()
                await asyncio.sleep(next_beat(now, BEAT if self._joined is None else JOINED_BEAT) - now)
                self._send(self._loop.time())
        finally:
            playback = self._feeder.playback
            for mark in playback.cut_all():
                self._emit(mark)
            if playback.starved > WORTH_TELLING:
                logger.info("the host gave audio %.2f s late in this call", playback.starved / RATE)
            self._feeder.forget()  # what is ordered before the stream is connected anew begins with it
        if not await self._modem.end_stream(*self._end_codes, within=STREAM_END):
            logger.warning("the modem does not leave +VTR when told; breaking in")
            await self._modem.escape()

    def _send(self, now: float) -> None:
        if self._modem.state is not ModemState.DUPLEX:
            raise StreamLost("the modem left +VTR by itself")
        self._far_end.look(now)
        self._feed(now)
        for mark in self._feeder.playback.reached(self._feeder.position(now)):
            self._emit(mark)

    def _feed(self, now: float) -> None:
        if self._modem.state is not ModemState.DUPLEX or self._modem.wire.backlog >= OUTPUT_READY:
            return
        starved = self._feeder.playback.starved
        due = self._feeder.due(now)
        if due is not None:
            self._modem.send_audio(self._coding.encode(due))
        if self._feeder.playback.starved > starved:
            self._far_end.misaligned(now)
