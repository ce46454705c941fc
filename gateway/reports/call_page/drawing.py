"""A call drawn on one time axis, down to every place. Pure: a record and its facts in, places out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.records import CallRecord
from gateway.records.narrate import Step
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.call_page.axis import LEFT, WIDTH, Axis, Tick
from gateway.reports.call_page.line_lanes import heard, line, lost, marks
from gateway.reports.call_page.service_lanes import agents, case, holds, keys, prompts, waits
from gateway.reports.call_page.shapes import Lane, Mark, pack_marks
from gateway.reports.call_page.subject import THIN, Call
from gateway.reports.pages import Words

HEADER = 34.0
"""Height of the axis above the lanes: two lines of times."""
BETWEEN = 8.0
"""Units between two lanes."""
LANES = (line, marks, heard, lost, prompts, waits, agents, holds, keys, case)
"""From top to bottom; one with nothing on it is left out."""
CLAUSE_ROWS = 12
"""Of the clauses' lane: more than any standard has judgements at one step."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line from top to bottom: a judgement's, or one end of the conversation."""

    x: float
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, each thing at its place."""

    width: float
    height: float
    left: float
    right: float
    header: float
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    guides: tuple[Guide, ...]
    open: bool

    @property
    def bottom(self) -> float:
        """Where the lanes end."""
        return self.height - BETWEEN


def drawing(record: CallRecord, events: Sequence[Event], steps: Iterable[Step]) -> Drawing:
    """The call drawn; `steps` tell where its judgements stand."""
    axis = Axis(*_ends(record, events))
    call = Call(record, tuple(events), axis)
    clauses = _clauses(record, steps, axis)
    drawn = [lane for lane in (*(draw(call) for draw in LANES), clauses) if lane.bars or lane.marks]
    placed, top = [], HEADER + BETWEEN
    for lane in drawn:
        placed.append(replace(lane, top=top))
        top += lane.height + BETWEEN
    return Drawing(
        width=WIDTH,
        height=top,
        left=LEFT,
        right=axis.right,
        header=HEADER,
        ticks=tuple(axis.ticks()),
        lanes=tuple(placed),
        guides=tuple(_guides(record, clauses, axis)),
        open=record.open,
    )


def _ends(record: CallRecord, events: Sequence[Event]) -> tuple[datetime, datetime]:
    """The first and the last time that is known of the call: not always its offer and its end, as a clock may have
    been set back."""
    times = [record.offered_at, record.answered_at, record.ended_at, *(event.at for event in events)]
    times += [time for said in record.prompts for time in (said.started_at, said.ended_at)]
    times += [verdict.at for verdict in record.verdicts]
    times += [time for agent in record.agents for time in (agent.rung_at, agent.connected_at, agent.left_at)]
    times += [time for wait in record.waits for time in (wait.began_at, wait.ended_at)]
    known = [time for time in times if time is not None]
    return min(known), max(known)


def _clauses(record: CallRecord, steps: Iterable[Step], axis: Axis) -> Lane:
    """Each judgement at the step that decided it; without a journal, at the call's end."""
    placed = [(step.at, judgement) for step in steps for judgement in step.judgements]
    here = {id(judgement) for _, judgement in placed}
    placed += [(axis.end, judgement) for judgement in record.compliance if id(judgement) not in here]
    marks = []
    for at, judgement in placed:
        sign, kind = ("✓", "kept") if judgement.kept else ("✗", "broken")
        label = f"{sign} {judgement.clause}"
        step = words.word(words.STEPS, judgement.step).both
        marks.append(Mark(axis.x(at), kind, f"{label} · {step} — {judgement.evidence}", Words(label, label)))
    packed, rows = pack_marks(axis, sorted(marks, key=lambda mark: mark.x), CLAUSE_ROWS, beside=9.0)
    return Lane("clauses", words.LANES["clauses"], THIN, rows, marks=packed)


def _guides(record: CallRecord, clauses: Lane, axis: Axis) -> Iterable[Guide]:
    for at in (record.answered_at, record.ended_at):
        if at is not None:
            yield Guide(axis.x(at), "end")
    for kind in ("kept", "broken"):
        yield from (Guide(x, kind) for x in sorted({mark.x for mark in clauses.marks if mark.kind == kind}))
