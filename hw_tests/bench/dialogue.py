"""A modem set up by the product's code, for AT commands and voice streams of the bench's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np

from drivers.fxo.codecs import Coding
from drivers.fxo.config import FxoConfig
from drivers.fxo.modem import Modem
from drivers.fxo.opened import opened
from drivers.fxo.start_up import ModemSetup, bring_up
from hw_tests.bench.far_end import Samples

STALLED = 5.0
"""Seconds more than it should take, after which audio that does not come has been lost."""


class Ear:
    """The modem's Sink: notes rings, keeps the audio of its stream."""

    def __init__(self) -> None:
        self.rang = asyncio.Event()
        self._coding = Coding.ULAW
        self._half = b""
        self._heard: list[Samples] = []
        self._count = 0
        self._news = asyncio.Event()

    def begin(self, coding: Coding) -> None:
        """A stream in `coding` begins."""
        self._coding, self._half = coding, b""

    async def hear(self, seconds: float) -> Samples:
        """What comes from now on. Raises AssertionError if it does not come."""
        first = self._count
        wanted = first + round(8000 * seconds)
        try:
            async with asyncio.timeout(seconds + STALLED):
                while self._count < wanted:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"of {seconds:g} s of audio {(self._count - first) / 8000:.1f} s came") from None
        return np.concatenate(self._heard)[first:wanted]

    def ring_received(self) -> None:
        self.rang.set()

    def line_received(self, line: str) -> bool:
        """Nothing is kept from the command in flight."""
        return False

    def event_received(self, code: str) -> None:
        """Of no interest."""

    def audio_received(self, audio: bytes) -> None:
        audio = self._half + audio
        whole = len(audio) // self._coding.sample_bytes * self._coding.sample_bytes
        self._half = audio[whole:]
        self._heard.append(self._coding.decode(audio[:whole]))
        self._count += len(self._heard[-1])
        self._news.set()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A modem in command state, on-hook at first."""

    modem: Modem
    setup: ModemSetup
    ear: Ear


@asynccontextmanager
async def dialogue(config: FxoConfig) -> AsyncIterator[Dialogue]:
    """Open the port and set the modem up; on-hook and closed afterwards, whatever happens. Raises FxoError."""
    ear = Ear()
    async with opened(config.port, ear) as modem:
        setup = await bring_up(modem, config)
        try:
            yield Dialogue(modem, setup, ear)
        finally:
            await modem.farewell()
