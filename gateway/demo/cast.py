"""Who calls in the demo, and how each of these calls must end by the standard."""

from collections.abc import Collection
from dataclasses import dataclass

from gateway.demo.agent import SAID

REQUEST = "你好,我家燃气表坏了,请来看看。"
"""What the talking customers say."""


@dataclass(frozen=True, slots=True)
class Part:
    """One customer: what kind, on which line, with which number, and the end the standard gives the call."""

    kind: str
    line: str
    number: str
    ends: str
    """`outcome/released_by/cause` of the record; `*` for any hang-up sign."""
    hears: str | None = None
    """A prompt that he hears beside those of his kind."""

    def plays(self, ends: str, heard: Collection[str]) -> bool:
        """Whether a call that ended so, with these prompts heard, was as it must be."""
        return ends.startswith(self.ends.removesuffix("*")) and (self.hears is None or self.hears in heard)


TALKING = "answered/customer/*"
SILENT = "answered/standard/JH-6"
NOISY = "answered/standard/JH-7"
RINGING_OFF = "abandoned/customer/*"

CAST = (
    Part("talking", "fxo1", "13812340001", TALKING),
    Part("silent", "fxo2", "13812340002", SILENT),
    Part("noisy", "fxo3", "13812340003", NOISY),
    Part("ringing off", "fxo4", "13812340004", RINGING_OFF),
    Part("talking", "sip1", "053188880001", TALKING, hears=SAID),
    Part("silent", "sip1", "053188880002", SILENT),
    Part("noisy", "sip1", "053188880003", NOISY),
    Part("ringing off", "sip1", "053188880004", RINGING_OFF),
)

AGENTS = tuple(str(801 + number) for number in range(len(CAST)))
"""One for each customer: with fewer it would be an overflow, and the last be greeted without a number (JH-5)."""

PERSONALITIES = {"fxo1": "conexant", "fxo2": "usr5637", "fxo3": "conexant", "fxo4": "usr5637"}
"""Which modem each FXO line has."""
