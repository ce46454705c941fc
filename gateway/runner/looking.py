"""One look at a gateway, for its metrics."""

import asyncio
from collections import Counter
from datetime import datetime

from gateway.desk.desk import Desk
from gateway.desk.presence import Presence
from gateway.feed import Feed
from gateway.metrics import Seen
from gateway.records import Records
from gateway.tickets import TicketBook
from gateway.tickets.states import TicketState


def look(
    records: Records, feed: Feed, desk: Desk, tickets: TicketBook, now: datetime, *, recordings_stopped: bool
) -> Seen:
    """What stands at `now` (aware); on the event loop. Waits for nobody: tickets are as they were known last."""
    presences = Counter(desk.presence(agent) for agent in desk.agents())
    unanswered = [ticket for ticket in tickets.open_tickets() if ticket.state is TicketState.OPEN]
    return Seen(
        lines=feed.lines(),
        agents={presence.value: presences[presence] for presence in Presence},
        customers_waiting=len(desk.waiting()),
        tickets_open=len(unanswered),
        tickets_overdue=sum(ticket.overdue(now) for ticket in unanswered),
        feed_queue=feed.waiting,
        feed_dropped=feed.dropped,
        broker_connected=feed.online.is_set(),
        spool=records.spooled,
        facts_lost=records.lost,
        database_problems={
            "records": records.problem is not None,
            "tickets": tickets.problem is not None,
        },
        recordings_stopped=recordings_stopped,
        asyncio_tasks=len(asyncio.all_tasks()),
    )
