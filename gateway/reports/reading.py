"""Calls as they are counted, read in one pass over a period: flat columns, a bounded number of rows at a time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from types import NoneType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, null, select, type_coerce

from gateway.database import lacking
from gateway.kpi import CallFigures
from gateway.kpi.call import Direction, Outcome
from gateway.records.journal import record_from
from gateway.records.record import CallRecord
from gateway.records.schema import Base, CallRow
from gateway.records.summary import summary_of
from gateway.records.unreadable import SPOILED, Unreadable, each_read

CALLS = Base.metadata.tables[CallRow.__tablename__]
_MOMENTS = frozenset({"offered_at", "answered_at", "ended_at"})
ROWS = 2000
"""Rows in memory at a time: a server sends them in a tenth of a second, and they are less than a megabyte."""
AT_ONCE = 500
"""Ids in one query: older SQLites take 999 values."""
_COLUMNS = (
    "call",
    "line",
    "agent",
    "offered_at",
    "rings",
    "direction",
    "answered_at",
    "ended_at",
    "outcome",
    "released_by",
    "attended_by",
    "waited",
    "talked",
    "heard",
    "kept",
    "broken",
)
"""The fields of CallFigures in its order, each of which has its column; the cause, of which no figure is made, is
left out. SQLite's index calls_figures holds them all: with one more the rows would be read, ten times slower."""
_TEXT, _MOMENT, _SECONDS = frozenset({str}), frozenset({str, datetime}), frozenset({float, int})
_NULL = frozenset({NoneType})
_TYPES = (
    *(_TEXT, _TEXT, _TEXT, _MOMENT, frozenset({int}), _TEXT | _NULL),
    *(_MOMENT | _NULL, _MOMENT | _NULL, _TEXT | _NULL, _TEXT | _NULL, _TEXT | _NULL),
    *(_SECONDS | _NULL, _SECONDS | _NULL, _TEXT | _NULL, _TEXT | _NULL, _TEXT | _NULL),
)
"""What each of them may be: SQLite keeps anything in any column."""
_OUTCOMES = frozenset({None, *(outcome.value for outcome in Outcome)})
_DIRECTIONS = frozenset({None, *(direction.value for direction in Direction)})


def calls_read(
    connection: Connection,
    since: datetime,
    until: datetime | None,
    zone: tzinfo,
    site: str | None = None,
    unreadable: Unreadable | None = None,
) -> Iterator[CallFigures]:
    """The calls offered from `since` to before `until` (aware; None: all since), of one site or of all, times in
    `zone`, about in the order of their offers. A database of an earlier version will do. A call whose row is
    spoiled is left out, and noted in `unreadable`. Raises DBAPIError."""
    unreadable = Unreadable() if unreadable is None else unreadable
    absent = lacking(connection, CALLS)
    sites = _sites(connection) if site is None else [site]
    query = _within(select(*map(_column(absent), _COLUMNS)), since, until, sites)
    result = connection.execute(query, execution_options={"yield_per": ROWS})
    for rows in result.partitions():
        earlier = []
        for row in rows:
            if row.kept is None and row.ended_at is not None:
                earlier.append(row.call)  # an earlier version closed it, which filled no columns for figures
                continue
            try:
                figures = _figures(row, zone)
            except SPOILED:
                unreadable.add(f"call {row.call}")
                continue
            yield figures
        for at in range(0, len(earlier), AT_ONCE):
            yield from _of_json(connection, absent, earlier[at : at + AT_ONCE], zone, unreadable)


def _within(query: Select[Any], since: datetime, until: datetime | None, sites: Collection[str]) -> Select[Any]:
    query = query.where(CALLS.c.site.in_(sites), CALLS.c.offered_at >= since)
    return query if until is None else query.where(CALLS.c.offered_at < until)


def _sites(connection: Connection) -> list[str]:
    """Every site of the database: by its name the index finds a site's calls, and it finds none without."""
    return list(connection.scalars(select(CALLS.c.site).distinct()))


def _column(absent: Collection[str]) -> Callable[[str], ColumnElement[Any]]:
    """What to select for a column: nothing where the database, of an earlier version, does not have it."""

    def named(name: str) -> ColumnElement[Any]:
        if name in absent:
            return null().label(name)
        return type_coerce(CALLS.c[name], String) if name in _MOMENTS else CALLS.c[name]

    return named


def _figures(row: Sequence[Any], zone: tzinfo) -> CallFigures:
    """Raises one of SPOILED."""
    for value, kinds in zip(row, _TYPES, strict=True):
        if type(value) not in kinds:
            raise TypeError(f"{value!r} is not what its column holds")
    (call, line, agent, offered_at, rings, direction, answered_at, ended_at, *summary) = row
    outcome, released_by, attended_by, waited, talked, heard, kept, broken = summary
    if outcome not in _OUTCOMES or direction not in _DIRECTIONS:
        raise ValueError(f"{outcome!r}, {direction!r}: no outcome or direction of a call")
    return CallFigures(
        call,
        line,
        agent,
        _in_zone(offered_at, zone),
        rings,
        direction or Direction.IN,
        answered_at and _in_zone(answered_at, zone),
        ended_at and _in_zone(ended_at, zone),
        outcome,
        released_by,
        None,
        attended_by,
        waited,
        talked,
        _words(heard),
        _words(kept),
        _words(broken),
    )


def _in_zone(moment: str | datetime, zone: tzinfo) -> datetime:
    """A moment as the driver gives it. SQLite has text, in UTC (`gateway.database.Moment`), and to read it here is
    five times faster: three in each call are a third of a report's time."""
    return (datetime.fromisoformat(f"{moment}+00:00") if isinstance(moment, str) else moment).astimezone(zone)


def _of_json(
    connection: Connection, absent: Collection[str], calls: list[str], zone: tzinfo, unreadable: Unreadable
) -> Iterator[CallFigures]:
    """The figures of calls that ended before there were columns for them, from what was noted of them."""
    columns = [column for column in CALLS.c if column.name not in absent]
    yield from each_read(
        connection,
        select(*columns).where(CALLS.c.call.in_(calls)),
        CALLS.c.call,
        lambda row: _figures_of(record_from(row._mapping, zone)),
        lambda call: unreadable.add(f"call {call}"),
    )


def _figures_of(record: CallRecord) -> CallFigures:
    summary = summary_of(record)
    return CallFigures(
        call=record.call,
        line=record.line,
        agent=record.agent,
        offered_at=record.offered_at,
        rings=record.rings,
        direction=record.direction.value,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        outcome=record.outcome,
        released_by=record.released_by,
        cause=record.cause,
        attended_by=summary["attended_by"],
        waited=summary["waited"],
        talked=summary["talked"],
        heard=_words(summary["heard"]),
        kept=_words(summary["kept"]),
        broken=_words(summary["broken"]),
    )


@lru_cache(maxsize=4096)
def _words(text: str | None) -> tuple[str, ...]:
    """Calls of one kind keep the same clauses: a month has some hundred different texts."""
    return tuple(text.split()) if text else ()
