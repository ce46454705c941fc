"""A call told in words: each step with the clause it keeps or breaks. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.records.compliance import ANSWER, CLOSING, GREETING, LADDER, RELEASE
from gateway.records.record import CallRecord, Judgement
from gateway.records.store import Event

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a call: when, what happened, and what it shows of the standard."""

    at: datetime
    words: str
    judgements: tuple[Judgement, ...] = ()


_SIGNS = {
    "bye": "BYE",
    "cancel": "CANCEL while ringing",
    "busy_tone": "busy tone",
    "congestion_tone": "congestion tone",
    "dial_tone": "dial tone",
    "loop_drop": "loop current dropped",
    "ring_stopped": "ringing stopped",
    "howler": "howler tone",
}


def _caller(data: Data) -> str:
    caller_id = data["caller_id"]
    if caller_id["number"] is None:
        return f"caller ID: {caller_id['presentation']}"
    name = f" ({caller_id['name']})" if caller_id["name"] else ""
    return f"caller ID: {caller_id['number']}{name}"


def _verdict(data: Data) -> str:
    level = "" if data["level_dbfs"] is None else f", {data['level_dbfs']:.1f} dBFS"
    ratio = "" if data["snr_db"] is None else f", {data['snr_db']:.1f} dB over the noise"
    return f"heard: {data['verdict']}{level}{ratio}"


def _finished(data: Data) -> str:
    key = data["prompt"]["key"]
    return f"{key} said to its end" if data["cut"] is None else f"{key} cut: {data['cut']}"


_WORDS: dict[str, Callable[[Data], str]] = {
    "offered": lambda data: f"offered on {data['line']} ({data['driver']}), agent {data['agent']}",
    "rang": lambda data: f"ring {data['rings']}",
    "caller_identified": _caller,
    "call_answered": lambda data: f"answered after ring {data['rings']}, {data['waited']:.1f} s after the offer",
    "prompt_started": lambda data: f"{data['prompt']['key']}: 「{data['prompt']['text']}」",
    "prompt_finished": _finished,
    "verdict_given": _verdict,
    "digit_dialled": lambda data: f"key {data['digit']}",
    "recording_started": lambda data: f"recording to {data['path']}",
    "customer_held": lambda data: "the customer put us on hold",
    "customer_resumed": lambda data: "the customer is back",
    "customer_hung_up": lambda data: f"the customer hung up: {_SIGNS.get(data['sign'], data['sign'])}",
    "released": lambda data: f"released by {data['by']}: {data['cause']}",
}
"""Words for each fact; states are left out, as every step between them is told."""


def narrate(record: CallRecord, events: Iterable[Event]) -> list[Step]:
    """The steps of a call in order. A judgement stands at the step that decided it."""
    told = [(event, _WORDS[event.fact](event.data)) for event in events if event.fact in _WORDS]
    places: dict[int, list[Judgement]] = {}
    for judgement in record.compliance:
        place = _place(judgement, [event for event, _ in told])
        if place is not None:
            places.setdefault(place, []).append(judgement)
    return [Step(event.at, words, tuple(places.get(i, ()))) for i, (event, words) in enumerate(told)]


def _place(judgement: Judgement, events: list[Event]) -> int | None:
    """Which event decided a judgement: the last one of its kind."""
    found = [i for i, event in enumerate(events) if _decides(judgement, event)]
    return found[-1] if found else len(events) - 1 if events else None


def _decides(judgement: Judgement, event: Event) -> bool:
    if judgement.step == ANSWER:
        return event.fact == "call_answered"
    if judgement.step == RELEASE:
        return event.fact == "released"
    if judgement.step == LADDER and event.fact == "released":
        return bool(event.data["by"] == "standard" and event.data["cause"] == judgement.clause)
    if judgement.step in (GREETING, CLOSING, LADDER):
        return event.fact == "prompt_finished" and bool(event.data["prompt"]["clause"] == judgement.clause)
    return False
