"""Rows without what they held on a number. Pure: values in, the changed ones out.

What is counted stays: when and where a call came in, what became of it, how long it took, which clauses it kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.call.plan import Part
from gateway.privacy.written import ERASED, Written
from gateway.tickets.rules import GATEWAY

IN_WORDS = ("cause", "prompts", "alerts", "agents", "compliance", "not_applicable")
"""Columns of a call in which somebody may have written the number."""

Row = Mapping[str, Any]
Changes = dict[str, Any]


def call_changes(row: Row, written: Written, *, own: bool, gone: Callable[[str | None], bool]) -> Changes:
    """What becomes of a call's columns. `own`: the number's own call, of which nothing is left that leads to a
    person; of another's call what he keyed in. `gone`: whether a recording has been deleted."""
    changes = {name: written.without(row[name]) for name in IN_WORDS}
    changes |= {
        "digits": "",
        "answers": [_answer(one, written, own, gone) for one in row["answers"] or ()],
        "call_backs": [_call_back(one, written, own) for one in row["call_backs"] or ()],
        "recording": _kept(row["recording"], gone),
    }
    if own:
        changes |= {"caller": None, "caller_name": None}
    return {name: value for name, value in changes.items() if value != row[name]}


def event_changes(
    fact: str, data: Row, written: Written, *, own: bool, gone: Callable[[str | None], bool]
) -> Changes:
    """The data of an event of such a call."""
    left: Changes = dict(written.without(dict(data)))
    match fact:
        case "caller_identified" if own:
            left["caller_id"] = left["caller_id"] | {"number": None, "name": None}
        case "dialled" if own:
            left["number"] = ERASED
        case "call_back_asked":
            left = _call_back(data, written, own)
        case "digit_dialled":
            left["digit"] = ERASED
        case "question_answered":
            left["digits"] = None
            question = data["question"]
            left["question"] = left["question"] | {"recording": _kept(question["recording"], gone)}
        case "recording_started":
            left["path"] = _kept(data["path"], gone) or ERASED
        case "prompt_started" | "prompt_finished" | "prompt_failed" if (
            left.get("prompt", {}).get("part") == Part.CALL_BACK
        ):
            # The number was read back digit by digit, each from a file of its own.
            left["prompt"] = left["prompt"] | {"recordings": []}
    return left


def ticket_changes(row: Row, written: Written, *, own: bool, gone: Callable[[str | None], bool]) -> Changes:
    """What becomes of a ticket's columns."""
    changes: Changes = {name: written.without(row[name]) for name in ("text", "reply", "answers")}
    if own:
        # Of a recording that could not be deleted the name stays, so that it can be tried again.
        kept = [one for one in row["answers"] if _kept(one["recording"], gone) is not None]
        changes = {"number": None, "text": None, "reply": None}
        changes["answers"] = [_answer(one, written, own, gone) for one in kept]
        changes["recording"] = _kept(row["recording"], gone)
    changes = {name: value for name, value in changes.items() if value != row[name]}
    return changes | {"version": row["version"] + 1} if changes else {}


def entry_changes(row: Row, written: Written, *, own: bool) -> Changes:
    """What becomes of a line of a ticket's history: what people wrote of the number's own case goes."""
    changes = {name: written.without(row[name]) for name in ("what", "why")}
    if own and row["who"] != GATEWAY and row["why"]:
        changes["why"] = ERASED
    return {name: value for name, value in changes.items() if value != row[name]}


def _answer(answer: Row, written: Written, own: bool, gone: Callable[[str | None], bool]) -> Changes:
    digits = None if own or answer["digits"] is None or written.is_in(answer["digits"]) else answer["digits"]
    return dict(answer) | {"digits": digits, "recording": _kept(answer["recording"], gone)}


def _call_back(asked: Row, written: Written, own: bool) -> Changes:
    number = None if own or written.is_in(asked["number"]) else asked["number"]
    return dict(asked) | {"number": number}


def _kept(recording: str | None, gone: Callable[[str | None], bool]) -> str | None:
    return None if gone(recording) else recording
