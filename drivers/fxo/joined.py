"""What a line's voice stream exchanges with the leg that it is joined with: 20 ms frames, each way on the modem's
own clock. The other leg's clock may be another one: `drivers.bridge` evens that out."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.bridge.mixing import mixed
from drivers.fxo.playback import FRAME

Samples = NDArray[np.int16]


class Path(Protocol):
    """drivers.bridge.path.AudioPath, as far as it is used here."""

    def send(self, samples: bytes) -> None:
        """Whole frames of 20 ms to the other leg."""

    def take(self) -> bytes | None:
        """Its next frame; None while nothing comes."""

    def close(self) -> None:
        """Neither any more."""


class Joined:
    """One Join."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rest = b""

    def heard(self, samples: Samples, prompt: Samples | None) -> None:
        """The far end has said this, beside this of our own prompt; the other leg hears both."""
        both = mixed(samples.tobytes(), None if prompt is None else prompt.tobytes()) or b""
        self._rest += both
        whole = len(self._rest) - len(self._rest) % (2 * FRAME)
        if whole:
            self._path.send(self._rest[:whole])
            self._rest = self._rest[whole:]

    def next_frame(self) -> Samples | None:
        """The next 20 ms of what the other leg says."""
        frame = self._path.take()
        return None if frame is None else np.frombuffer(frame, dtype="<i2")

    def close(self) -> None:
        """The Join is over."""
        self._path.close()
