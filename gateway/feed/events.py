"""The events of the line-status feed: pure functions from facts to their fields."""

from collections.abc import Callable
from typing import Any

from drivers.line import CallerId, LineFault, LineRestored, LineTrouble, LineTroubleOver
from drivers.line.masking import keyed, shown
from gateway.call import facts
from gateway.feed.encoding import decibels, milliseconds

Fields = dict[str, Any]


def _caller(caller_id: CallerId, show_numbers: bool) -> Fields:
    return {"caller": shown(caller_id.number, show_numbers), "presentation": caller_id.presentation.value}


def _answer(fact: facts.QuestionAnswered, show_numbers: bool) -> Fields:
    question = fact.question
    return {
        "question": question.key,
        "text": question.prompt.text,
        "clause": question.prompt.clause,
        "spoken": fact.spoken,
        "digits": keyed(fact.digits, show_numbers),
        "recording": question.recording,
    }


def _call_back(fact: facts.CallBackAsked, show_numbers: bool) -> Fields:
    return {
        "number": shown(fact.number, show_numbers),
        "source": fact.source.value if fact.source else None,
        "confirmed": fact.confirmed,
    }


_Describe = Callable[[Any, bool], Fields]

EVENTS: dict[type, tuple[str, _Describe]] = {
    facts.Rang: ("ring", lambda f, _: {"rings": f.rings}),
    facts.CallerIdentified: ("caller_id", lambda f, show: _caller(f.caller_id, show)),
    facts.CallAnswered: ("answered", lambda f, _: {"rings": f.rings, "waited_ms": milliseconds(f.waited)}),
    facts.PromptStarted: (
        "prompt_started",
        lambda f, _: {"prompt": f.prompt.key, "text": f.prompt.text, "clause": f.prompt.clause},
    ),
    facts.PromptFinished: (
        "prompt_finished",
        lambda f, _: {"prompt": f.prompt.key, "complete": f.complete, "cut": f.cut.value if f.cut else None},
    ),
    facts.PromptFailed: ("prompt_failed", lambda f, _: {"prompt": f.prompt.key, "clause": f.prompt.clause}),
    facts.VerdictGiven: (
        "verdict",
        lambda f, _: {
            "verdict": f.verdict.value,
            "level_dbfs": decibels(f.level_dbfs),
            "snr_db": decibels(f.snr_db),
        },
    ),
    facts.DigitDialled: ("dtmf", lambda f, _: {"digit": f.digit}),
    facts.KindChosen: ("kind", lambda f, _: {"kind": f.kind, "digit": f.digit, "clause": f.clause}),
    facts.AlertRaised: ("alert", lambda f, _: {"kind": f.kind, "clause": f.clause}),
    facts.QuestionAnswered: ("answer", _answer),
    facts.AgentRinging: ("agent_ringing", lambda f, _: {"agent": f.agent}),
    facts.AgentMissed: ("agent_missed", lambda f, _: {"agent": f.agent, "why": f.why}),
    facts.AgentConnected: ("agent_connected", lambda f, _: {"agent": f.agent}),
    facts.AgentLeft: ("agent_left", lambda f, _: {"agent": f.agent, "why": f.why}),
    facts.MessageTaken: ("message", lambda _, __: {}),
    facts.CallBackAsked: ("call_back", _call_back),
    facts.CustomerRings: ("customer_ringing", lambda _, __: {}),
    facts.DialUnanswered: ("not_reached", lambda f, _: {"why": f.why}),
    facts.WaitBegan: ("waiting", lambda f, _: {"position": f.position}),
    facts.WaitMoved: ("waiting", lambda f, _: {"position": f.position}),
    facts.WaitEnded: (
        "wait_ended",
        lambda f, _: {"waited_ms": milliseconds(f.waited), "overdue": f.overdue, "chosen": f.chosen},
    ),
    facts.CustomerHeld: ("held", lambda _, __: {}),
    facts.CustomerResumed: ("resumed", lambda _, __: {}),
    facts.MediaLost: ("media_lost", lambda _, __: {}),
    facts.MediaRestored: ("media_restored", lambda _, __: {}),
    facts.CustomerHungUp: ("far_end_hangup", lambda f, _: {"how": f.sign.value}),
    facts.HandsetLifted: ("handset_lifted", lambda _, __: {}),
    facts.Released: ("released", lambda f, _: {"by": f.by.value, "cause": f.cause}),
    LineFault: ("line_fault", lambda f, _: {"code": f.code.value, "detail": f.detail}),
    LineRestored: ("line_restored", lambda f, _: {}),
    LineTrouble: ("line_trouble", lambda f, _: {"code": f.code.value, "detail": f.detail}),
    LineTroubleOver: ("line_trouble_over", lambda f, _: {"code": f.code.value, "detail": f.detail}),
}
"""The event each fact is in the feed. A fact that is not here is no event: it shows in the state alone."""


def event_fields(notice: facts.Notice, *, show_numbers: bool) -> Fields | None:
    """`event` and its own fields; None for a fact that is no event of the feed."""
    known = EVENTS.get(type(notice.fact))
    if known is None:
        return None
    name, describe = known
    return {"event": name, **describe(notice.fact, show_numbers)}
