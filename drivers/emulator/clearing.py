"""What a line does after the far end has hung up. Exchanges differ, and so does the proof the modem is given."""

from dataclasses import dataclass

from drivers.emulator.audio import BUSY_TONE, CONGESTION_TONE, DIAL_TONE, HOWLER, ToneKind

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
