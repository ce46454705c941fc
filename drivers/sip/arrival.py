"""Whether the far end's audio comes at all. Pure, no pjsua2 here.

The bridge goes on with frames of zeros when no packet comes, so a frame that is not zeros has come, or is what the
jitter buffer made of what came (measured: 0.1 s after the last packet, half a second where the buffer had grown).
Zeros may be a far end's own (µ-law has a code for zero, A-law none): then the stream's count of packets tells, but
for those that are keys. While they come they are counted once in GRACE: where zeros were being sent, a loss may be
told that much later.
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from drivers.line import MEDIA_LOST_AFTER
from drivers.sip.playout import FRAME

_ZEROS: Final = bytes(2 * FRAME)
_FRAMES_PER_SECOND: Final = 50
GRACE: Final = 0.2
"""Seconds without a packet that are heard as the zeros they are: a packet may carry 60 ms and come as much late,
and comfort noise (RFC 3389) is often sent five times a second."""
_ON_TIME: Final = 10
"""Frames taken at a time, twice those of a good day, beyond which this process was held up: packets may be waiting
for it as frames do."""
_KEY: Final = 4
"""Bytes of a packet that tells of a key (RFC 4733 §2.3)."""


class Received(NamedTuple):
    """What the present stream has received: RTP packets, and the bytes in them without their headers."""

    packets: int
    payload: int


class Media(Enum):
    """What is to be told of the far end's audio."""

    LOST = auto()
    RESTORED = auto()


class Arrival:
    """Told every frame in order; its clock is theirs."""

    def __init__(self, received: Callable[[], Received | None]) -> None:
        """`received`: the present stream's count, None where it cannot be had; another stream counts anew."""
        self._received = received
        self._counted: Received | None = Received(0, 0)
        """What had been received when last asked; None: not asked since a frame sounded, so that more tells
        nothing."""
        self._since: int | None = None
        """Frames since the last that came; None: none ever has."""
        self._counting = False
        """Whether packets had come when last asked, and no frame has sounded since."""
        self._lost = False

    @property
    def missing(self) -> bool:
        """Whether the frames taken last are no audio of the far end's. Before its first packet they count as its
        silence."""
        return self._since is not None and self._since > GRACE * _FRAMES_PER_SECOND

    @property
    def steady(self) -> bool:
        """Whether audio came with the frames taken last."""
        return self._since == 0

    def take(self, frames: Sequence[bytes]) -> Media | None:
        """Take received frames (empty: the bridge had none); what is to be told now."""
        sounds = any(frame and frame != _ZEROS for frame in frames)
        if sounds:
            self._counted, self._counting = None, False
        if sounds or (any(frames) and self._is_due(len(frames)) and self._counts_more()):
            self._since = 0
            restored, self._lost = self._lost, False
            return Media.RESTORED if restored else None
        if self._since is None:
            return None
        self._since += len(frames)
        overdue = self._since >= MEDIA_LOST_AFTER * _FRAMES_PER_SECOND
        if self._lost or not overdue or len(frames) > _ON_TIME:
            return None
        self._lost = True
        return Media.LOST

    def resume(self) -> None:
        """A hold is over: audio is waited for anew."""
        if self._since is not None and not self._lost:
            self._since = 0

    def _is_due(self, frames: int) -> bool:
        """Whether to ask, which costs far more than all else here: not within GRACE of packets, which changes
        nothing that is heard."""
        return not self._counting or self._since is None or self._since + frames >= GRACE * _FRAMES_PER_SECOND

    def _counts_more(self) -> bool:
        """Whether a packet that is no key has come since the last time it was asked."""
        before, now = self._counted, self._received()
        if now is None:
            return False
        self._counted = now
        self._counting = before is not None and _has_audio(before, now)
        return self._counting


def _has_audio(before: Received, now: Received) -> bool:
    """Whether a packet that is no key came between two counts."""
    if now.packets < before.packets:
        before = Received(0, 0)
    packets, payload = now.packets - before.packets, now.payload - before.payload
    return packets > 0 and payload != _KEY * packets
