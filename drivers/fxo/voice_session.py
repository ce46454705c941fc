"""What a call needs of a voice stream, duplex or half duplex, and the choice between them."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.dialogue import probe
from drivers.fxo.errors import NoAnswer
from drivers.fxo.joined import Joined
from drivers.fxo.modem import Modem
from drivers.fxo.playback import PlayMark

Samples = NDArray[np.int16]
Emit = Callable[[PlayMark], None]

LEAD = 0.5
"""Seconds of a prompt given to the modem ahead of the line: rides out a busy host. Modems are held to buffer 0.5 s
and more."""
IDLE_LEAD = 0.2
"""Seconds of silence given ahead: a gap in it is silence too, and a prompt begins after it."""
JOINED_LEAD = 0.06
"""Seconds given ahead while two people talk to each other, prompts too: what they say comes later by this. It
rides out a timer that is 20 ms late beside a modem that takes 20 ms at a time."""
TICK = 0.02
STREAM_END = 1.5
"""Seconds in which a modem ends a stream: what it has buffered, and some firmware's own delay."""
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

    def join(self, joined: Joined | None) -> None:
        """Exchange audio with another leg from now on; None: no more. A half-duplex stream cannot."""

    def end(self) -> None:
        """Let `run` end the stream and return."""

    def code_received(self, code: str, now: float) -> None:
        """The modem reports an event at `now`."""

    def ran_dry(self) -> None:
        """The modem says that it has played all it was given."""

    def audio_received(self, audio: bytes) -> None:
        """Take received audio."""


async def try_start(session: VoiceSession, modem: Modem) -> bool:
    """Whether the stream is up; a CONNECT that never comes counts as a refusal. Raises NoAnswer, PortLost."""
    try:
        return await session.start()
    except NoAnswer:
        await modem.escape()
        await probe(modem)
        return False
