"""The wallboard's process, fed by a test in the gateway's place."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from gateway.wallboard.settings import Settings
from tests.broker import PATIENCE
from tests.browser.board import ZONE_NAME

SITE = "jinan"
BEAT = 2.0
"""Seconds between two frames of a gateway that has nothing to tell."""


class Wallboard:
    """One `python -m gateway.wallboard`: `url` is its page, `show` what the gateway tells it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.url = ""
        self._shown: set[str] = set()
        self._beating = asyncio.create_task(self._beat())

    @classmethod
    async def start(cls, folder: Path, **settings: Any) -> "Wallboard":
        """Listening on a free port of 127.0.0.1; `folder` is its data_dir. `settings` as in `Settings`."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "gateway.wallboard"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        wallboard = cls(process)
        known: dict[str, Any] = {
            "site": SITE,
            "host": "127.0.0.1",
            "port": 0,
            "timezone": ZONE_NAME,
            "streams": 20,
            "database_url": f"sqlite:///{folder / 'calls.db'}",
            "data_dir": str(folder),
        }
        wallboard._write(Settings(**(known | settings)).line())
        wallboard.url = await wallboard._listening()
        return wallboard

    def show(self, messages: Mapping[str, Any]) -> None:
        """A frame of the gateway's: payloads by the rest of their topic; None: the topic is gone."""
        self._shown |= messages.keys()
        self._write(json.dumps({"messages": dict(messages)}).encode() + b"\n")

    def clear(self) -> None:
        """Nothing is shown any more, and the gateway is heard again."""
        self.show(dict.fromkeys(self._shown))
        self._shown.clear()
        if self._beating.done():
            self._beating = asyncio.create_task(self._beat())

    def silence(self) -> None:
        """The gateway tells nothing any more, as if it hung; `clear` ends that."""
        self._beating.cancel()

    def send(self, number: signal.Signals) -> None:
        """A signal to the process."""
        self._process.send_signal(number)

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    async def stop(self) -> None:
        """As the gateway ends it: by closing its standard input."""
        assert self._process.stdin is not None
        self._beating.cancel()
        self._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            assert await self._process.wait() == 0

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.show({})

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)

    async def _listening(self) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                told = json.loads(line)
                assert "problem" not in told, told
                if "listening" in told:
                    return str(told["listening"])
        raise AssertionError("the wallboard's process ended before it listened")
