"""Schemas of today's figures and of the calls that ended last. Pure."""

from gateway.call.facts import ReleasedBy
from gateway.feed.last_calls import MOST
from gateway.feed.schemas.states import DRIVER
from gateway.feed.schemas.words import (
    MASKED,
    Properties,
    Schema,
    array,
    closed,
    number,
    one_of,
    or_null,
    text,
    time,
    whole,
)
from gateway.kpi.call import Direction, Outcome
from gateway.kpi.outcomes import SHOWN


def kpi() -> Schema:
    """`kpi`."""
    hour = {
        "hour": text(
            "The hour of the day, `00` to `23`, in which these calls were offered.", pattern="^[0-2][0-9]$"
        )
    }
    return closed(
        "Today's figures",
        "What became of today's calls in the site's time zone; calls that we make count nowhere. Retained.",
        {
            "date": text("The day.", format="date", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            **_outcomes(),
            "within_rings_rate": _rate(
                "Calls answered by the standard's last ring (JH-1), among those and what rang longer."
            ),
            "customer_first_rate": _rate(
                "Answered calls that the customer ended (JH-2), among all answered ones that have ended, but for "
                "those a clause orders to release and those taken at a parallel telephone."
            ),
            "released_by": closed(
                "Who ended them",
                "Answered calls that have ended, by who ended them.",
                {by: whole(f"Ended by: {by}.") for by in SHOWN},
            ),
            "last_hour": closed("The last hour", "Calls offered within the last sixty minutes.", _outcomes()),
            "by_hour": array(
                closed("Hour", "Calls offered in one hour of today.", hour | _outcomes()),
                "Today hour by hour; hours without calls are left out.",
                most=24,
            ),
            "answer_rate_goal": number("The goal of the answer rate (JH-21), as a fraction.", least=0, most=1),
        },
    )


def _outcomes() -> Properties:
    return {
        "offered": whole("Calls offered."),
        "answered": whole("Of them, answered by us or at a parallel telephone."),
        "abandoned": whole("Given up by the caller before that."),
        "failed": whole("Neither: lost by a fault of ours."),
        "answer_rate": _rate("Answered calls, among those answered, abandoned or failed (JH-21)."),
    }


def _rate(description: str) -> Schema:
    return or_null(number(f"{description} A fraction in four decimals; null: nothing to count.", least=0, most=1))


def calls() -> Schema:
    """`calls`."""
    return closed(
        "Last calls",
        "The calls that ended last, with the clauses that each kept and broke; retained.",
        {"calls": array(_ended_call(), "The last one first.", most=MOST)},
    )


def _ended_call() -> Schema:
    return closed(
        "Ended call",
        "A call that has ended and is on record.",
        {
            "call": text("The call's id.", shortest=1),
            "line": text("The line's id."),
            "driver": DRIVER,
            "direction": one_of(Direction, "`in`: the customer called us; `out`: a call-back."),
            "caller": or_null(text(f"The customer's number; null: none was told. {MASKED}")),
            "agent": text("The first agent who talked to him; where nobody did, who greeted."),
            "attended_by": or_null(text("The first agent who talked to him; null: nobody did.")),
            "offered_at": time("When it was offered, or begun by us."),
            "answered_at": or_null(time("When it was answered; null: it was not.")),
            "ended_at": time("When it ended."),
            "rings": whole("Rings it had."),
            "outcome": one_of(Outcome, "What became of it."),
            "released_by": one_of(ReleasedBy, "Who ended it."),
            "cause": text("The sign, the clause or the fault."),
            "kept": _clauses("Clauses that it kept in every step."),
            "broken": _clauses("Clauses that it broke in one step at least."),
            "not_applicable": _clauses("Clauses that could not be judged, or do not concern it."),
        },
    )


def _clauses(description: str) -> Schema:
    return array(text("A clause, as `JH-6`."), description)
