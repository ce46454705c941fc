"""What a line does after the far end has hung up. Exchanges differ, and so does the proof the modem is given."""

from dataclasses import dataclass

from drivers.emulator.audio import BUSY_TONE, CONGESTION_TONE, DIAL_TONE, HOWLER, TICK, ToneKind
from drivers.emulator.signals import LoopDropped, ToneNoticed

LOOP_DROP = 0.4
"""Seconds an exchange opens the loop to say that the far end has gone (250 to 500 ms are common)."""
CODE_PERIOD = 4.0
"""Seconds between two reports of the same tone by a modem's detector."""

TONES: dict[str, ToneKind | None] = {
    "busy": BUSY_TONE,
    "congestion": CONGESTION_TONE,
    "dial": DIAL_TONE,
    "howler": HOWLER,
    "silence": None,
}


@dataclass(frozen=True, slots=True)
class Clearing:
    """The signs of a hang-up, in the order they come."""

    sound: str = "busy"
    """busy · congestion · dial · howler · silence."""
    delay: float = 0.3
    """Seconds of nothing before it."""
    lasts: float | None = None
    """Seconds the tone lasts, then silence; None: until the line is released."""
    loop_drop: bool = False
    """The exchange opens the loop for 0.4 s: a part that senses it reports <DLE>l."""
    code: str | None = None
    """A code the modem's own detector gives: b (busy), d (dial tone), s …, every 4 s while it lasts."""
    code_after: float = 3.0
    """Seconds after the hang-up of the first such code."""

    def __post_init__(self) -> None:
        if self.sound not in TONES:
            raise ValueError(f"sound {self.sound!r}: {', '.join(TONES)} is allowed")

    @property
    def tone(self) -> ToneKind | None:
        """The tone, None for silence."""
        return TONES[self.sound]

    def signals(self, since: float) -> list[LoopDropped | ToneNoticed]:
        """What the modem's line circuit notices in the tick that ends `since` seconds after the hang-up."""
        noticed: list[LoopDropped | ToneNoticed] = []
        if self.loop_drop and _crosses(since, self.delay):
            noticed.append(LoopDropped())
        late = round((since - self.code_after) / TICK)
        if self.code and late >= 0 and late % round(CODE_PERIOD / TICK) == 0:
            noticed.append(ToneNoticed(self.code))
        return noticed

    def sounding(self, since: float) -> bool:
        """Whether its tone is on the line then."""
        start = self.delay + (LOOP_DROP if self.loop_drop else 0)
        return since >= start and (self.lasts is None or since < start + self.lasts)


def _crosses(since: float, moment: float) -> bool:
    """Whether the tick that ends `since` seconds after an event is the only one that `moment` falls in."""
    return round(since / TICK) == max(1, round(moment / TICK))
