"""What a call needs of a voice stream, duplex or half duplex, and the choice between them."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.playback import PlayMark

Samples = NDArray[np.int16]
Emit = Callable[[PlayMark], None]

LEAD = 0.3
"""Seconds of audio given to the modem ahead of the line: rides out a busy host, and is soon over when cut."""
TICK = 0.02
STREAM_END = 1.5
"""Seconds in which a modem ends a stream: what it has buffered, and some firmware's own delay."""
DEAD_AFTER = 5.0
"""Seconds without one received byte after which a stream is dead; a busy host can stall a modem for two."""
OUTPUT_READY = 2400
"""No more audio is queued while so many bytes wait for the modem to read."""


class VoiceSession(Protocol):
    """A voice stream of one off-hook call."""

    async def start(self) -> bool:
        """Connect the stream; False when the modem refuses. Raises NoAnswer, PortLost."""

    async def run(self) -> None:
        """Carry audio until `end`; back in command state then. Raises StreamLost, NoAnswer, PortLost."""

    @property
    def playing(self) -> bool:
        """Whether a prompt is on the line or about to be."""

    def play(self, play: int, pcm: Samples) -> None:
        """Play 8000 Hz samples, cutting what runs."""

    def stop_playing(self) -> None:
        """Cut what runs."""

    def end(self) -> None:
        """Let `run` end the stream and return."""

    def audio_received(self, audio: bytes) -> None:
        """Take received audio."""
