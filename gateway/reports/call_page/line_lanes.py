"""The lanes of what happened on the line: rings, off-hook, the end; what was heard of the customer. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from gateway.records import Direction
from gateway.records.narrate import number_erased
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.call_page.shapes import NO_WORDS, Bar, Lane, Mark, bar, in_place, label_width, pack_marks
from gateway.reports.call_page.subject import MOST_ROWS, ROW, THIN, Call, inner, mark, span, when
from gateway.reports.pages import Words


def line(call: Call) -> Lane:
    """Ringing and off-hook as bands; what happened in them is on the lane below."""
    record, axis = call.record, call.axis
    bands = []
    out = record.direction is Direction.OUT
    began = record.offered_at
    until = record.answered_at or record.ended_at
    before = words.DIALLING if out else words.RINGING
    counted = f" ×{record.rings}" if record.rings and not out else ""
    if until is None or until > began:
        label = Words(before.zh + counted, before.en + counted)
        bands.append(bar(axis, began, until, "ringing", span(before.both + counted, axis, began, until), label))
    if record.answered_at is not None:
        tip = span(words.OFF_HOOK.both, axis, record.answered_at, record.ended_at)
        bands.append(bar(axis, record.answered_at, record.ended_at, "offhook", tip, words.OFF_HOOK))
    return Lane("line", words.LANES["line"], THIN, 1, in_place(bands))


def marks(call: Call) -> Lane:
    """What happened on the line, each at its time."""
    record = call.record
    found = [one for event in call.events for one in _on_line(call, event)]
    if record.rings and call.first("rang") is None:
        label = words.named(words.RINGING, f"×{record.rings}")
        tip = f"{label.both} ({words.NOT_TIMED.both})"
        found.append(Mark(call.axis.x(record.offered_at), "ring", tip, label))
    if record.released_by and call.first("released") is None:
        found.append(mark(call, call.axis.end, "end", _released(record.released_by, record.cause)))
    packed, rows = pack_marks(call.axis, sorted(found, key=lambda one: one.x), MOST_ROWS)
    return Lane("marks", NO_WORDS, THIN, rows, marks=packed)


def _on_line(call: Call, event: Event) -> Iterator[Mark]:
    data = event.data
    match event.fact:
        case "rang" | "customer_rings":
            rings = str(data.get("rings", ""))
            told = words.named(words.RINGING, rings)
            label = Words(rings, rings) if rings else told
            yield Mark(call.axis.x(event.at), "ring", when(told.both, call.axis, event.at), label)
        case "caller_identified":
            number = inner(data, "caller_id").get("number")
            told = words.named(words.CALLER_ID, str(number)) if number else words.NO_CALLER_ID
            told = words.CALLER_ID_ERASED if number_erased(data) else told
            yield mark(call, event.at, "id", told)
        case "call_answered":
            yield mark(call, event.at, "answered", words.ANSWERED)
        case "dial_unanswered":
            yield mark(
                call, event.at, "end", words.word_after(words.OUTCOMES["unreached"], words.WHYS, data.get("why"))
            )
        case "customer_hung_up":
            told_sign = words.word_after(words.RELEASED_BY["customer"], words.SIGNS, data.get("sign"))
            yield mark(call, event.at, "hangup", told_sign)
        case "handset_lifted":
            yield mark(call, event.at, "hangup", words.CUTS["handset"])
        case "released":
            yield mark(call, event.at, "end", _released(str(data.get("by")), data.get("cause")))


def _released(by: str, cause: str | None) -> Words:
    who = words.word(words.RELEASED_BY, by)
    why = "" if cause in (None, by) else f": {cause}"
    if by == "customer":
        return words.LINE_RELEASED
    return Words(f"{words.LINE_RELEASED.zh}({who.zh}{why})", f"{words.LINE_RELEASED.en} by {who.en}{why}")


def heard(call: Call) -> Lane:
    """What the ears found, each verdict until the next."""
    record = call.record
    ends: list[datetime | None] = [later.at for _, later in pairwise(record.verdicts)]
    bands = []
    for verdict, end in zip(record.verdicts, [*ends, record.ended_at], strict=False):
        name = words.word(words.VERDICTS, verdict.verdict)
        level = "" if verdict.level_dbfs is None else f", {verdict.level_dbfs:.1f} dBFS"
        ratio = "" if verdict.snr_db is None else f", {verdict.snr_db:.1f} dB SNR"
        tip = span(f"{name.both}{level}{ratio}", call.axis, verdict.at, end)
        band = bar(call.axis, verdict.at, end, f"heard-{verdict.verdict}", tip, name)
        letter = words.word(words.LETTERS, verdict.verdict)
        known = verdict.verdict in words.VERDICTS
        bands.append(band if label_width(name) + 4 <= band.width or not known else _lettered(band, letter))
    return Lane("heard", words.LANES["heard"], ROW, 1, in_place(bands))


def _lettered(band: Bar, letter: Words) -> Bar:
    return replace(band, label=letter)


def lost(call: Call) -> Lane:
    """When no audio came from the customer."""
    bars = [
        bar(call.axis, loss.lost_at, loss.restored_at or call.record.ended_at, "lost", tip)
        for loss in call.record.losses
        for tip in [
            span(words.LANES["lost"].both, call.axis, loss.lost_at, loss.restored_at or call.record.ended_at)
        ]
    ]
    return Lane("lost", words.LANES["lost"], 14.0, 1, in_place(bars))
