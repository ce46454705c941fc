"""A leg's two ports on the conference bridge: the speaker says prompts, the tap hears the far end.

Their callbacks run on the bridge's clock thread, every 20 ms for all legs in turn: copy and enqueue, nothing else.

Prompts come out of memory rather than from pjmedia's own playlist player. That player (2.15.1) puts up to 100 ms
of silence into the end of a playlist, and crashes the process where its last file is short; with this port every
sample is counted as the clock takes it.
"""

from typing import Any, Final

import pjsua2 as pj

from drivers.sip.clock_thread import ClockThread
from drivers.sip.contained import contained
from drivers.sip.frame_access import ReadFrame, frame_writer
from drivers.sip.listening import Frames
from drivers.sip.mouth import Mouth
from drivers.sip.playout import FRAME

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
    """Says what the mouth has to say, if there is one."""

    def __init__(self, name: str, thread: ClockThread) -> None:
        super().__init__()
        self.mouth: Mouth | None = None
        self._thread = thread
        self._write = frame_writer(2 * FRAME)
        self.createPort(f"{name}-speaker", frame_format())

    @contained
    def onFrameRequested(self, frame: Any) -> None:
        """pjsua2: the bridge wants the next frame."""
        if not self._thread.kept:
            self._thread.keep()
        mouth = self.mouth
        said = mouth.next_frame() if mouth is not None else None
        if said is None:
            frame.type = pj.PJMEDIA_FRAME_TYPE_NONE
            return
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        self._write(frame, said)
        frame.size = len(said)


class Tap(pj.AudioMediaPort):  # type: ignore[misc]
    """Hears the far end, if anybody wants to know."""

    def __init__(self, name: str, read: ReadFrame) -> None:
        super().__init__()
        self.frames: Frames | None = None
        self.mouth: Mouth | None = None
        self._read = read
        self.createPort(f"{name}-tap", frame_format())

    @contained
    def onFrameReceived(self, frame: Any) -> None:
        """pjsua2: the bridge has mixed a frame for us. It asks all speakers first, then feeds all taps."""
        frames, mouth = self.frames, self.mouth
        if frames is not None and mouth is not None:
            received = self._read(frame.buf)
            frames.append((received, mouth.said))
            mouth.pass_on(received)


class LegAudio:
    """Both ports of one leg, lent to one call after another.

    They live as long as the library: pjsua2 takes a port off the bridge some ticks after its Python object has
    gone, and the clock thread would call into freed memory meanwhile.
    """

    def __init__(self, name: str, read: ReadFrame, clock: Any, thread: ClockThread) -> None:
        """`clock`: the null device's port. It keeps the playout going while the call has no audio (hold). `thread`
        is the one that it runs on."""
        self._speaker = Speaker(name, thread)
        self._tap = Tap(name, read)
        self._speaker.startTransmit(clock)

    def begin(self, mouth: Mouth) -> Frames:
        """Serve a new call: say what `mouth` has to say; what is heard is told it, and found in the result."""
        frames: Frames = Frames(maxlen=BACKLOG)
        self._tap.mouth = self._speaker.mouth = mouth
        self._tap.frames = frames
        return frames

    def connect(self, audio: Any) -> None:
        """Join the call's audio, new after every re-INVITE."""
        audio.startTransmit(self._tap)
        self._speaker.startTransmit(audio)

    def end(self) -> None:
        """The call has gone, and with it, by pjsua's hand, both connections."""
        self._speaker.mouth = self._tap.mouth = None
        self._tap.frames = None
