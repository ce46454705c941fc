"""A host or a modem that stalls, in virtual time: our own voice must not be taken for the customer's, nor audio
that does not come for his silence."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.fxo.codecs import Coding
from drivers.fxo.duplex import DuplexSession
from drivers.fxo.errors import StreamLost
from drivers.fxo.far_end import FarEnd
from drivers.fxo.modem import Modem
from drivers.fxo.playback import PlayMark
from drivers.fxo.profiles.events import STANDARD
from drivers.fxo.recording import CallRecording
from drivers.fxo.supervision import HangUpVote
from drivers.hearing.g711 import decode_ulaw, encode_ulaw
from drivers.hearing.wav import read_wav
from drivers.line import LineEvent, MediaLost, MediaRestored, Record, Verdict, VerdictReached
from drivers.voice.espeak import speak
from tests.unit.fxo.virtual_time import VirtualLoop

pytestmark = pytest.mark.unit

FRAME = 160
ECHO = 0.2
"""-14 dB, after 10 ms."""


class StarvingModem:
    """A +VTR of 8000 samples a second whose buffer is played dry; also the line, which gives an echo back."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.host: Modem | None = None
        self.backlog = 0
        self.buffer = b""
        self.dry = 0
        self.due = 0.0
        self.mute = False
        """What the line brings is lost on its way to the host."""
        self._echo = np.zeros(80)
        self._noise = np.random.default_rng(3)
        self._dry = False
        self._connected = False

    def write(self, data: bytes) -> bool:
        if data == b"AT+VTR\r":
            self._connected = True
            self.host.bytes_received(b"\r\nCONNECT\r\n")
        elif data == b"\x10^":
            self.host.bytes_received(b"\x10\x03\r\nOK\r\n")
        else:
            self.buffer += data.replace(b"\x10\x10", b"\x10")
        return True

    async def discard_output(self) -> None: ...

    async def drop_dtr(self, _duration: float) -> bool:
        return False

    async def reopen(self, _pause: float) -> None: ...

    def tick(self) -> bytes:
        """20 ms of line time: what the host is sent."""
        piece, self.buffer = self.buffer[:FRAME], self.buffer[FRAME:]
        played = np.zeros(FRAME)
        played[: len(piece)] = decode_ulaw(piece)
        short = len(piece) < FRAME
        self.dry += short
        told = b"\x10u" if short and not self._dry else b""
        self._dry = short
        both = np.concatenate((self._echo, played))
        self._echo = both[FRAME:]
        heard = both[:FRAME] * ECHO + self._noise.normal(0, 15, FRAME)
        return told + encode_ulaw(heard.astype(np.int16)).replace(b"\x10", b"\x10\x10")

    async def run(self) -> None:
        self.due = self.loop.time()
        while True:
            self.due += 0.02
            await asyncio.sleep(self.due - self.loop.time())
            if self._connected:
                heard = self.tick()
                self.host.bytes_received(b"" if self.mute else heard)

    def stall(self, seconds: float) -> None:
        """The host does nothing for so long; what the modem sent meanwhile comes at once."""
        held = b"".join(self.tick() for _ in range(round(seconds / 0.02)))
        self.loop.now += seconds
        self.due += seconds
        self.loop.call_soon(self.host.bytes_received, held)

    def lag(self, seconds: float) -> None:
        """The modem itself is late (an emulator on a busy machine): line time stands still for so long."""
        self.due += seconds


async def with_a_modem(
    story: Callable[[StarvingModem, DuplexSession, list], Awaitable[None]], recording: CallRecording | None = None
) -> list[LineEvent]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    facts: list[LineEvent] = []
    marks: list[PlayMark] = []

    class Ears:
        def ring_received(self) -> None: ...

        def line_received(self, _line: str) -> bool:
            return False

        def event_received(self, _code: str) -> None:
            session.ran_dry()

        def audio_received(self, audio: bytes) -> None:
            session.audio_received(audio)

    line = StarvingModem(loop)
    modem = line.host = Modem(line, Ears())
    recording = recording or CallRecording()
    far_end = FarEnd("leg", Coding.ULAW, "cn", HangUpVote(2, STANDARD), recording, facts.append, lambda _key: None)
    session = DuplexSession(modem, Coding.ULAW, (b"\x10^",), far_end, marks.append)
    running = asyncio.create_task(line.run())
    assert await session.start()
    talking = asyncio.create_task(session.run())
    await story(line, session, marks)
    session.end()
    try:
        await talking
    finally:
        running.cancel()
    recording.close(loop.time())
    return facts


@pytest.mark.parametrize("stalls", [(), (0.4, 0.4, 0.4), (0.5,), (0.6, 0.66), (0.9, 0.74)])
def test_our_own_prompt_is_never_the_customer_however_the_host_stalls(stalls: tuple[float, ...]) -> None:
    prompt = speak("您好，济华热线八零一号为您服务，请问有什么可以帮您吗？您的电话已接通，请讲话。" * 2)

    async def story(line: StarvingModem, session: DuplexSession, marks: list[PlayMark]) -> None:
        await asyncio.sleep(1.0)
        session.play(1, prompt)
        await asyncio.sleep(3.0)
        line.dry = 0
        for seconds in stalls:
            line.stall(seconds)
            await asyncio.sleep(1.31)
        await asyncio.sleep(len(prompt) / 8000)
        assert marks == [PlayMark(1), PlayMark(1, complete=True)]
        assert not line.buffer.strip(b"\xff"), "finished means heard"
        assert line.dry == 0 or max(stalls, default=0) > 0.45, "nearly half a second is ridden out"

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        facts = runner.run(with_a_modem(story))
    verdicts = {fact.verdict for fact in facts if isinstance(fact, VerdictReached)}
    assert verdicts <= {Verdict.SILENT}


@pytest.mark.parametrize("lags", [(0.3, 0.3, 0.3), (0.8,), (1.5, 0.2)])
def test_a_modem_that_is_late_itself_loses_nothing_and_is_not_the_customer(lags: tuple[float, ...]) -> None:
    prompt = speak("您的电话已接通，请讲话。")

    async def story(line: StarvingModem, session: DuplexSession, marks: list[PlayMark]) -> None:
        await asyncio.sleep(2.0)
        for play, seconds in enumerate(lags, start=1):
            line.lag(seconds)
            await asyncio.sleep(seconds + 0.7)
            session.play(play, prompt)
            await asyncio.sleep(1.0)
            line.lag(seconds)
            await asyncio.sleep(seconds + len(prompt) / 8000 + 1.0)
        assert marks == [
            mark for play in range(1, len(lags) + 1) for mark in (PlayMark(play), PlayMark(play, True))
        ]

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        facts = runner.run(with_a_modem(story))
    assert {fact.verdict for fact in facts if isinstance(fact, VerdictReached)} <= {Verdict.SILENT}


@pytest.mark.parametrize("seconds", [1.2, 3.0, 4.5])
def test_audio_that_does_not_come_is_lost_and_no_silence(tmp_path: Path, seconds: float) -> None:
    recording = CallRecording()
    recording.execute(Record("leg", str(tmp_path / "call.wav")), 0.0)

    async def story(line: StarvingModem, session: DuplexSession, marks: list[PlayMark]) -> None:
        await asyncio.sleep(3.0)
        line.mute = True
        await asyncio.sleep(seconds)
        line.mute = False
        await asyncio.sleep(2.0)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        facts = runner.run(with_a_modem(story, recording))
    silent, *others = facts
    assert isinstance(silent, VerdictReached)
    assert others == [MediaLost("leg"), MediaRestored("leg")]
    assert len(read_wav(tmp_path / "call.wav")) / 8000 == pytest.approx(5.0 + seconds, abs=0.15)


def test_a_modem_that_is_late_for_a_moment_is_no_loss() -> None:
    async def story(line: StarvingModem, session: DuplexSession, marks: list[PlayMark]) -> None:
        for seconds in (0.3, 0.6, 0.9):
            await asyncio.sleep(2.0)
            line.lag(seconds)
            line.stall(3.0)
        await asyncio.sleep(2.0)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        facts = runner.run(with_a_modem(story))
    assert not [fact for fact in facts if isinstance(fact, MediaLost)]


def test_a_stream_that_stays_away_is_dead_at_its_own_time() -> None:
    async def story(line: StarvingModem, session: DuplexSession, marks: list[PlayMark]) -> None:
        await asyncio.sleep(3.0)
        line.mute = True
        await asyncio.sleep(6.0)

    with (
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
        pytest.raises(StreamLost, match="no audio from the modem for 5 s"),
    ):
        runner.run(with_a_modem(story))
