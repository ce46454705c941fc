"""An emulated modem that notes what passes its port, by the wall clock."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fxo.agent import Clicks
from drivers.emulator import Call, EmulatedModem, Exchange, Faults
from drivers.emulator.audio import RATE
from drivers.emulator.shielding import code
from drivers.emulator.voice_stream import BUFFER_SECONDS

OFF_HOOK = b"AT+VLS=1\r"
END = (code("^"), code("\x03"))
"""What a host ends a duplex stream with."""
_RINGS = (b"\r\nRING", code("R"))


@dataclass
class Notes:
    """One modem's."""

    underruns: int = 0
    """Reported once audio had come for the stream: at CONNECT and after the end there is nothing to play."""
    overruns: int = 0
    leads: list[float] = field(default_factory=list)
    """Seconds of audio given ahead, looked at every tick of a stream."""
    clicks: Clicks = field(default_factory=Clicks)
    """The customer's, where he clicks."""
    told: list[float] = field(default_factory=list)
    """Seconds from the report of a ring to the order to go off-hook that answers it; every ring had been told."""
    told_late: list[float] = field(default_factory=list)
    """The same where the report of an earlier ring was lost."""
    untold: int = 0
    """Orders to go off-hook at a ring whose own report was lost."""
    unasked: int = 0
    """Orders to go off-hook while the line did not ring."""


class NotedModem(EmulatedModem):
    """See Notes."""

    def __init__(self, personality: str, link: Path, exchange: Exchange, faults: Faults) -> None:
        super().__init__(personality, link=link, exchange=exchange, faults=faults)
        self.notes = Notes()
        self._rang_at = 0.0
        self._call: Call | None = None
        self._bursts: list[int] = []
        """Of this call, those whose report was sent."""
        self._fed = False
        """Audio has come for the stream that is up, and not its end."""

    def _send(self, data: bytes) -> None:
        if any(ring in data for ring in _RINGS):
            self._reported(time.monotonic())
        if b"CONNECT" in data:
            self._fed = False
        self.notes.underruns += self._fed and data == code("u")
        self.notes.overruns += data == code("o")
        super()._send(data)

    def _received(self, data: bytes) -> None:
        if OFF_HOOK in data:
            self._ordered(time.monotonic())
        self._fed = self._core.in_voice_stream and not data.startswith(END)
        super()._received(data)

    def _reported(self, now: float) -> None:
        call = self.exchange.current
        if call is None:
            return
        if call is not self._call:
            self._call = call
            self._bursts.clear()
        if call.bursts not in self._bursts:  # else told twice
            self._rang_at = now
            self._bursts.append(call.bursts)

    def _ordered(self, now: float) -> None:
        call = self.exchange.current
        if call is None:
            self.notes.unasked += 1
        elif call is not self._call or self._bursts[-1] != call.bursts:
            self.notes.untold += 1
        else:
            all_told = self._bursts == list(range(1, call.bursts + 1))
            (self.notes.told if all_told else self.notes.told_late).append(now - self._rang_at)

    def _tick(self) -> None:
        super()._tick()
        if self._core.in_voice_stream:
            self.notes.leads.append(BUFFER_SECONDS - self._core.room / RATE)
        if self.notes.clicks.said and self.exchange.current is not None:
            self.notes.clicks.hear(self.exchange.current.last_heard, time.monotonic())
