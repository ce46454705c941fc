"""Figures with their limits: what a test found, for its verdict, the HTML report and the JUnit file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hw_tests.bench.calls import Journey


@dataclass(frozen=True, slots=True)
class Limit:
    """Between which values a figure is good; None is no bound. `why` is shown beside it."""

    low: float | None
    high: float | None
    unit: str
    why: str

    def __str__(self) -> str:
        unit = f" {self.unit}".rstrip()
        if self.low == self.high:
            return f"= {self.low:g}{unit}"
        if self.low is None:
            return f"≤ {self.high:g}{unit}"
        return f"≥ {self.low:g}{unit}" if self.high is None else f"{self.low:g} … {self.high:g}{unit}"

    def keeps(self, value: float) -> bool:
        """Whether `value` lies between the bounds."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


ANSWERED = "from the report of ring 2 to answered"
ANSWERED_UNTRUSTED = f"{ANSWERED}, on the first call of a modem not yet trusted"
PROMPT = (
    "0.12 s, when the burst has ended, and the program's own time; 1.1 s once a modem has rung on after its OK"
)
LIMITS: dict[str, Limit] = {
    "rings before the answer": Limit(2, 2, "", "answered in the gap after ring 2"),
    "rings missed or invented": Limit(0, 0, "", "every burst is reported once"),
    "from the end of ring 2 to off-hook": Limit(
        0, 3.0, "s", "within the gap of 4 s (GB/T 3380), 1 s before the next ring"
    ),
    "from the report of ring 2 to the order off-hook": Limit(0, 0.15, "s", PROMPT),
    ANSWERED: Limit(0, 4.0, "s", "off-hook in the gap, and the voice stream up"),
    ANSWERED_UNTRUSTED: Limit(
        0,
        7.0,
        "s",
        "OK to off-hook proves nothing yet of this family: one cadence shows that the ringing has stopped",
    ),
    "playback level": Limit(
        -17.0, -15.0, "dBFS", "the tone is played at -16; on a real line its loss counts, too"
    ),
    "playback frequency": Limit(998, 1002, "Hz", "played at 1000; crystals differ by 0.01 %"),
    "playback length": Limit(4.95, 5.05, "s", "5 s were played"),
    "playback drop-outs": Limit(0, 0, "", "of 10 ms and more"),
    "longest playback drop-out": Limit(0, 0, "s", "none may be heard"),
    "playback slips": Limit(0, 0, "", "samples lost or doubled without a drop-out"),
    "recorded level": Limit(-21.0, -19.0, "dBFS", "the far end sends -20; on a real line its loss counts, too"),
    "recorded frequency": Limit(998, 1002, "Hz", "sent at 1000"),
    "recorded length": Limit(2.95, 3.05, "s", "3 s were sent"),
    "recorded drop-outs": Limit(0, 0, "", "of 10 ms and more"),
    "recorded slips": Limit(0, 0, "", "samples lost or doubled without a drop-out"),
    "level of the voice recorded": Limit(-38, -6, "dBFS", "under -38 a voice counts as faint, over -10 as loud"),
    "noise floor": Limit(None, -50, "dBFS", "what is louder is no silence to the ears"),
    "busy noticed after": Limit(0, 5.0, "s", "three cycles of 0.7 s, and proof"),
    "congestion noticed after": Limit(0, 7.0, "s", "two cycles of 1.4 s and more, and proof"),
    "dial noticed after": Limit(0, 5.0, "s", "over 2 s, longer than a ringback's burst"),
    "howler noticed after": Limit(0, 8.0, "s", "it starts faint and rises"),
    "loop drop noticed after": Limit(0, 2.0, "s", "the loop opens for 0.4 s"),
    "the exchange's own sign noticed after": Limit(0, 15.0, "s", "some exchanges wait before their busy tone"),
    "hang-ups invented in silence": Limit(0, 0, "", "in 10 s: silence is never a hang-up"),
    "calls answered": Limit(100, 100, "%", "each one"),
    "hang-ups noticed": Limit(100, 100, "%", "each one"),
    "caller IDs right": Limit(99, 100, "%", "a real line may garble one in a hundred"),
    "order off-hook after its ring, 99 of 100 calls": Limit(0, 0.15, "s", PROMPT),
    "slowest answer after its ring": Limit(
        0,
        4.0,
        "s",
        "off-hook in the gap, and the voice stream up; more where an OK to off-hook was seen to be untrue",
    ),
    "faults of the line": Limit(0, 0, "", "the line stays in service"),
    "loss noticed after unplugging": Limit(0, 5.0, "s", "looked for every second, and USB takes its own"),
    "in service after plugging in": Limit(0, 30.0, "s", "looked for every 10 s at the longest, then set up"),
    "in service after a stream left running": Limit(0, 60.0, "s", "the whole recovery ladder"),
    "in service with a modem gone deaf": Limit(0, 60.0, "s", "the whole recovery ladder"),
}
"""Every figure that is measured. What a line or an exchange changes, its environment file may set anew."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `kept` is None for what could not be measured, and `value` then says why."""

    name: str
    value: str
    limit: str
    kept: bool | None
    why: str = ""

    def __str__(self) -> str:
        verdict = {True: "pass", False: "FAIL", None: "not measured"}[self.kept]
        return f"{self.value}; limit {self.limit}; {verdict}" if self.limit else f"{self.value}; {verdict}"


@dataclass
class Findings:
    """What one test found."""

    limits: Mapping[str, Limit]
    figures: list[Figure] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)

    def measured(self, name: str, value: float) -> None:
        """A figure of LIMITS."""
        limit = self.limits[name]
        text = f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
        unit = f" {limit.unit}".rstrip()
        self.figures.append(Figure(name, text + unit, str(limit), limit.keeps(value), limit.why))

    def found(self, name: str, value: str, wanted: str) -> None:
        """Something that is no number and must be `wanted`."""
        self.figures.append(Figure(name, value, f"= {wanted}", value == wanted))

    def told(self, name: str, yes: bool) -> None:
        """What a person heard, or did not."""
        self.figures.append(
            Figure(name, "yes" if yes else "no", "= yes", yes, "by the ear of the person at the bench")
        )

    def missing(self, reason: str, names: Iterable[str]) -> None:
        """Figures of LIMITS that this bench cannot measure."""
        self.figures += [Figure(name, reason, str(self.limits[name]), None) for name in names]

    @property
    def broken(self) -> list[Figure]:
        """Figures beyond their limits."""
        return [figure for figure in self.figures if figure.kept is False]


def limits_of(changed: Mapping[str, object]) -> dict[str, Limit]:
    """LIMITS with those an environment file sets anew: name → [low, high]. Raises ValueError."""
    limits = dict(LIMITS)
    for name, bounds in changed.items():
        if name not in limits:
            raise ValueError(f"limits: {name!r} is no figure; allowed: {', '.join(limits)}")
        match bounds:
            case [int() | float() | None as low, int() | float() | None as high]:
                limits[name] = Limit(low, high, limits[name].unit, "set by the environment file")
            case _:
                raise ValueError(f"limits: {name}: [low, high] is allowed, null for no bound; got {bounds!r}")
    return limits
