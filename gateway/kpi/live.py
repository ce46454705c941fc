"""Facts to what is counted of a call, while it is up. Pure."""

from dataclasses import replace

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.kpi.call import CallFigures, Direction
from gateway.kpi.outcomes import outcome_of


def followed(call: CallFigures | None, notice: Notice) -> CallFigures | None:
    """The call after a notice of it, as far as `Outcomes` needs it; what agents, ears and clauses tell is counted
    from the records. None before its Offered."""
    at, fact = notice.at, notice.fact
    if call is None:
        if not isinstance(fact, facts.Offered) or notice.call is None:
            return None
        return CallFigures(notice.call, notice.line, fact.agent, at, 0)
    match fact:
        case facts.Dialled():
            return replace(call, direction=Direction.OUT)
        case facts.Rang(rings=rings):
            return replace(call, rings=rings)
        case facts.CallAnswered(rings=rings):
            return replace(call, rings=rings, answered_at=at)
        case facts.Released(by=by, cause=cause):
            outcome = outcome_of(call.answered_at is not None, by)
            return replace(call, ended_at=at, outcome=outcome, released_by=by.value, cause=cause)
        case _:
            return call
