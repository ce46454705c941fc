"""A raw pseudo-terminal peer and a tiny scripted modem on it: literal bytes, no code of the driver."""

import asyncio
import os
import pty
import tty
from collections.abc import Callable
from pathlib import Path

PATIENCE = 20.0


class RawPeer:
    """The modem's end of a tty whose path stays the same while it is unplugged and plugged in."""

    def __init__(self, folder: Path, name: str = "ttyTEST0") -> None:
        self.path = folder / name
        self.received = bytearray()
        self._master: int | None = None
        self._news = asyncio.Event()
        self.on_bytes: Callable[[bytes], None] = lambda _data: None
        self.on_closed: Callable[[], None] = lambda: None
        self.reading = True
        self.plug()

    def plug(self) -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)
        self._master = master
        self.read_on()

    def read_on(self) -> None:
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    def stop_reading(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)

    def unplug(self) -> None:
        if self._master is not None:
            self.stop_reading()
            os.close(self._master)
            self._master = None
            self.path.unlink(missing_ok=True)

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            # Nobody has the other end open: look again a little later instead of spinning.
            self.stop_reading()
            self.on_closed()
            asyncio.get_running_loop().call_later(0.02, self._read_again, self._master)
            return
        self.received += data
        self._news.set()
        self.on_bytes(data)

    def _read_again(self, master: int) -> None:
        if self._master == master:
            self.read_on()

    def write(self, data: bytes) -> None:
        if self._master is not None:
            os.write(self._master, data)

    async def pour(self, data: bytes) -> None:
        """Write any amount, as fast as the other end takes it."""
        async with asyncio.timeout(PATIENCE):
            while data:
                try:
                    data = data[os.write(self._master, data) :]
                except BlockingIOError:
                    await asyncio.sleep(0.005)

    async def wait_until(self, enough: Callable[[], bool]) -> None:
        """Until `enough` holds, looked at whenever bytes arrive."""
        async with asyncio.timeout(PATIENCE):
            while not enough():
                self._news.clear()
                await self._news.wait()

    async def wait_for(self, wanted: bytes) -> bytes:
        """Everything received up to and with `wanted`, which is taken out of `received`."""
        await self.wait_until(lambda: wanted in self.received)
        end = self.received.index(wanted) + len(wanted)
        taken = bytes(self.received[:end])
        del self.received[:end]
        return taken


class ScriptedModem:
    """Answers command lines from a table; a missing entry is OK, None is silence."""

    def __init__(self, peer: RawPeer, answers: dict[str, bytes | None] | None = None) -> None:
        self.peer = peer
        self.answers = {"ATI3": b"\r\nPLAIN VOICE MODEM\r\n\r\nOK\r\n"} | (answers or {})
        self.commands: list[str] = []
        self.echo = True
        self.silent = False
        self._partial = b""
        peer.on_bytes = self._bytes

    def _bytes(self, data: bytes) -> None:
        self._partial += data
        while b"\r" in self._partial:
            line, self._partial = self._partial.split(b"\r", 1)
            if not self.silent:
                self._answer(line)

    def _answer(self, line: bytes) -> None:
        if self.echo:
            self.peer.write(line + b"\r")
        at = line.upper().rfind(b"AT")
        if at < 0:
            return
        command = line[at:].decode("ascii")
        self.commands.append(command)
        if command in ("ATE0", "ATZ"):
            self.echo = command == "ATZ"
        answer = self.answers.get(command, b"\r\nOK\r\n")
        if answer is not None:
            self.peer.write(answer)
