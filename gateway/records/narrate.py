"""A call told in words: each step with the clause it keeps or breaks. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drivers.line import Presentation
from gateway.call.prompt import Part
from gateway.records.judging.case import EXCUSED
from gateway.records.judging.steps import AGENT, ANSWER, LEAVING, PATIENCE, RELEASE
from gateway.records.record import CallRecord, Judgement
from gateway.records.store import Event

Data = dict[str, Any]
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What data raise that are not those of their fact: of a damaged row, or of one that another program wrote."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a call: when, the fact and what happened in words, and what it shows of the standard."""

    at: datetime
    words: str
    event: Event
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


def number_erased(data: Data) -> bool:
    """Of a `caller_identified`: whether his number came and was erased since (gateway.privacy). Only with one is
    its presentation allowed."""
    match data.get("caller_id"):
        case {"number": None, "presentation": Presentation.ALLOWED.value}:
            return True
    return False


def _caller(data: Data) -> str:
    caller_id = data["caller_id"]
    if caller_id["number"] is None:
        return f"caller ID: {'erased' if number_erased(data) else caller_id['presentation']}"
    name = f" ({caller_id['name']})" if caller_id["name"] else ""
    return f"caller ID: {caller_id['number']}{name}"


def _verdict(data: Data) -> str:
    level = "" if data["level_dbfs"] is None else f", {data['level_dbfs']:.1f} dBFS"
    ratio = "" if data["snr_db"] is None else f", {data['snr_db']:.1f} dB over the noise"
    return f"heard: {data['verdict']}{level}{ratio}"


def _finished(data: Data) -> str:
    key = data["prompt"]["key"]
    return f"{key} said to its end" if data["cut"] is None else f"{key} cut: {data['cut']}"


def _kind(data: Data) -> str:
    return f"kind: {data['kind']} ({'no key pressed' if data['digit'] is None else 'key ' + data['digit']})"


def _answer(data: Data) -> str:
    question, digits = data["question"], data["digits"]
    given = [*(["spoken"] if data["spoken"] else []), *([f"keys {digits}"] if digits else [])]
    where = f", recorded to {question['recording']}" if question["recording"] else ", not recorded"
    return f"answer to {question['key']}: {' and '.join(given) or 'none'}{where}"


def _waited(data: Data) -> str:
    waited = "" if data["waited"] is None else f" after {data['waited']:.1f} s"
    if data.get("chosen"):  # not in the journal of an earlier version
        return f"the wait is over{waited}: he chose so by key"
    return f"the wait is over{waited}: {'nobody came in time' if data['overdue'] else 'somebody has time for him'}"


_WHY = {
    "no_answer": "nobody came to the telephone",
    "busy": "it was engaged",
    "refused": "the call was refused",
    "vacant_number": "no telephone has this number",
    "unreachable": "nothing answers there",
    "congestion": "the network had no way",
    "no_line": "no line could dial",
    "hung_up": "he hung up",
    "failed": "his telephone or its line failed",
    "no_audio": "no audio came from his telephone",
}


def _why(data: Data) -> str:
    why: str = data["why"]
    return _WHY.get(why, why)


def _waits(data: Data) -> str:
    position = data.get("position")  # none in the journal of an earlier version
    return "the customer waits for somebody" + ("" if position is None else f", number {position} in the queue")


def _call_back(data: Data) -> str:
    if data["number"] is None:
        return "to be called back, but no number was given"
    how = "from the caller ID" if data["source"] == "caller_id" else "keyed in"
    return f"to be called back at {data['number']}, {how}, {'' if data['confirmed'] else 'not '}confirmed"


_WORDS: dict[str, Callable[[Data], str]] = {
    "offered": lambda data: f"offered on {data['line']} ({data['driver']}), agent {data['agent']}",
    "rang": lambda data: f"ring {data['rings']}",
    "caller_identified": _caller,
    "call_answered": lambda data: f"answered after ring {data['rings']}, {data['waited']:.1f} s after the offer",
    "prompt_started": lambda data: f"{data['prompt']['key']}: 「{data['prompt']['text']}」",
    "prompt_finished": _finished,
    "prompt_failed": lambda data: f"{data['prompt']['key']} could not be said: the line did not begin it",
    "verdict_given": _verdict,
    "digit_dialled": lambda data: f"key {data['digit']}",
    "kind_chosen": _kind,
    "alert_raised": lambda data: f"alert: people are called in for {data['kind']}, as {data['clause']} orders",
    "question_answered": _answer,
    "agent_assigned": lambda data: f"agent {data['agent']} is responsible for this customer",
    "agent_ringing": lambda data: f"agent {data['agent']} is rung",
    "agent_missed": lambda data: f"agent {data['agent']} did not come: {_why(data)}",
    "agent_connected": lambda data: f"agent {data['agent']} and the customer hear each other",
    "agent_left": lambda data: f"agent {data['agent']} has gone: {_why(data)}",
    "message_taken": lambda data: "the customer has told his case; it is passed on",
    "call_back_asked": _call_back,
    "dialled": lambda data: f"{data['number']} is called, as ticket {data['ticket']} owes",
    "customer_rings": lambda data: "the customer's telephone rings",
    "dial_unanswered": lambda data: f"the customer was not reached: {_why(data)}",
    "wait_began": _waits,
    "wait_moved": lambda data: f"number {data['position']} in the queue",
    "wait_ended": _waited,
    "recording_started": lambda data: f"recording to {data['path']}",
    "customer_held": lambda data: "the customer put us on hold",
    "customer_resumed": lambda data: "the customer is back",
    "media_lost": lambda data: "no audio comes from the customer",
    "media_restored": lambda data: "the customer's audio comes again",
    "customer_hung_up": lambda data: f"the customer hung up: {_SIGNS.get(data['sign'], data['sign'])}",
    "handset_lifted": lambda data: "a parallel telephone was picked up",
    "released": lambda data: f"released by {data['by']}: {data['cause']}",
}
"""Words for each fact; states are left out, as every step between them is told."""


def verdict(record: CallRecord) -> str:
    """What became of the standard in a call, in one line."""
    if record.open:
        return "still up: judged when it has ended"
    broken = dict.fromkeys(judgement.clause for judgement in record.compliance if not judgement.kept)
    kept = {judgement.clause for judgement in record.compliance} - broken.keys()
    if broken:
        told = f"broke {', '.join(broken)}; kept {_clauses(len(kept))}"
    else:
        told = f"kept all {_clauses(len(kept))}" if kept else "no clause was to be judged"
    rest = record.not_applicable
    if rest is None:
        return told
    at_fault = sum(one.at_fault for one in rest)
    told = f"{told}; {_clauses(len(rest) - at_fault)} did not apply"
    return f"{told}; {_clauses(at_fault)} could not be judged" if at_fault else told


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


def in_words(known: Mapping[str, Callable[[Data], str]], event: Event, otherwise: str) -> str:
    """The fact told by the words that are known; `otherwise` where there are none for it, or none for its data."""
    try:
        return known[event.fact](event.data)
    except UNREADABLE:
        return otherwise


def narrate(record: CallRecord, events: Iterable[Event]) -> list[Step]:
    """The steps of a call in order; one that cannot be read is told by its fact's name. A judgement stands at the
    step that decided it."""
    told = [(event, in_words(_WORDS, event, event.fact)) for event in events if event.fact in _WORDS]
    places: dict[int, list[Judgement]] = {}
    for judgement in record.compliance:
        place = _place(judgement, [event for event, _ in told])
        if place is not None:
            places.setdefault(place, []).append(judgement)
    return [Step(event.at, words, event, tuple(places.get(i, ()))) for i, (event, words) in enumerate(told)]


def _place(judgement: Judgement, events: list[Event]) -> int | None:
    """Which event decided a judgement: the first prompt that was not said as it ought to be, where that broke it;
    else the last event of its kind."""
    found = [i for i, event in enumerate(events) if _decides(judgement, event)]
    if not judgement.kept:
        found = [i for i in found if _spoilt(events[i])][:1] or found
    return found[-1] if found else len(events) - 1 if events else None


def _spoilt(event: Event) -> bool:
    cut = event.data.get("cut") if event.fact == "prompt_finished" else None
    return event.fact == "prompt_failed" or (cut is not None and str(cut) not in EXCUSED)


def _decides(judgement: Judgement, event: Event) -> bool:
    try:
        return _is_of(judgement, event)
    except UNREADABLE:
        return False


def _is_of(judgement: Judgement, event: Event) -> bool:
    step, clause = judgement.step, judgement.clause
    if event.fact == "released":
        ordered = event.data["by"] == "standard" and event.data["cause"] == clause
        return step == RELEASE or bool(step == Part.LADDER and ordered)
    if event.fact == "call_answered":
        return step == ANSWER
    if event.fact in ("kind_chosen", "alert_raised"):
        return bool(step == Part.MENU and event.data["clause"] == clause)
    if event.fact == "question_answered":
        return bool(step == Part.QUESTION and event.data["question"]["prompt"]["clause"] == clause)
    if event.fact in _DECIDED_BY:
        return step == _DECIDED_BY[event.fact]
    return event.fact in ("prompt_finished", "prompt_failed") and _prompt_of(judgement, event.data["prompt"])


_DECIDED_BY: dict[str, str] = {
    "wait_ended": Part.WAITING,
    "agent_connected": AGENT,
    "agent_left": LEAVING,
    "call_back_asked": Part.CALL_BACK,
    "message_taken": Part.CALL_BACK,
}
"""The step that a fact decides, whatever else it holds."""


def _prompt_of(judgement: Judgement, prompt: Data) -> bool:
    """Whether a prompt is one of those judged."""
    part = prompt.get("part")  # none in the journal of an earlier version
    expected = Part.WAITING.value if judgement.step == PATIENCE else judgement.step
    return prompt.get("clause") == judgement.clause and part in (None, expected)
