"""The lanes of a drawn call, each made of the record, and of the journal where the record has no times. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from gateway.call.prompt import Part
from gateway.records import CallRecord, Direction
from gateway.records.noted import AgentNoted, PromptNoted, WaitNoted
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.call_page.axis import Axis
from gateway.reports.call_page.shapes import (
    NO_WORDS,
    Bar,
    Lane,
    Mark,
    bar,
    in_place,
    label_width,
    pack_bars,
    pack_marks,
)
from gateway.reports.pages import Words

MOST_ROWS = 4
"""Of a lane: a drawing that grows with the call would not stay on one sheet."""
MOST_PLACES = 4
"""In the queue, of those that a customer had one after the other: the last ones."""
THIN, ROW, TALL = 20.0, 24.0, 36.0
"""Heights of a row: with marks or bands, with a label, with a label and a text below it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is drawn: the record, its facts by name, and the axis that both stand on."""

    record: CallRecord
    events: tuple[Event, ...]
    axis: Axis

    def told(self, *facts: str) -> Iterator[Event]:
        """The facts of these names, in order."""
        return (event for event in self.events if event.fact in facts)

    def first(self, fact: str) -> Event | None:
        """The first of its name."""
        return next(self.told(fact), None)


def lanes(call: Call) -> list[Lane]:
    """All lanes that have anything on them, from top to bottom."""
    return [lane for lane in (draw(call) for draw in _LANES) if lane.bars or lane.marks]


def _line(call: Call) -> Lane:
    """Ringing and off-hook as bands; each ring, the caller ID, both ends as marks on the row below."""
    record, axis = call.record, call.axis
    bands = []
    out = record.direction is Direction.OUT
    began = record.offered_at
    until = record.answered_at or record.ended_at
    before = words.DIALLING if out else words.RINGING
    counted = f" ×{record.rings}" if record.rings and not out else ""
    if until is None or until > began:
        label = Words(before.zh + counted, before.en + counted)
        bands.append(bar(axis, began, until, "ringing", _span(before.both + counted, axis, began, until), label))
    if record.answered_at is not None:
        tip = _span(words.OFF_HOOK.both, axis, record.answered_at, record.ended_at)
        bands.append(bar(axis, record.answered_at, record.ended_at, "offhook", tip, words.OFF_HOOK))
    return Lane("line", words.LANES["line"], THIN, 1, in_place(bands))


def _rings(call: Call) -> Lane:
    """What happened on the line, each at its time."""
    marks = [mark for event in call.events for mark in _on_line(call, event)]
    record = call.record
    if record.rings and call.first("rang") is None:
        label = words.named(words.RINGING, f"×{record.rings}")
        tip = f"{label.both} ({words.NOT_TIMED.both})"
        marks.append(Mark(call.axis.x(record.offered_at), "ring", tip, label))
    if record.released_by and call.first("released") is None:
        marks.append(_mark(call, call.axis.end, "end", _released(record.released_by, record.cause)))
    packed, rows = pack_marks(call.axis, sorted(marks, key=lambda mark: mark.x), MOST_ROWS)
    return Lane("marks", NO_WORDS, THIN, rows, marks=packed)


def _on_line(call: Call, event: Event) -> Iterator[Mark]:
    data = event.data
    match event.fact:
        case "rang" | "customer_rings":
            number = str(data.get("rings", ""))
            told = words.named(words.RINGING, number)
            yield Mark(call.axis.x(event.at), "ring", _when(told.both, call.axis, event.at), Words(number, number))
        case "caller_identified":
            caller_id = data.get("caller_id") or {}
            given = str(caller_id.get("number") or caller_id.get("presentation") or "")
            yield _mark(call, event.at, "id", words.named(words.CALLER_ID, given))
        case "call_answered":
            yield _mark(call, event.at, "answered", words.ANSWERED)
        case "dial_unanswered":
            yield _mark(
                call, event.at, "end", words.word_after(words.OUTCOMES["unreached"], words.WHYS, data.get("why"))
            )
        case "customer_hung_up":
            told_sign = words.word_after(words.RELEASED_BY["customer"], words.SIGNS, data.get("sign"))
            yield _mark(call, event.at, "hangup", told_sign)
        case "handset_lifted":
            yield _mark(call, event.at, "hangup", words.CUTS["handset"])
        case "released":
            yield _mark(call, event.at, "end", _released(str(data.get("by")), data.get("cause")))


def _released(by: str, cause: str | None) -> Words:
    who = words.word(words.RELEASED_BY, by)
    why = "" if cause in (None, by) else f": {cause}"
    if by == "customer":
        return words.LINE_RELEASED
    return Words(f"{words.LINE_RELEASED.zh}({who.zh}{why})", f"{words.LINE_RELEASED.en} by {who.en}{why}")


def _heard(call: Call) -> Lane:
    """What the ears found, each verdict until the next."""
    record = call.record
    ends: list[datetime | None] = [later.at for _, later in pairwise(record.verdicts)]
    bands = []
    for verdict, end in zip(record.verdicts, [*ends, record.ended_at], strict=False):
        name = words.word(words.VERDICTS, verdict.verdict)
        level = "" if verdict.level_dbfs is None else f", {verdict.level_dbfs:.1f} dBFS"
        ratio = "" if verdict.snr_db is None else f", {verdict.snr_db:.1f} dB SNR"
        tip = _span(f"{name.both}{level}{ratio}", call.axis, verdict.at, end)
        band = bar(call.axis, verdict.at, end, f"heard-{verdict.verdict}", tip, name)
        letter = words.word(words.LETTERS, verdict.verdict)
        known = verdict.verdict in words.VERDICTS
        bands.append(band if label_width(name) + 4 <= band.width or not known else _lettered(band, letter))
    return Lane("heard", words.LANES["heard"], ROW, 1, in_place(bands))


def _lettered(band: Bar, letter: Words) -> Bar:
    return Bar(band.x, band.width, band.kind, band.tip, letter, open=band.open)


def _lost(call: Call) -> Lane:
    bars = [
        bar(call.axis, loss.lost_at, loss.restored_at or call.record.ended_at, "lost", tip)
        for loss in call.record.losses
        for tip in [_span(words.LANES["lost"].both, call.axis, loss.lost_at, loss.restored_at)]
    ]
    return Lane("lost", words.LANES["lost"], 14.0, 1, in_place(bars))


def _prompts(call: Call) -> Lane:
    bars = [_prompt(call, said) for said in call.record.prompts]
    packed, rows = pack_bars(call.axis, bars, MOST_ROWS)
    failed = [
        _mark(
            call,
            event.at,
            "end",
            words.named(words.NOT_SAID, str((event.data.get("prompt") or {}).get("key", ""))),
        )
        for event in call.told("prompt_failed")
    ]
    marks, _ = pack_marks(call.axis, failed, max(1, rows))
    return Lane("prompts", words.LANES["prompts"], TALL, max(1, rows), packed, marks)


def _prompt(call: Call, said: PromptNoted) -> Bar:
    cut = said.cut is not None
    why = f" — {words.word(words.CUTS, said.cut).both}" if cut else ""
    tip = _span(f"{said.prompt} · {said.clause} 「{said.text}」{why}", call.axis, said.started_at, said.ended_at)
    kind = "prompt-cut" if cut else "prompt"
    named = f"{said.prompt} · {said.clause}" + (" ✂" if cut else "")
    drawn = bar(call.axis, said.started_at, said.ended_at or call.record.ended_at, kind, tip, Words(named, named))
    return Bar(drawn.x, drawn.width, kind, tip, drawn.label, said.text, cut, said.ended_at is None)


def _waits(call: Call) -> Lane:
    bars = [_wait(call, wait) for wait in call.record.waits]
    return Lane("waits", words.LANES["waits"], TALL, 1, in_place(bars))


def _wait(call: Call, wait: WaitNoted) -> Bar:
    """With a tick for each reassurance, and the gaps between them in its tooltip and, if they fit, below it."""
    record = call.record
    end = wait.ended_at or record.ended_at or call.axis.end
    said = [
        prompt.started_at
        for prompt in record.prompts
        if prompt.part in (None, Part.WAITING) and wait.began_at <= prompt.started_at <= end
    ]
    times = [f"{(at - wait.began_at).total_seconds():.1f} s" for at in said]
    waited = "" if wait.waited is None else f"{wait.waited:.1f} s"
    places = " → ".join(f"#{place}" for place in wait.positions[-MOST_PLACES:])
    how = words.OVERDUE if wait.overdue else words.CHOSEN if wait.chosen else NO_WORDS
    label = Words(*(" · ".join(filter(None, (waited, told, places))) for told in (how.zh, how.en)))
    tip = _span(f"{words.LANES['waits'].both} {label.both}", call.axis, wait.began_at, wait.ended_at)
    drawn = bar(call.axis, wait.began_at, end, "wait-vain" if wait.overdue else "wait", tip, label)
    ticks = tuple(call.axis.x(at) for at in said)
    return Bar(
        drawn.x, drawn.width, drawn.kind, tip, label, " · ".join(times), open=wait.ended_at is None, ticks=ticks
    )


def _agents(call: Call) -> Lane:
    bars = sorted((one for agent in call.record.agents for one in _agent(call, agent)), key=lambda one: one.x)
    packed, rows = pack_bars(call.axis, bars, MOST_ROWS)
    return Lane("agents", words.LANES["agents"], ROW, rows, packed)


def _agent(call: Call, agent: AgentNoted) -> Iterator[Bar]:
    end = call.record.ended_at
    name = agent.agent
    if agent.rung_at is not None:
        until = agent.connected_at or agent.missed_at
        why = words.word(words.WHYS, agent.missed) if agent.missed else NO_WORDS
        label = words.named(words.RUNG, "")
        told = Words(f"{name} {label.zh} {why.zh}".strip(), f"{name} {label.en} {why.en}".strip())
        tip = _span(told.both, call.axis, agent.rung_at, until)
        yield bar(call.axis, agent.rung_at, until or end, "missed" if agent.missed else "rung", tip, told)
    if agent.connected_at is not None:
        why = words.word(words.WHYS, agent.left) if agent.left else NO_WORDS
        ended = f" → {why.zh}", f" → {why.en}"
        told = Words(
            f"{name} {words.TALKED.zh}{ended[0] if why.zh else ''}",
            f"{name} {words.TALKED.en}{ended[1] if why.en else ''}",
        )
        tip = _span(told.both, call.axis, agent.connected_at, agent.left_at)
        yield bar(call.axis, agent.connected_at, agent.left_at or end, "talk", tip, told)


def _holds(call: Call) -> Lane:
    bars = [
        bar(call.axis, hold.held_at, hold.resumed_at or call.record.ended_at, "hold", tip, words.LANES["holds"])
        for hold in call.record.holds
        for tip in [_span(words.LANES["holds"].both, call.axis, hold.held_at, hold.resumed_at)]
    ]
    return Lane("holds", words.LANES["holds"], THIN, 1, in_place(bars))


def _keys(call: Call) -> Lane:
    marks = [
        Mark(call.axis.x(event.at), "key", _when(key, call.axis, event.at), Words(key, key))
        for event in call.told("digit_dialled")
        for key in [str(event.data.get("digit", ""))]
    ]
    digits = call.record.digits
    if digits and not marks:
        tip = f"{digits} ({words.NOT_TIMED.both})"
        marks = [Mark(call.axis.x(call.record.offered_at), "key", tip, Words(digits, digits))]
    packed, rows = pack_marks(call.axis, marks, 2, beside=5.0)
    return Lane("keys", words.LANES["keys"], THIN, rows, marks=packed)


def _case(call: Call) -> Lane:
    """What became of the customer's request."""
    record = call.record
    found: list[tuple[datetime, str, Words]] = []
    if record.kind is not None and record.kind_at is not None:
        key = "" if record.kind_digit is None else f" ({record.kind_digit})"
        found.append((record.kind_at, "case", Words(f"{record.kind}{key}", f"{record.kind}{key}")))
    found += [(alert.at, "alert", words.named(words.ALERT, alert.clause)) for alert in record.alerts]
    for answer in record.answers:
        given = f"{answer.question} {answer.digits or ('✓' if answer.spoken else '–')}"
        found.append((answer.at, "case", words.named(words.ANSWER_GIVEN, given)))
    found += [(asked.at, "case", words.named(words.CALL_BACK, asked.number or "–")) for asked in record.call_backs]
    if record.message_at is not None:
        found.append((record.message_at, "case", words.MESSAGE))
    marks = [_mark(call, at, kind, told) for at, kind, told in sorted(found, key=lambda one: one[0])]
    packed, rows = pack_marks(call.axis, marks, MOST_ROWS)
    return Lane("case", words.LANES["case"], THIN, rows, marks=packed)


def _mark(call: Call, at: datetime, kind: str, told: Words) -> Mark:
    return Mark(call.axis.x(at), kind, _when(told.both, call.axis, at), told)


def _when(told: str, axis: Axis, at: datetime) -> str:
    return f"{told} — {axis.seconds(at):.2f} s, {at:%H:%M:%S}"


def _span(told: str, axis: Axis, began: datetime, ended: datetime | None) -> str:
    if ended is None:
        return f"{told} — {axis.seconds(began):.2f} s …"
    lasted = max(0.0, axis.seconds(ended) - axis.seconds(began))
    return f"{told} — {axis.seconds(began):.2f} s … {axis.seconds(ended):.2f} s ({lasted:.2f} s)"


_LANES: tuple[Callable[[Call], Lane], ...] = (
    _line,
    _rings,
    _heard,
    _lost,
    _prompts,
    _waits,
    _agents,
    _holds,
    _keys,
    _case,
)
