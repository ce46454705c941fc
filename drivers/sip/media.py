"""A leg's two ports on the conference bridge: the speaker says prompts, the tap hears the far end.

Their callbacks run on the bridge's clock thread, every 20 ms for all legs in turn: copy and enqueue, nothing else.

Prompts come out of memory rather than from pjmedia's own playlist player. That player (2.15.1) puts up to 100 ms
of silence into the end of a playlist, and crashes the process where its last file is short; with this port every
sample is counted as the clock takes it.
"""

from typing import Any, Final

import pjsua2 as pj

from drivers.sip.contained import contained
from drivers.sip.frame_access import ReadFrame
from drivers.sip.listening import Frames
from drivers.sip.playout import FRAME, Playout

CLOCK_RATE: Final = 8000
"""Hz; no resampling anywhere between a G.711 line and the ears."""
BACKLOG: Final = 500
"""Frames (10 s) kept for an owner thread that has fallen behind; the oldest are dropped then."""


def frame_format() -> Any:
    """20 ms frames of 16-bit mono at 8000 Hz."""
    shape = pj.MediaFormatAudio()
    shape.init(pj.PJMEDIA_FORMAT_PCM, CLOCK_RATE, 1, 1_000_000 * FRAME // CLOCK_RATE, 16)
    return shape


class Speaker(pj.AudioMediaPort):  # type: ignore[misc]
    """Says what the playout holds."""

    def __init__(self, name: str, playout: Playout) -> None:
        super().__init__()
        self._playout = playout
        self.said: bytes | None = None
        """The frame said in this tick."""
        self.createPort(f"{name}-speaker", frame_format())

    @contained
    def onFrameRequested(self, frame: Any) -> None:
        """pjsua2: the bridge wants the next frame."""
        self.said = said = self._playout.next_frame()
        if said is None:
            frame.type = pj.PJMEDIA_FRAME_TYPE_NONE
            return
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        frame.buf = pj.ByteVector(said)
        frame.size = len(said)


class Tap(pj.AudioMediaPort):  # type: ignore[misc]
    """Hears the far end."""

    def __init__(self, name: str, frames: Frames, speaker: Speaker, read: ReadFrame) -> None:
        super().__init__()
        self._frames = frames
        self._speaker = speaker
        self._read = read
        self.createPort(f"{name}-tap", frame_format())

    @contained
    def onFrameReceived(self, frame: Any) -> None:
        """pjsua2: the bridge has mixed a frame for us. It asks all speakers first, then feeds all taps."""
        self._frames.append((self._read(frame.buf), self._speaker.said))


class LegAudio:
    """Both ports of one leg. Made, connected and dropped by the owner thread."""

    def __init__(self, name: str, playout: Playout, read: ReadFrame, clock: Any) -> None:
        """`clock`: the null device's port. It keeps the playout going while the call has no audio (hold)."""
        self.frames: Frames = Frames(maxlen=BACKLOG)
        self._speaker = Speaker(name, playout)
        self._tap = Tap(name, self.frames, self._speaker, read)
        self._speaker.startTransmit(clock)

    def connect(self, audio: Any) -> None:
        """Join the call's audio, new after every re-INVITE."""
        audio.startTransmit(self._tap)
        self._speaker.startTransmit(audio)
