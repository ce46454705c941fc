"""Bytes as real modems sent them, replayed over a real pseudo-terminal against port, decoder and command queue.

The files in tests/replays state both directions literally, so a mistake mirrored in encoder and decoder shows.
"""

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.port import SerialPort
from tests.unit.fxo.peer import PATIENCE, RawPeer

pytestmark = pytest.mark.pty

REPLAYS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "replays").glob("*.toml"))
}
CONNECTS = {"transmit": ModemState.TRANSMIT, "receive": ModemState.RECEIVE, "duplex": ModemState.DUPLEX}


class Notes:
    """A Sink that writes down."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.audio = b""
        self.news = asyncio.Event()

    def _note(self, event: str) -> None:
        self.events.append(event)
        self.news.set()

    def ring_received(self) -> None:
        self._note("ring")

    def line_received(self, line: str) -> bool:
        if " = " in line:
            self._note(line)
            return True
        return False

    def event_received(self, code: str) -> None:
        self._note(code)

    def audio_received(self, audio: bytes) -> None:
        self.audio += audio
        self.news.set()

    async def match(self, events: list[str], audio: bytes) -> None:
        """Wait until exactly these came, then forget them."""
        async with asyncio.timeout(PATIENCE):
            while len(self.events) < len(events) or len(self.audio) < len(audio):
                self.news.clear()
                await self.news.wait()
        assert (self.events, self.audio) == (events, audio)
        self.events, self.audio = [], b""


async def act(modem: Modem, step: dict[str, Any]) -> object:
    """The host's part of a step; what must be true of it."""
    match step["do"]:
        case "command":
            reply = await modem.command(step["sent"].rstrip("\r"))
            assert list(reply.lines) == step.get("lines", []) or "lines" not in step
            return reply.ok
        case "transmit" | "receive" | "duplex" as kind:
            return await modem.connect(CONNECTS[kind])
        case "audio":
            return modem.send_audio(step["audio"].encode("latin-1"))
        case "end-transmit":
            return await modem.end_transmit(5.0)
        case "end-receive":
            return await modem.end_stream(b"\x10!", within=5.0)
        case "end-duplex":
            return await modem.end_stream(b"\x10^", within=5.0)
        case "hear":
            return True
    raise AssertionError(step)


@pytest.mark.parametrize("name", REPLAYS)
async def test_7_1_transcript(name: str, tmp_path: Path) -> None:
    peer, notes = RawPeer(tmp_path), Notes()
    modems: list[Modem] = []
    port = await SerialPort.open(str(peer.path), lambda data: modems[0].bytes_received(data), lambda _lost: None)
    try:
        modem = Modem(port, notes)
        modems.append(modem)
        for step in REPLAYS[name]["step"]:
            action = asyncio.create_task(act(modem, step))
            sent = step.get("sent", "").encode("latin-1")
            if sent:
                assert await peer.wait_for(sent) == sent, "nothing else was on the wire"
            for chunk in step.get("answer", []):
                peer.write(chunk.encode("latin-1"))
            assert await asyncio.wait_for(action, PATIENCE), step
            heard = step.get("audio", "") if step["do"] != "audio" else ""
            await notes.match(step.get("events", []), heard.encode("latin-1"))
    finally:
        await port.close()
        peer.unplug()
