"""What a telephone line does to a sound: coding, lost packets, clipping at full scale, direct current."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.material import alaw, lost_packets, pcm, ulaw

Signal = NDArray[np.float64]


def linear8(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples after a trip through 8-bit linear coding, as a voice modem's: the upper 8 bits, rounded."""
    return (np.clip(np.round(samples / 256.0), -128, 127) * 256).astype(np.int16)


def linear16(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples as they are."""
    return samples


_CODECS = {"alaw": alaw, "ulaw": ulaw, "linear8": linear8, "linear16": linear16}


@dataclass(frozen=True, slots=True)
class Path:
    """A line and its faults."""

    codec: str = "alaw"
    """"alaw", "ulaw", "linear8" or "linear16"."""
    loss: float = 0.0
    """Share of 20 ms packets that never come."""
    repeats: bool = False
    """The receiver repeats the last packet instead of playing silence."""
    dc: float = 0.0
    """Direct current, in full scales."""
    seed: int = 0

    def carry(self, signal: Signal) -> NDArray[np.int16]:
        """What arrives of the signal (full scale 1.0), cut to whole 20 ms frames."""
        samples = _CODECS[self.codec](pcm(signal + self.dc))
        return lost_packets(samples, self.loss, self.seed, self.repeats) if self.loss else samples

    def label(self, clipped: bool = False) -> str:
        """The path as tables name it."""
        parts = [self.codec]
        if self.loss:
            how = "repeated" if self.repeats else "silent"
            parts.append(f"loss {100 * self.loss:.1f} % {how}")
        if clipped:
            parts.append("clipped")
        if self.dc:
            parts.append("dc")
        return ", ".join(parts)
