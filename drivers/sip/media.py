"""A leg's port on the conference bridge: it says prompts, and hears the far end.

What it is asked and told comes on the bridge's clock thread, every 20 ms for all legs in turn: copy and enqueue,
nothing else.

Prompts come out of memory rather than from pjmedia's own playlist player. That player (2.15.1) puts up to 100 ms
of silence into the end of a playlist, and crashes the process where its last file is short; with this port every
sample is counted as the clock takes it.
"""

from typing import Any, Final

from drivers.sip.bridge_port import BridgePort, connect
from drivers.sip.clock_thread import ClockThread
from drivers.sip.listening import Frames
from drivers.sip.mouth import Mouth

BACKLOG: Final = 500
"""Frames (10 s) kept for an owner thread that has fallen behind; the oldest are dropped then."""
_CLOCK: Final = 0
"""The null device's port on the bridge."""


class LegAudio:
    """One leg's port, lent to one call after another. It lives as long as the library."""

    def __init__(self, thread: ClockThread) -> None:
        """`thread` is the one that the bridge runs on. Raises BridgeError."""
        self._port = BridgePort(thread)
        self._mouth: Mouth | None = None
        self._asked = False
        """Whether the clock asks the mouth."""
        # It keeps the playout going while the call has no audio (hold).
        connect(self._port.slot, _CLOCK)

    def begin(self, mouth: Mouth) -> Frames:
        """Serve a new call: say what `mouth` has to say; what is heard is told it, and found in the result."""
        frames: Frames = Frames(maxlen=BACKLOG)

        def hear(received: bytes) -> None:
            # The bridge asks all ports for a frame first, then hands theirs to all.
            frames.append((received, mouth.said if self._asked else None))
            mouth.pass_on(received)

        self._mouth = mouth
        self._port.hear(hear)
        self.follow()
        return frames

    def follow(self) -> None:
        """Have the clock ask the mouth while it has something to say, and not else; after each change."""
        mouth = self._mouth
        wanted = mouth is not None and not mouth.idle
        if mouth is None or wanted is self._asked:
            return
        self._asked = wanted
        self._port.say(mouth.next_frame if wanted else None)
        if not wanted:
            mouth.shut()

    def connect(self, audio: Any) -> None:
        """Join the call's audio, new after every re-INVITE."""
        call = audio.getPortId()
        connect(call, self._port.slot)
        connect(self._port.slot, call)

    def end(self) -> None:
        """The call has gone, and with it, by pjsua's hand, both connections."""
        self._mouth, self._asked = None, False
        self._port.say(None)
        self._port.hear(None)
