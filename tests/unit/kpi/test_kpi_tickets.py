"""What is counted of tickets (WD-12, JH-22) and of log-ins (JH-20)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.desk.attendance import LogIn
from gateway.kpi.log_ins import log_in_figures
from gateway.kpi.rates import Share
from gateway.kpi.tickets import TicketFigured, TicketFigures, TicketTally

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NOW = NOON + timedelta(days=3)
DAY = timedelta(days=1)


def ticket(answered: timedelta | None, *, opened: timedelta = timedelta(), **fields: Any) -> TicketFigured:
    """Opened at noon and due a day later."""
    at = NOON + opened
    return TicketFigured(
        at, at + DAY, fields.pop("kind", "enquiry"), "801", None if answered is None else at + answered, **fields
    )


def figures(*tickets: TicketFigured) -> TicketFigures:
    tally = TicketTally(NOW)
    for one in tickets:
        tally.add(one)
    return tally.figures()


IN_TIME, LATE, NEVER = ticket(DAY), ticket(DAY * 2), ticket(None)
NOT_YET = ticket(None, opened=DAY * 2.5)


def test_missed_is_late_and_never_but_not_not_yet() -> None:
    assert figures(IN_TIME, LATE, NEVER, NOT_YET).missed == 2


def test_a_reply_that_came_late_is_a_reply() -> None:
    told = figures(IN_TIME, LATE, NEVER, NOT_YET)
    assert (told.all.replied, told.all.rate) == (2, Share(2, 3))
    assert figures(NOT_YET).all.rate.exact is None


def test_complaints_and_enquiries_apart() -> None:
    told = figures(ticket(DAY, kind="complaint"), ticket(None, kind="serious_complaint"), IN_TIME)
    assert (told.complaints.rate, told.enquiries.rate, told.all.rate) == (Share(1, 2), Share(1, 1), Share(2, 3))


def test_call_backs_owed_kept_and_overdue() -> None:
    owed = [ticket(answered, call_back=True) for answered in (DAY, DAY, DAY * 2, None)]
    told = figures(*owed, ticket(None, opened=DAY * 2.5, call_back=True), IN_TIME, NEVER)
    assert (told.call_backs_owed, told.call_backs_kept, told.call_backs_overdue) == (5, 2, 2)
    assert told.call_backs_kept_rate.exact == 0.5


def test_wrong_tickets() -> None:
    assert figures(ticket(DAY, wrong=True), IN_TIME).wrong == 1


def test_log_ins() -> None:
    duties = [(LogIn.ON_TIME, 0), (LogIn.ON_TIME, 2), (LogIn.LATE, 1), (LogIn.ABSENT, 0)]
    told = log_in_figures([*duties, (LogIn.UNKNOWN, 0), (LogIn.NOT_DUE, 0)])
    assert (told.on_time, told.late, told.absent, told.unknown, told.unexplained) == (2, 1, 1, 1, 3)
    assert told.on_time_rate.exact == 0.5, "what nobody knows is not counted against anybody"
