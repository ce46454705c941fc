"""The calls to look at: which clauses they broke and what shows it. No number by default (WD-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, select

from drivers.line.masking import shown
from gateway.records.noted import rfc3339
from gateway.records.schema import Base, CallRow
from gateway.records.unreadable import Unreadable, each_read

CALLS = Base.metadata.tables[CallRow.__tablename__]


@dataclass(frozen=True, slots=True)
class Breach:
    """One clause that a call broke, and the evidence of it."""

    clause: str
    evidence: str


@dataclass(frozen=True, slots=True)
class BrokenCall:
    """A call that broke clauses. `caller` is as it may be shown; None where the exchange gave none."""

    call: str
    line: str
    agent: str
    offered_at: datetime
    caller: str | None
    breaches: tuple[Breach, ...]

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "call": self.call,
            "line": self.line,
            "agent": self.agent,
            "offered_at": rfc3339(self.offered_at),
            "caller": self.caller,
            "broken": [{"clause": breach.clause, "evidence": breach.evidence} for breach in self.breaches],
        }


def broken_calls(
    connection: Connection, calls: Sequence[str], zone: tzinfo, *, show_numbers: bool, unreadable: Unreadable
) -> tuple[BrokenCall, ...]:
    """These calls, in this order, their times in `zone`; one whose row is spoiled is noted in `unreadable`."""
    wanted = (CALLS.c.call, CALLS.c.line, CALLS.c.agent, CALLS.c.offered_at, CALLS.c.caller, CALLS.c.compliance)

    def told(row: Row[Any]) -> BrokenCall:
        return BrokenCall(
            row.call,
            row.line,
            row.agent,
            row.offered_at.astimezone(zone),
            shown(row.caller, show_numbers),
            _breaches(row.compliance, row.caller, show_numbers),
        )

    query = select(*wanted).where(CALLS.c.call.in_(calls))
    rows = each_read(connection, query, CALLS.c.call, told, lambda call: unreadable.add(f"call {call}"))
    found = {row.call: row for row in rows}
    return tuple(found[call] for call in calls if call in found)


def _breaches(compliance: list[dict[str, Any]], caller: str | None, show_numbers: bool) -> tuple[Breach, ...]:
    broken = [judgement for judgement in compliance if not judgement["kept"]]
    return tuple(Breach(one["clause"], _told(one["evidence"], caller, show_numbers)) for one in broken)


def _told(evidence: str, caller: str | None, show_numbers: bool) -> str:
    """The evidence; should it name the customer's number, as that may be shown."""
    return evidence if not caller else evidence.replace(caller, shown(caller, show_numbers) or "")
