"""An emulated modem that notes what passes its port, by the wall clock."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from drivers.emulator import EmulatedModem, Exchange, Faults
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
    off_hook_delays: list[float] = field(default_factory=list)
    """Seconds from a ring report to the order to go off-hook that followed it."""
    unasked: int = 0
    """Orders to go off-hook while the line did not ring."""


class NotedModem(EmulatedModem):
    """See Notes."""

    def __init__(self, personality: str, link: Path, exchange: Exchange, faults: Faults) -> None:
        super().__init__(personality, link=link, exchange=exchange, faults=faults)
        self.notes = Notes()
        self._rang_at: float | None = None
        self._fed = False
        """Audio has come for the stream that is up, and not its end."""

    def _send(self, data: bytes) -> None:
        if any(ring in data for ring in _RINGS):
            self._rang_at = time.monotonic()
        if b"CONNECT" in data:
            self._fed = False
        self.notes.underruns += self._fed and data == code("u")
        self.notes.overruns += data == code("o")
        super()._send(data)

    def _received(self, data: bytes) -> None:
        if OFF_HOOK in data:
            if self._rang_at is not None:
                self.notes.off_hook_delays.append(time.monotonic() - self._rang_at)
            self._rang_at = None
            self.notes.unasked += self.exchange.current is None
        self._fed = self._core.in_voice_stream and not data.startswith(END)
        super()._received(data)

    def _tick(self) -> None:
        super()._tick()
        if self._core.in_voice_stream:
            self.notes.leads.append(BUFFER_SECONDS - self._core.room / RATE)
