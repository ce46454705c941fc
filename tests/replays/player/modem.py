"""The modem's end of the wire: answers as recorded, brings the far end's sound, notes what the host sends."""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.replays.player.host import HostBytes
from tests.replays.player.law import ENCODE, RATE, Sound, shielded
from tests.replays.player.script import Piece, Replay, pieces
from tests.unit.fxo.peer import RawPeer

GAP = 0.03
"""Seconds between two pieces that the host shall read one by one."""
LATENCY = 0.02
"""Seconds that a modem takes for an answer."""
FRAME = RATE // 50
STREAM_END = "\x10\x03\r\nOK\r\n"
_RESULT = re.compile(rb"(?:^|[\r\n])(?:OK|ERROR|CONNECT|VCON|[04])\r")


class ModemEnd:
    """One modem; `path` is what the line opens."""

    def __init__(self, replay: Replay, folder: Path) -> None:
        self.host = HostBytes()
        self.armed = "host" in replay.steps[0]
        """Host steps take their bytes; not while the line is set up, unless that is what the replay is about."""
        self._replay = replay
        self._peer = RawPeer(folder, replay.name)
        self._peer.on_bytes = self._received
        self._peer.on_closed = self._port_closed
        self._loop = asyncio.get_running_loop()
        self._echo = replay.echo != "off"
        self._v1 = not replay.before_v1
        self._coding = "mu"
        self._far_end = Sound()
        self._expected = [(step, step["host"]) for step in replay.steps if "host" in step]
        self._arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        self._saying = asyncio.Lock()
        self._unanswered = False
        self._voice_class = False
        self._bursts: asyncio.Task[None] | None = None
        self._stops_ringing = True
        self._strangers: list[str] = []
        self._closed = asyncio.Event()
        self._opened = False

    @property
    def path(self) -> Path:
        """The port."""
        return self._peer.path

    def check(self) -> None:
        """Raises AssertionError if the host has broken a rule or said what no recording has."""
        assert not self.host.broken, "; ".join(self.host.broken)
        assert not self._strangers, f"the host sent what no step names: {self._strangers}"

    def close(self) -> None:
        """The end of the replay."""
        for task in self._tasks:
            task.cancel()
        self._peer.unplug()

    # -- steps ----------------------------------------------------------------------------------------------

    async def say(self, said: Any) -> None:
        """Send by itself. What ends with 10 03 and OK is the end of the stream."""
        said = pieces(said)
        if said[-1] == STREAM_END:
            await self._write(said[:-1])
            self.host.ended(by_itself=True)
            said = said[-1:]
        await self._write(said)

    async def ring(self, said: dict[str, Any]) -> None:
        """A burst, as this modem reports it in the class it is in: `text` in class 0, `code` in class 8."""
        text, code = said.get("text", "\r\nRING\r\n"), said.get("code", "\x10R")
        await self._write(pieces(code if self._voice_class else text))

    async def ringing(self, said: dict[str, Any]) -> None:
        """Bursts `every` so many seconds, the first one now or `after` seconds, until off-hook; with `stops` false
        until further notice. None from now on without `every`."""
        self._stops_ringing = said.get("stops", True)
        if self._bursts is not None:
            self._bursts.cancel()
        self._bursts = self._keep(self._ring_on(said)) if said else None

    async def _ring_on(self, said: dict[str, Any]) -> None:
        await asyncio.sleep(said.get("after", 0.0))
        due = self._loop.time()
        while True:
            await self.ring(said)
            due += said["every"]
            await asyncio.sleep(due - self._loop.time())

    async def host_sends(self, step: dict[str, Any], within: float) -> None:
        """Until the host has sent what the step names, and the answer is out."""
        arrived = await asyncio.wait_for(self._arrived.get(), within)
        assert arrived is step
        if "answer" in step:
            await self._answer(step["host"], pieces(step["answer"]))

    async def sound(self, sound: dict[str, Any]) -> None:
        """What the far end sounds like from now on."""
        self._far_end = Sound(**sound)

    async def has_played(self, audio: bytes, within: float) -> None:
        """Until these very bytes, shielding and all, were among what the host sent into the stream."""
        await asyncio.wait_for(self._peer.wait_until(lambda: audio in self.host.raw), within)

    async def set_deaf(self, deaf: bool) -> None:
        """The modem takes everything for audio until the port is closed."""
        self.host.deaf = deaf

    async def until_closed(self, within: float) -> None:
        """Until the host has closed the port, which drops DTR: the modem is on-hook, in command state."""
        await asyncio.wait_for(self._closed.wait(), within)

    async def unplug(self) -> None:
        """The port vanishes."""
        self._peer.unplug()
        self._port_closed()

    async def plug(self) -> None:
        """It is back under the same path, fresh from power-up."""
        self._peer.plug()

    # -- bytes ----------------------------------------------------------------------------------------------

    def _received(self, data: bytes) -> None:
        self._opened = True
        if self._echo and not self.host.stream:
            self._peer.write(data.replace(b"AT", b"TA") if self._replay.echo == "swapped" else data)
        for sent in self.host.feed(data, self._loop.time()):
            self._take(sent)

    def _take(self, sent: str) -> None:
        if self.armed and self._expected and sent == self._expected[0][1]:
            self._arrived.put_nowait(self._expected.pop(0)[0])
            return
        if self.host.deaf:
            return
        answer: list[Piece] | None
        if self.host.stream:
            answer = self._replay.ends.get(self.host.stream[1:], {}).get(sent[1:])
            if answer is None:
                return  # CAN, or a code this modem does not know
        else:
            answer = self._replay.answer(sent[:-1], v1=self._v1)
            if answer is None:
                self._strangers.append(sent)
                return
        self._keep(self._answer(sent, answer))

    def _keep(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _answer(self, sent: str, answer: list[Piece]) -> None:
        await asyncio.sleep(LATENCY)
        if sent.startswith("\x10"):
            self.host.ended()
            await self._write(answer)
            return
        self._adopt(sent[:-1])
        self._unanswered = True
        await self._write(answer, sent[2:-1])
        if (
            sent == "AT+VLS=1\r"
            and "ERROR" not in str(answer)
            and self._stops_ringing
            and self._bursts is not None
        ):
            self._bursts.cancel()

    def _adopt(self, command: str) -> None:
        """What a command changes in the modem."""
        if command.startswith("AT+FCLASS=") or command in ("ATZ", "ATH"):
            self._voice_class = command == "AT+FCLASS=8"
        if command in ("ATE0", "ATZ") and self._replay.echo != "always":
            self._echo = command == "ATZ" and self._replay.echo != "off"
        elif command == "ATV1":
            self._v1 = True
        elif command.startswith("AT+VSM=") and command[7:].split(",")[0] in self._replay.codings:
            self._coding = self._replay.codings[command[7:].split(",")[0]]
            self.host.sample_bytes = len(ENCODE[self._coding](0))

    async def _write(self, said: list[Piece], command: str | None = None) -> None:
        """Piece by piece; texts without a pause are read one by one, and nothing comes between them."""
        sent = b""
        async with self._saying:
            for texts in _runs(said):
                if isinstance(texts, float):
                    await asyncio.sleep(texts)
                    continue
                async with self._writing:
                    for number, text in enumerate(texts):
                        await asyncio.sleep(GAP if number else 0.0)
                        sent += text
                        self._peer.write(text)
                        if command is not None:
                            self._result(command, sent)

    def _result(self, command: str, sent: bytes) -> None:
        """What follows CONNECT is in the stream already."""
        if self._unanswered and _RESULT.search(sent):
            self._unanswered = False
            self.host.answered(self._loop.time())
        self._connect(command, sent)

    def _connect(self, command: str, sent: bytes) -> None:
        if command not in ("+VTX", "+VRX", "+VTR") or self.host.stream:
            return
        if b"CONNECT\r" in sent or b"VCON\r" in sent:
            self.host.connected(command, self._loop.time())
            if command != "+VTX":
                self._keep(self._pour())

    async def _pour(self) -> None:
        """The far end's sound, 20 ms by 20 ms, as long as the stream lives."""
        due = self._loop.time()
        while self.host.stream in ("+VRX", "+VTR"):
            encode = ENCODE[self._coding]
            audio = b"".join(map(encode, self._far_end.samples(FRAME)))
            async with self._writing:
                if not self.host.stream:
                    break
                await self._send_frame(shielded(audio, sub=self._replay.sub))
            due += FRAME / RATE
            await asyncio.sleep(max(0.0, due - self._loop.time()))

    async def _send_frame(self, frame: bytes) -> None:
        """In one write, or torn apart between a 10h and its companion."""
        cut = frame.find(b"\x10") + 1 if self._replay.cut else 0
        with suppress(BlockingIOError):  # the host was held up for long: a modem loses that too
            if cut:
                self._peer.write(frame[:cut])
                await asyncio.sleep(0.005)
            self._peer.write(frame[cut:])

    def _port_closed(self) -> None:
        if not self._opened:
            return
        self._opened = False
        self.host.ended()
        self.host.deaf = False
        self._echo = self._replay.echo != "off"
        self._closed.set()


def _runs(said: list[Piece]) -> Iterator[list[bytes] | float]:
    """Texts without a pause between them together."""
    run: list[bytes] = []
    for piece in said:
        if isinstance(piece, str):
            run.append(piece.encode("latin-1"))
            continue
        if run:
            yield run
        run = []
        yield float(piece)
    if run:
        yield run
