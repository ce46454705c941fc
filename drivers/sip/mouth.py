"""What one leg says in each tick, and what the leg that is joined with it hears of it. No pjsua2 here.

Two threads meet here, as in Playout: the media clock calls `next_frame` and then `pass_on`, every tick, everything
else is the owner's. Whatever they share is replaced whole and written by one of them alone.
"""

from typing import Final, Protocol

from drivers.bridge.mixing import mixed
from drivers.sip.playout import FRAME, Playout

_SILENCE: Final = bytes(2 * FRAME)


class Path(Protocol):
    """One end of a bridge between two legs (drivers.bridge). Neither call blocks or raises."""

    def send(self, samples: bytes) -> None:
        """To the other leg."""

    def take(self) -> bytes | None:
        """The next 20 ms from the other leg; None: nothing has come."""


class Mouth:
    """Prompts, mixed with what the joined leg sends."""

    def __init__(self, playout: Playout) -> None:
        self._playout = playout
        self._prompt: bytes | None = None
        self.said: bytes | None = None
        """What has gone out in this tick, None for silence: the reference for the echo, and what is recorded."""
        self.path: Path | None = None
        """To the joined leg."""
        self.held = False
        """The far end has put us on hold: it hears nothing, and what it sends (music) is no voice of its own."""

    @property
    def idle(self) -> bool:
        """Whether nothing can come of next_frame: it need not be asked, once shut() was."""
        return self._playout.idle and self.path is None

    def shut(self) -> None:
        """Nobody asks any more: nothing is said."""
        self._prompt = self.said = None

    def next_frame(self) -> bytes | None:
        """The frame for this tick, 320 bytes; None when nothing is to be said. Called by the media clock."""
        self._prompt = self._playout.next_frame()
        path = self.path
        theirs = None if path is None else path.take()
        self.said = None if self.held else mixed(self._prompt, theirs)
        return self.said

    def pass_on(self, received: bytes) -> None:
        """What the far end has said in this tick, empty for nothing, goes to the joined leg together with the
        prompt. Silence goes too: it keeps the path's time. Called by the media clock."""
        path = self.path
        if path is not None:
            voice = None if self.held or len(received) != len(_SILENCE) else received
            path.send(mixed(voice, self._prompt) or _SILENCE)
