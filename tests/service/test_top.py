"""`sansheng top` at a real terminal: it follows a call, says when it is stale, and ends by `q`."""

import asyncio
import fcntl
import os
import pty
import re
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.cli import top
from gateway.feed import Feed, FeedConfig, FeedError
from tests.broker import PATIENCE, free_port
from tests.service.told import MORNING, ZONE, Told

pytestmark = pytest.mark.service

COMMAND = (sys.executable, "-m", "gateway.cli.main", "top", "-c")
ROWS, COLUMNS = 24, 100


class Terminal:
    """What a terminal was sent."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._seen = ""
        self._news = asyncio.Event()

    def read(self) -> None:
        try:
            sent = os.read(self._descriptor, 65536)
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self._descriptor)
            return
        self._seen += sent.decode(errors="replace")
        self._news.set()

    async def until(self, text: str) -> None:
        """Returns once `text` is drawn after what was waited for before."""
        try:
            async with asyncio.timeout(PATIENCE):
                while text not in self._plain:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{text!r} is not drawn: {self._plain[-ROWS * COLUMNS :]}") from None
        self._seen = ""

    @property
    def _plain(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._seen)


@contextmanager
def at_terminal(config: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Terminal, int]]:
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "LINES": "", "COLUMNS": ""}  # what the terminal itself says
    process = subprocess.Popen((*COMMAND, str(config)), stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    terminal = Terminal(ours)
    asyncio.get_running_loop().add_reader(ours, terminal.read)
    try:
        yield process, terminal, ours
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        process.kill()
        process.wait()
        os.close(ours)


def config_in(folder: Path, port: int) -> Path:
    config = folder / "gateway.toml"
    line = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
    config.write_text(f'site = "jinan"\n[mqtt]\nbroker_port = {port}\n{line}')
    return config


async def test_it_follows_a_call_and_says_when_it_is_stale(tmp_path: Path) -> None:
    port = free_port()
    config = config_in(tmp_path, port)
    feed = Feed(FeedConfig(site="jinan", lines=(("sip1", "sip"),), broker_port=port), lambda: datetime.now(ZONE))
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        with at_terminal(config) as (process, terminal, keyboard):
            await terminal.until("all lines idle")
            for notice in Told().rings(2).answered().notices:
                feed.receive(notice)
            await terminal.until("138****5678")
            await feed.stop()
            await terminal.until("STALE")
            os.write(keyboard, b"xq")
            async with asyncio.timeout(PATIENCE):
                assert await asyncio.to_thread(process.wait) == 0
    finally:
        await feed.stop()


async def test_in_a_pipe_it_shows_what_the_broker_keeps_and_ends(tmp_path: Path) -> None:
    port = free_port()
    config = config_in(tmp_path, port)
    feed = Feed(FeedConfig(site="jinan", lines=(("sip1", "sip"),), broker_port=port), lambda: datetime.now(ZONE))
    command = (*COMMAND, str(config))
    missing = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "is not reached" in missing.stderr
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        shown = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "jinan" in shown.stdout
        assert "offline" in shown.stdout
    finally:
        await feed.stop()


async def test_a_broker_that_says_nothing_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(top, "ALL_RETAINED", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        watch = top.Watch(FeedConfig(site="jinan", url=f"mqtt://127.0.0.1:{silent.getsockname()[1]}"))
        with pytest.raises(FeedError, match="the broker has not answered"):
            await watch.once(Console())
