"""Call-progress tones of a country, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from drivers.line import Tone


@dataclass(frozen=True, slots=True)
class ToneSpec:
    """One tone. `on` and `off` in seconds; `off` None is a continuous tone, known once it has lasted `on`."""

    tone: Tone
    frequency: float
    on: float
    off: float | None = None
    cycles: int = 1
    """Whole on-off cycles, each within tolerance, before it is believed."""
    before: tuple[tuple[float, float], ...] = ()
    """Shorter bursts that open each cycle, seconds on and off; `on` and `off` are the last one's, the longest."""
    level_steps: bool = False
    """The exchange raises its level step by step, so its level need not be steady."""

    @property
    def cycle(self) -> tuple[tuple[float, float], ...]:
        """Seconds on and off of each burst of a cycle; off is 0 for a continuous tone."""
        return (*self.before, (self.on, self.off or 0.0))

    @property
    def bursts(self) -> int:
        """Bursts in all the cycles before it is believed."""
        return self.cycles * len(self.cycle)


CHINA: Final = (
    # GB/T 3380: 450±25 Hz, cadences ±10 %; howler 950±25 Hz rising in steps. A burst of ringback may last 1.1 s,
    # and two packets lost at its end may be filled with more of it: until then nothing tells it from a dial tone.
    # Two bursts of busy may be chance, with a third beginning on time they are not. Vacant number: three short
    # bursts and a long one.
    ToneSpec(Tone.BUSY, 450.0, 0.35, 0.35, cycles=2),
    ToneSpec(Tone.CONGESTION, 450.0, 0.7, 0.7, cycles=2),
    ToneSpec(Tone.VACANT, 450.0, 0.4, 0.4, before=((0.1, 0.1),) * 3),
    ToneSpec(Tone.RINGBACK, 450.0, 1.0, 4.0),
    ToneSpec(Tone.DIAL, 450.0, 1.17),
    ToneSpec(Tone.HOWLER, 950.0, 2.0, level_steps=True),
)

TONE_TABLES: Final[Mapping[str, tuple[ToneSpec, ...]]] = MappingProxyType({"cn": CHINA})
"""By the name that the config key `tones` gives."""
