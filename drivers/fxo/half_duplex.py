"""Half duplex for modems without +VTR: plays with +VTX, listens with +VRX, never both."""

import asyncio
import logging
from contextlib import suppress

from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.deaf_hints import DeafHints
from drivers.fxo.dialogue import ask
from drivers.fxo.dle import END_RECEIVE, END_TRANSMIT
from drivers.fxo.errors import NoAnswer, StreamLost
from drivers.fxo.far_end import FarEnd
from drivers.fxo.joined import Joined
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.playback import FRAME, PlayMark
from drivers.fxo.profiles import Profile
from drivers.fxo.voice_session import LEAD, OUTPUT_READY, STREAM_END, TICK, Emit, Samples
from drivers.fxo.waiting import happens

logger = logging.getLogger(__name__)

LINE = 1
"""The +VLS of every answer."""
STUCK = 5.0
"""Seconds without the modem reading one byte of a prompt after which +VTX is dead."""

LISTEN = 4.5
"""Seconds to listen where the modem reports a tone under a prompt: the ears need some 3 s of a busy tone, and the
turn takes its time."""


HEAR_OUT = 2.0
"""Seconds that a due prompt waits while a tone sounds that may end the call; nobody speaks meanwhile. The ears
begin anew with every stream, and congestion ends a call 1.8 s after it was recognised (drivers.hearing.clearing):
prompts that come every 5 s never left it that."""


class HalfDuplexSession:
    """A VoiceSession that alternates between +VRX and +VTX."""

    def __init__(self, modem: Modem, coding: Coding, far_end: FarEnd, emit: Emit, profile: Profile) -> None:
        self._modem = modem
        self._coding = coding
        self._far_end = far_end
        self._emit = emit
        self._next: tuple[int, Samples] | None = None
        self._playing = False
        self._cut = False
        self._interrupted = False
        self._listen_until = 0.0
        self._hear_out_until = 0.0
        self._hints = DeafHints(believed=not profile.false_codes_while_playing)
        self._source = profile.record_source
        self._ending = False
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def start(self) -> bool:
        """Connect +VRX, the first time from the source that the family records from: never again, because +VLS in
        the middle of a call may drop it."""
        source, self._source = self._source, LINE
        if source != LINE:
            await ask(self._modem, f"AT+VLS={source}")
        if not await self._modem.connect(ModemState.RECEIVE):
            return False
        self._far_end.stream_began(self._loop.time())
        return True

    @property
    def playing(self) -> bool:
        """Whether a prompt is on the line or about to be."""
        return self._playing or self._due()

    def play(self, play: int, pcm: Samples) -> None:
        """Play as soon as the modem has turned round."""
        self.stop_playing()
        self._next = (play, pcm)
        self._hear_out_until = max(self._loop.time(), self._listen_until) + HEAR_OUT
        self._wake.set()

    def stop_playing(self) -> None:
        """Cut what runs, and what waits."""
        waiting, self._next = self._next, None
        if waiting is not None:
            self._emit(PlayMark(waiting[0], complete=False))
        if self._playing:
            self._cut = True

    def join(self, joined: Joined | None) -> None:
        """Of no use: who speaks is deaf meanwhile."""
        if joined is not None:
            logger.warning("a half-duplex modem cannot carry a conversation: nobody hears the other")

    def end(self) -> None:
        """Let `run` return."""
        self.stop_playing()
        self._ending = True
        self._wake.set()

    def code_received(self, code: str, now: float) -> None:
        """While it plays only the modem can hear that the far end has gone: stop and listen; if nothing is heard,
        the prompt is played again from its beginning."""
        if self._modem.state is ModemState.TRANSMIT and self._hints.code(code, now):
            logger.info("the modem hears a tone under a prompt; listening")
            self._interrupted = True

    def ran_dry(self) -> None:
        """Of no meaning here: nothing is heard while the modem plays."""

    def audio_received(self, audio: bytes) -> None:
        """Hear the far end; nothing of ours is on the line meanwhile."""
        self._far_end.audio_received(audio, lambda _sample, _samples: None, self._loop.time())

    async def run(self) -> None:
        """Turn between listening and playing until `end`."""
        try:
            while not self._ending:
                if self._due():
                    await self._transmit()
                else:
                    await self._listen()
        finally:
            self.stop_playing()
        if self._modem.state is not ModemState.COMMAND:
            await self._end_receive()

    def _due(self) -> bool:
        """Whether there is a prompt to play now."""
        now = self._loop.time()
        if self._next is None or now < self._listen_until:
            return False
        return now >= self._hear_out_until or not self._far_end.tone_sounding

    async def _listen(self) -> None:
        if self._modem.state is ModemState.COMMAND and not await self.start():
            raise StreamLost("the modem refuses +VRX in the middle of a call")
        while not self._due() and not self._ending:
            self._wake.clear()
            await happens(self._wake, 5 * TICK)
            if self._modem.state is not ModemState.RECEIVE:
                return  # it ended by itself: connect again
            self._far_end.look(self._loop.time())
        await self._end_receive()

    async def _end_receive(self) -> None:
        if not await self._modem.end_stream(END_RECEIVE, END_TRANSMIT, within=STREAM_END):
            logger.warning("the modem does not leave +VRX when told; breaking in")
            await self._modem.escape()

    async def _transmit(self) -> None:
        assert self._next is not None
        (play, pcm), self._next = self._next, None
        self._playing, self._cut, self._interrupted = True, False, False
        heard = False
        try:
            if self._modem.state is ModemState.RECEIVE:  # ordered while the stream was being connected anew
                await self._end_receive()
            if not await self._modem.connect(ModemState.TRANSMIT):
                raise StreamLost("the modem refuses +VTX in the middle of a call")
            self._far_end.stream_began(self._loop.time())
            self._emit(PlayMark(play))
            heard = await self._send(pcm)
            if self._modem.state is ModemState.TRANSMIT:
                await self._finish()
        finally:
            self._playing = False
            if self._interrupted and not self._cut and self._next is None and not self._ending:
                self._next = (play, pcm)
                self._listen_until = self._loop.time() + LISTEN
                self._hear_out_until = self._listen_until + HEAR_OUT
            else:
                self._emit(PlayMark(play, complete=heard and not self._cut))

    async def _send(self, pcm: Samples) -> bool:
        """Send paced to real time; False when the modem left the stream. Raises StreamLost if it stops reading."""
        begun = last_progress = self._loop.time()
        sent = 0
        while sent < len(pcm) and not self._cut and not self._interrupted:
            if self._modem.state is not ModemState.TRANSMIT:
                return False
            now = self._loop.time()
            if (now - begun) * RATE > sent:
                begun = now - sent / RATE  # late ourselves: the gap was heard, do not hurry after it
            while sent < min(len(pcm), (now - begun + LEAD) * RATE) and self._modem.wire.backlog < OUTPUT_READY:
                self._modem.send_audio(self._coding.encode(pcm[sent : sent + FRAME]))
                sent += FRAME
                last_progress = now
            if now - last_progress > STUCK:
                raise StreamLost("the modem has stopped reading the prompt")
            await asyncio.sleep(TICK)
        self._far_end.spoke(pcm[: min(sent, round((self._loop.time() - begun) * RATE))])
        return True

    async def _finish(self) -> None:
        if not await self._modem.end_transmit(LEAD + STREAM_END, clear=self._cut or self._interrupted):
            logger.warning("no OK after the end of a prompt; breaking in")
            await self._modem.escape()
            with suppress(NoAnswer):
                await self._modem.command("AT", 1.0)
