"""`sansheng agents`: what each agent is now, and how he kept his shifts (JH-20)."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.cli.exits import FAULT, USAGE, complain, unless_spoiled
from gateway.cli.since import SinceError, parse_since
from gateway.config import load_config
from gateway.desk.attendance import BEFORE, Attendance, Change, LogIn, Spell
from gateway.desk.presence import Presence
from gateway.people import AgentsOnRecord
from gateway.people.duties import AgentOnDuty, agents_on_duty
from gateway.records import RecordsError
from gateway.records.configured import records_config
from gateway.records.noted import rfc3339, rfc3339_or_none

TABLE_WIDTH = 164
"""Columns the table takes at least: a narrower terminal, or a pipe, gets whole spells all the same."""
UNKNOWN = "unknown"
"""A time of which nobody knows what he did: the gateway did not run, or keeps a log only since later."""


def list_agents(path: Path, *, since: str, as_json: bool) -> int:
    """Print the agents of the config's gateway and their duties since then; gives the exit code.

    Raises ConfigErrors.
    """
    config = load_config(path)
    records = records_config(config)
    now = datetime.now(records.zone)
    try:
        begins = parse_since(since, now)
        with AgentsOnRecord(records) as reader:
            agents = agents_on_duty(config, reader, begins, now)
    except SinceError as error:
        return complain(error, USAGE)
    except RecordsError as error:
        return complain(error, FAULT)
    if as_json:
        for agent in agents:
            sys.stdout.write(json.dumps(_agent_fields(agent, records.zone), ensure_ascii=False) + "\n")
    else:
        Console(width=max(Console().width, TABLE_WIDTH)).print(agents_table(agents, records.zone))
    return unless_spoiled(reader.unreadable)


def agents_table(agents: Iterable[AgentOnDuty], zone: tzinfo) -> Table:
    """A row for each agent, and for each of his duties."""
    table = Table(title="Agents", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (
        "agent",
        "state",
        "why",
        "since",
        "shift",
        "log-in",
        "at work",
        "calls out",
        "away",
        "after call",
    ):
        table.add_column(column, no_wrap=True)
    table.add_column("unexplained", overflow="fold", min_width=24)
    for agent in agents:
        now = [agent.number, _stands(agent.last), agent.last.why if agent.last else "", _when(agent.last, zone)]
        for attended in agent.attendances:
            table.add_row(*map(escape, now), *_duty_cells(attended, zone))
            now = ["", "", "", ""]
        if not agent.attendances:
            table.add_row(*map(escape, now))
    return table


def _duty_cells(attended: Attendance, zone: tzinfo) -> list[str]:
    duty, times = attended.duty, attended.times
    at_work = (Presence.FREE, Presence.RINGING, Presence.BUSY)
    return [
        f"{duty.begins.astimezone(zone):%m-%d %H:%M}–{duty.ends.astimezone(zone):%H:%M}",
        _log_in(attended, zone),
        _minutes(sum((times.get(presence, timedelta()) for presence in at_work), timedelta())),
        _minutes(attended.outbound),
        _minutes(times.get(Presence.AWAY, timedelta())),
        _minutes(times.get(Presence.AFTER_CALL, timedelta())),
        _unexplained(attended.unexplained, zone),
    ]


def _log_in(attended: Attendance, zone: tzinfo) -> str:
    at = f"{attended.at.astimezone(zone):%H:%M}" if attended.at else ""
    match attended.log_in:
        case LogIn.ON_TIME:
            return f"[green]{at}[/]"
        case LogIn.LATE:
            return f"[red]{at}, {_minutes(attended.late)} late[/]"
        case LogIn.ABSENT:
            return "[red]absent[/]"
        case other:
            return other.value


def _unexplained(spells: Sequence[Spell], zone: tzinfo) -> str:
    return "\n".join(
        f"{_state(spell)} {spell.begins.astimezone(zone):%H:%M}–{spell.ends.astimezone(zone):%H:%M}"
        for spell in spells
    )


def _agent_fields(agent: AgentOnDuty, zone: tzinfo) -> dict[str, Any]:
    last = agent.last
    return {
        "agent": agent.number,
        "state": _stands(last),
        "since": rfc3339_or_none(last.at.astimezone(zone) if last else None),
        "why": last.why if last else None,
        "duties": [_duty_fields(attended, zone) for attended in agent.attendances],
    }


def _duty_fields(attended: Attendance, zone: tzinfo) -> dict[str, Any]:
    return {
        "begins": rfc3339(attended.duty.begins.astimezone(zone)),
        "ends": rfc3339(attended.duty.ends.astimezone(zone)),
        "log_in": attended.log_in.value,
        "at": rfc3339_or_none(attended.at.astimezone(zone) if attended.at else None),
        "due": rfc3339((attended.duty.begins - BEFORE).astimezone(zone)),
        "late_seconds": attended.late.total_seconds(),
        "seconds": {
            presence.value if presence else UNKNOWN: lasted.total_seconds()
            for presence, lasted in attended.times.items()
        },
        "call_back_seconds": attended.outbound.total_seconds(),
        "unexplained": [
            {
                "state": _state(spell),
                "why": spell.why,
                "begins": rfc3339(spell.begins.astimezone(zone)),
                "ends": rfc3339(spell.ends.astimezone(zone)),
                "seconds": spell.lasted.total_seconds(),
            }
            for spell in attended.unexplained
        ],
    }


def _stands(last: Change | None) -> str:
    """What he is now, by the feed's word; one of whom the log has nothing is not there."""
    return (last.presence if last else Presence.OFFLINE).value


def _state(spell: Spell) -> str:
    return spell.presence.value if spell.presence else UNKNOWN


def _when(change: Change | None, zone: tzinfo) -> str:
    return f"{change.at.astimezone(zone):%m-%d %H:%M}" if change else "–"


def _minutes(lasted: timedelta) -> str:
    """`7:05` hours and minutes; seconds below a minute are a minute not worth telling."""
    minutes = int(lasted.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"
