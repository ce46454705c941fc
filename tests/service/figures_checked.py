"""Random calls and tickets in a real database, and every figure of them counted twice: by plain SQL and by us."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from drivers.line import Verdict
from gateway.call import facts
from gateway.call.facts import ReleasedBy
from gateway.kpi import Tally
from gateway.kpi.checks import POSTGRESQL_DELAY, SQLITE_DELAY, VIEWS, checks
from gateway.records import Records, RecordsConfig
from gateway.reports.owed import owed
from gateway.reports.period import Period
from gateway.reports.reading import calls_read
from gateway.tickets import CallBackState, TicketsConfig, TicketState
from gateway.tickets.store import TicketStore
from gateway.tickets.ticket import Ticket
from tests.service.told import Told, called_back, not_reached

ZONE = ZoneInfo("Asia/Shanghai")
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=ZONE), datetime(2026, 12, 1, tzinfo=ZONE)
NOW = datetime(2026, 11, 28, 12, tzinfo=ZONE)
KINDS = ("enquiry", "complaint", "serious_complaint", "equipment_fault", "message")


def fill(config: RecordsConfig, calls: int, tickets: int, seed: int) -> None:
    """Write so many random calls and tickets as a gateway does."""
    random = Random(seed)
    records = Records(config)
    records.start()
    for number in range(calls):
        for notice in _call(random, f"call-{number:04d}").notices:
            records.receive(notice)
    records.stop()
    assert records.problem is None
    store = TicketStore(TicketsConfig(config, ("801", "802")))
    store.prepare()
    for number in range(tickets):
        store.add(_ticket(random, number, config.site), ())
    store.close()


def _moment(random: Random) -> datetime:
    """Mostly in November; now and then in the day before it or after it."""
    return SINCE + timedelta(seconds=random.uniform(-86_400, 31 * 86_400))


def _call(random: Random, call: str) -> Told:
    who: dict[str, Any] = {"call": call, "at": _moment(random), "line": random.choice(("sip1", "sip2", "fxo1"))}
    if random.random() < 0.1:
        return random.choice((called_back, not_reached))(**who)
    site = "qingdao" if random.random() < 0.1 else "jinan"
    rings = random.randint(1, 6)
    told = Told(**who, site=site).rings(rings)
    if random.random() < 0.05:
        told.at -= timedelta(hours=1)  # the machine's clock is set back
    if random.random() < 0.3:
        return _ended(random, told, (ReleasedBy.CUSTOMER, ReleasedBy.HANDSET, ReleasedBy.FAULT, None))
    told.tell(after=random.uniform(0, 9)).answered(rings).says("greeting")
    for _ in range(random.randint(0, 2)):
        told.hears(random.choice(list(Verdict)))
    if random.random() < 0.5:
        _served(random, told)
    return _ended(random, told, (*list(ReleasedBy)[:4], ReleasedBy.FAULT, ReleasedBy.SHUTDOWN, None))


def _served(random: Random, told: Told) -> None:
    waited = round(random.uniform(1, 90), 3)
    told.tell(facts.WaitBegan(1)).tell(facts.WaitEnded(waited, overdue=False), after=waited)
    if random.random() < 0.8:
        told.tell(facts.AgentConnected(random.choice(("801", "802"))))
        told.tell(facts.AgentLeft("801", "hung_up"), after=random.uniform(5, 300))


def _ended(random: Random, told: Told, by: tuple[ReleasedBy | None, ...]) -> Told:
    one = random.choice(by)
    return told if one is None else told.released(one, "a cause", after=random.uniform(0, 5))


def _ticket(random: Random, number: int, site: str) -> Ticket:
    opened = _moment(random)
    told = opened + timedelta(hours=random.uniform(0, 40))
    answered = told if told < NOW and random.random() < 0.7 else None
    return Ticket(
        0,
        site,
        f"call-{number:04d}",
        opened,
        opened + timedelta(hours=24),
        random.choice(KINDS),
        random.choice(("801", "802")),
        state=TicketState.OPEN if answered is None else TicketState.ANSWERED,
        answered_at=answered,
        call_back=random.choice((None, CallBackState.OWED, CallBackState.REACHED)),
        wrong=random.random() < 0.2,
    )


def by_us(connection: Connection) -> dict[str, Any]:
    """The figures of November at `jinan`, as reports count them."""
    tally = Tally()
    for call in calls_read(connection, SINCE, UNTIL, ZONE, "jinan"):
        tally.add(call)
    tickets = owed(connection, Period(SINCE, UNTIL, NOW), "jinan").overall
    return tally.figures().fields() | tickets.fields()


def by_sql(connection: Connection) -> dict[str, Any]:
    """The same by the statements of docs/kpi.md."""
    postgresql = connection.dialect.name == "postgresql"
    views = VIEWS.replace(SQLITE_DELAY, POSTGRESQL_DELAY) if postgresql else VIEWS
    stamp = "'2026-11-28 04:00:00.000000'"
    views = views.replace("CURRENT_TIMESTAMP", f"timestamptz '{stamp[1:-1]}+00'" if postgresql else stamp)
    for view in views.split(";\n"):
        if view.strip():
            connection.exec_driver_sql(view)
    return {key: _counted(connection, key, statement) for key, statement in checks().items()}


def _counted(connection: Connection, key: str, statement: str) -> Any:
    rows = connection.exec_driver_sql(statement.replace("%", "%%")).all()  # a driver's way to write one
    if key == "clauses":
        return {"JH-1": {"kept": int(rows[0][0] or 0), "broken": int(rows[0][1] or 0)}}
    if key in ("rings_to_answer", "abandoned_after_rings", "released_by"):
        return {str(name): int(count) for name, count in rows}
    return None if rows[0][0] is None else float(rows[0][0])


def differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The figures that are not the same; milliseconds and the fourth decimal of a share are."""
    assert set(theirs) == set(ours), "a figure without a statement, or the other way round"
    return {key: (ours[key], theirs[key]) for key in ours if not _same(key, ours[key], theirs[key])}


def _same(key: str, ours: Any, theirs: Any) -> bool:
    if key == "clauses":
        return bool(ours["JH-1"] == theirs["JH-1"])
    if isinstance(ours, dict):
        return {name: count for name, count in ours.items() if count} == theirs
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= (0.0001 if "rate" in key or "share" in key or key == "quality" else 0.001)
