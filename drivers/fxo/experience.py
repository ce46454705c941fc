"""What the calls so far have shown of this very modem, beyond what its family is known for (pure)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Experience:
    """Kept by the line from call to call, and begun anew when the modem is brought up again: it may be another."""

    off_hook_proven: bool = False
    """Its OK to +VLS=1 was seen to stop the ringing, here or with every modem of its family: the caller need not
    wait in silence for that to show again."""
    off_hook_refuted: bool = False
    """That OK was seen to be untrue: every answer is checked from now on."""
    rings_told_early: bool = False
    """Off-hook right after a ring report did not take: it may report a burst at its beginning, and takes no line
    that rings (USR5637, v253 §10)."""
    deaf_in_voice_class: bool = False
    """It reported no rings in class 8 and did in class 0."""
    dial_tone_heard: bool = False
    """The line has given dial tone: where it does not, somebody is there."""
    counts_rings: bool = True
    """Its S1 counts rings, as far as was seen."""
    ring_count: int = 0
    """S1 as it was when the last call stopped ringing."""

    def stopped_ringing(self) -> None:
        """An OK was followed by a whole cadence without a burst."""
        self.off_hook_proven = not self.off_hook_refuted

    def rang_on(self, *, at_once: bool) -> None:
        """An OK was followed by a burst; `at_once` if it was asked for right after a ring report."""
        self.off_hook_proven, self.off_hook_refuted = False, True
        self.rings_told_early = self.rings_told_early or at_once
