"""One call on the bench, from the first ring to on-hook, with the times at which things happened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    FarEndHungUp,
    LegFailed,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopRecording,
)
from hw_tests.bench.far_end import Ability, FarEnd, Means, Samples
from hw_tests.bench.line import ServedLine

RINGS = 90.0
"""Seconds in which a call must have come: a person has to dial first."""
CADENCE = 8.0
"""Seconds in which the next ring comes, or the answer goes through: the longest cadence is 6 s."""
RELEASE = 10.0
"""Seconds in which a line must be on-hook."""


@dataclass
class Journey:
    """A call's times for the picture, seconds of time.monotonic()."""

    label: str
    began: float
    bursts: list[tuple[float, float]] = field(default_factory=list)
    """As the far end rang them; empty where it does not tell."""
    marks: list[tuple[float, str]] = field(default_factory=list)
    """Moments: a ring's report, the caller ID, the order to answer, off-hook, answered, hang-up …"""

    def relative(self) -> dict[str, object]:
        """From the moment ringing began, as plain values for the report."""
        return {
            "label": self.label,
            "bursts": [[begin - self.began, end - self.began] for begin, end in self.bursts],
            "marks": [[at - self.began, kind] for at, kind in sorted(self.marks)],
        }


class LiveCall:
    """An answered call."""

    def __init__(self, line: ServedLine, far_end: FarEnd, leg: str, since: int, journey: Journey) -> None:
        self.line, self.far_end, self.leg, self.since, self.journey = line, far_end, leg, since, journey
        self._plays = 0
        self.ring_reported = self.ordered = self.answered = 0.0
        """When the ring waited for was reported, the modem ordered off-hook, and the line said Answered."""
        self.off_hook: float | None = None
        """When the far end saw the line go off-hook; None where it cannot tell."""

    async def play(self, sound: Samples, file: str, seconds_more: float = 15.0) -> tuple[float, float]:
        """Play `sound` by way of the WAV `file`; when it began and ended on the line."""
        keep(Path(file), sound)
        self._plays += 1
        begun = len(self.line.events)
        self.line.execute(Play(self.leg, self._plays, (file,)))
        at, _ = await self.line.until(PlayStarted, seconds_more, begun)
        self.journey.marks.append((at, "prompt"))
        end, finished = await self.line.until(PlayFinished, len(sound) / 8000 + seconds_more, begun)
        assert finished.complete, "the prompt was cut"
        return at, end

    def record(self, file: str) -> None:
        self.line.execute(Record(self.leg, file))

    def stop_recording(self, file: str) -> None:
        self.line.execute(StopRecording(self.leg, file))

    async def hang_up(self, means: Means, within: float) -> tuple[float, FarEndHungUp]:
        """The far end hangs up: seconds until the line knew, and by which sign."""
        begun = len(self.line.events)
        at = await self.far_end.hang_up(means)
        self.journey.marks.append((at, "hang-up"))
        noticed, gone = await self.line.until(FarEndHungUp, within, begun)
        self.journey.marks.append((noticed, "noticed"))
        return noticed - at, gone

    async def release(self) -> float:
        """Put the line on-hook; when it was."""
        self.line.execute(Release(self.leg))
        at, _ = await self.line.until(LegReleased, RELEASE, self.since)
        self.journey.marks.append((at, "on-hook"))
        return at


@asynccontextmanager
async def call(
    line: ServedLine, far_end: FarEnd, on_ring: int = 1, label: str = "call"
) -> AsyncIterator[LiveCall]:
    """A call answered on its ring number `on_ring`; released, and the line free again, afterwards."""
    since = len(line.events)
    try:
        journey = Journey(label, await far_end.ring())
        at, offer = await line.until(CallOffered, RINGS, since)
        if far_end.cannot(Ability.TELL_RINGS):
            journey.began = at
        live = LiveCall(line, far_end, offer.leg, since, journey)
        for number in range(1, on_ring + 1):
            reported, _ = await line.until(RingBurst, CADENCE, since, partial(_is_number, number))
            journey.marks.append((reported, "ring"))
        await _answer(live, reported)
        yield live
        if not line.all_of(LegReleased, since) and not line.all_of(LegFailed, since):
            await live.release()
    finally:
        if offered := line.all_of(CallOffered, since):
            line.execute(Release(offered[-1][1].leg))
        await far_end.free()


def _is_number(number: int, burst: RingBurst) -> bool:
    return burst.number == number


async def _answer(live: LiveCall, reported: float) -> None:
    line, far_end, journey = live.line, live.far_end, live.journey
    live.ring_reported = reported
    line.execute(Answer(live.leg))
    if not far_end.cannot(Ability.TELL_OFF_HOOK):
        live.off_hook = await far_end.off_hook_at()
        journey.marks.append((live.off_hook, "off-hook"))
    live.answered, _ = await line.until(Answered, 2 * CADENCE, live.since)
    live.ordered = line.ordered_off_hook(reported)
    journey.marks += [(live.ordered, "order"), (live.answered, "answered")]
    if not far_end.cannot(Ability.TELL_RINGS):
        journey.bursts = far_end.bursts()


def keep(path: Path, samples: Samples) -> None:
    """Write a recording beside the report."""
    with WavWriter(path) as writer:
        writer.write(samples)
