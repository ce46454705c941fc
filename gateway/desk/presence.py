"""An agent's presence, as `agent/<number>/state` shows it, and the literal table of its changes.

Rules, kept by the table and by the properties in the desk's tests:

1. `busy` is left by the end of the call alone: whatever he wishes, and whatever becomes of his telephone, is
   carried out then.
2. Nobody but a `free` agent is rung.
3. What he wished outlives his telephone: `offline` because it cannot be reached, then reachable again, he is what
   he was.
4. `why` names what put him there; of `offline`, `away` and `after_call` it is told anew when it becomes another.
"""

from enum import StrEnum


class Presence(StrEnum):
    """Where an agent stands."""

    FREE = "free"
    """Logged in and without a call; offered to the next customer, or kept for one who is being answered."""
    RINGING = "ringing"
    """His telephone is being rung."""
    BUSY = "busy"
    """He is joined with a customer."""
    AFTER_CALL = "after_call"
    """He writes up the call that he has had."""
    AWAY = "away"
    OFFLINE = "offline"
    """Logged out, or his telephone cannot be reached."""


class Why(StrEnum):
    """What put an agent where he stands."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    """He is not logged in."""
    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    BY_HIMSELF = "by_himself"
    """He has set himself away."""
    BACK = "back"
    """He says that he is back, or that he needs no more time."""
    NEEDS_TIME = "needs_time"
    """He has asked for time after the call, until he is back."""
    MISSED_CALLS = "missed_calls"
    """He has missed so many calls in a row that his chair is taken to be empty."""
    CALL = "call"
    """A customer's call."""
    CALL_BACK = "call_back"
    """The call-back that is owed to a customer."""
    MISSED = "missed"
    """He did not come to the telephone."""
    CALL_GONE = "call_gone"
    """Whoever his telephone was rung for has gone."""
    CALL_ENDED = "call_ended"
    TIME_UP = "time_up"
    """The time after the call is over."""


class Wish(StrEnum):
    """What an agent, or who may speak for him, asks for."""

    LOG_IN = "log_in"
    """He works, at his desk: ends LOG_OUT and AWAY."""
    LOG_OUT = "log_out"
    """Holds until LOG_IN, whatever becomes of his telephone."""
    AWAY = "away"
    BACK = "back"
    """Ends AWAY and the time after a call."""
    AFTER_CALL = "after_call"
    """He needs time after this call: until BACK."""


class IllegalPresence(Exception):
    """A change of presence was asked for that the table does not have: the desk's own fault."""


_P, _W = Presence, Why

TRANSITIONS: dict[Presence, dict[Why, Presence]] = {
    _P.OFFLINE: {
        _W.LOG_IN: _P.FREE,
        _W.REACHABLE: _P.FREE,
        _W.BY_HIMSELF: _P.AWAY,
        _W.MISSED_CALLS: _P.AWAY,
        _W.CALL_ENDED: _P.AFTER_CALL,
        _W.NEEDS_TIME: _P.AFTER_CALL,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
    _P.FREE: {
        _W.CALL: _P.RINGING,
        _W.CALL_BACK: _P.RINGING,
        _W.BY_HIMSELF: _P.AWAY,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
    _P.RINGING: {
        _W.CALL: _P.BUSY,
        _W.CALL_BACK: _P.BUSY,
        _W.MISSED: _P.FREE,
        _W.CALL_GONE: _P.FREE,
        _W.MISSED_CALLS: _P.AWAY,
        _W.BY_HIMSELF: _P.AWAY,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
    _P.BUSY: {
        _W.CALL_ENDED: _P.AFTER_CALL,
        _W.NEEDS_TIME: _P.AFTER_CALL,
        _W.TIME_UP: _P.FREE,
        _W.BY_HIMSELF: _P.AWAY,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
    _P.AFTER_CALL: {
        _W.TIME_UP: _P.FREE,
        _W.BACK: _P.FREE,
        _W.NEEDS_TIME: _P.AFTER_CALL,
        _W.BY_HIMSELF: _P.AWAY,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
    _P.AWAY: {
        _W.BACK: _P.FREE,
        _W.LOG_IN: _P.FREE,
        _W.BY_HIMSELF: _P.AWAY,
        _W.LOG_OUT: _P.OFFLINE,
        _W.UNREACHABLE: _P.OFFLINE,
    },
}


def follow(presence: Presence, why: Why) -> Presence:
    """Where `why` leads from `presence`; IllegalPresence where the table has nothing."""
    try:
        return TRANSITIONS[presence][why]
    except KeyError:
        raise IllegalPresence(f"no way out of {presence} by: {why}") from None
