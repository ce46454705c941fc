"""The transition table, literal. Everything that changes a call's state must stand here.

The picture in docs/call.md is drawn from it (`python -m gateway.call.diagram`).
"""

from enum import StrEnum

from gateway.call.states import CallState


class Trigger(StrEnum):
    """Why a call's state changes."""

    PICKED_UP = "picked up"
    """The customer whom we call back is on the telephone."""
    NOT_REACHED = "not reached"
    """He is not to be had, or the agent who would talk to him has gone."""
    OFF_HOOK = "off-hook"
    """The line was answered."""
    GREETED = "greeted"
    """The greeting has ended."""
    STEP_DUE = "step due"
    """We have something to say: a ladder's step, the menu, a question, a reply, 「anything else?」, a phrase."""
    STEP_ENDED = "step ended"
    """It has ended, or the customer's speech cut it."""
    WAIT_ORDERED = "wait ordered"
    """The customer must wait for somebody (JH-8)."""
    WAIT_OVER = "wait over"
    AGENT_CAME = "agent came"
    """An agent and the customer are joined, at first or again after a wait."""
    AGENT_WENT = "agent went"
    """The agent's leg has ended; the customer is still there (JH-2)."""
    FAREWELL_DUE = "farewell due"
    """The farewell, or a ladder's final prompt, must be said."""
    SPOKE_UP = "customer spoke up"
    """The customer was understood after all, on a ladder's last rung."""
    CLAUSE_ORDERS = "clause orders release"
    """A ladder's final prompt (JH-6, JH-7, WD-8), or a farewell that a release follows (WD-2), was said to its
    end, and the wait after it is over."""
    GUARD_RAN_OUT = "guard ran out"
    """The farewell was said, and the customer has been quiet for the guard's time without hanging up."""
    HUNG_UP = "customer hung up"
    HANDSET_LIFTED = "handset lifted"
    """Somebody takes the call at a parallel telephone."""
    LINE_FAILED = "line failed"
    SHUT_DOWN = "shut down"


class IllegalTransition(Exception):
    """The engine asked for a change of state that the table does not have."""


_S, _T = CallState, Trigger

TRANSITIONS: dict[CallState, dict[Trigger, CallState]] = {
    _S.DIALLING: {
        _T.PICKED_UP: _S.TALKING,
        _T.NOT_REACHED: _S.RELEASED,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.RINGING: {
        _T.OFF_HOOK: _S.GREETING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.GREETING: {
        _T.GREETED: _S.LISTENING,
        _T.AGENT_CAME: _S.TALKING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.LISTENING: {
        _T.STEP_DUE: _S.PROMPTING,
        _T.WAIT_ORDERED: _S.WAITING,
        _T.FAREWELL_DUE: _S.CLOSING,
        _T.AGENT_CAME: _S.TALKING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.PROMPTING: {
        _T.STEP_ENDED: _S.LISTENING,
        _T.AGENT_CAME: _S.TALKING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.TALKING: {
        _T.AGENT_WENT: _S.LISTENING,
        _T.WAIT_ORDERED: _S.WAITING,
        _T.FAREWELL_DUE: _S.CLOSING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.WAITING: {
        _T.WAIT_OVER: _S.LISTENING,
        _T.AGENT_CAME: _S.TALKING,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.CLOSING: {
        _T.SPOKE_UP: _S.LISTENING,
        _T.CLAUSE_ORDERS: _S.RELEASED,
        _T.GUARD_RAN_OUT: _S.RELEASED,
        _T.HUNG_UP: _S.RELEASED,
        _T.HANDSET_LIFTED: _S.RELEASED,
        _T.LINE_FAILED: _S.RELEASED,
        _T.SHUT_DOWN: _S.RELEASED,
    },
    _S.RELEASED: {},
}


def follow(state: CallState, trigger: Trigger) -> CallState:
    """The state that `trigger` leads to from `state`; IllegalTransition where the table has none."""
    try:
        return TRANSITIONS[state][trigger]
    except KeyError:
        raise IllegalTransition(f"no way out of {state} by: {trigger}") from None
