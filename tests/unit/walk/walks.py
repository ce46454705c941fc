"""Calls by the shipped dialplans, each recording as long as its characters make it at 120 a minute."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from gateway.call.facts import CallFact
from gateway.call.plan import Plan
from gateway.config.places import shipped_dialplans
from gateway.dialplan import Call, compile_plan, load_dialplan
from gateway.walk import AgentScript, LineKind, Script, Signalling, Walk, walk
from gateway.walk.reckoned import Reckoned

DIALPLANS = shipped_dialplans()
WORKDAY = "2026-11-18 10:00:00"
"""A Wednesday without a holiday."""

shipped = cache(load_dialplan)


def moment(at: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))


def plan_of(
    name: str,
    at: str = WORKDAY,
    *,
    trainee: bool = False,
    overflow: bool = False,
    on_ring: int | None = None,
) -> Plan:
    dialplan = shipped(name)
    call = Call(
        "801", trainee=trainee, overflow=overflow, at=moment(at), on_ring=on_ring, recording="calls/walk.wav"
    )
    return compile_plan(dialplan, Reckoned(120), call)


def walked(
    name: str,
    line: LineKind = LineKind.TALKING,
    at: str = WORKDAY,
    *,
    keys: Iterable[str] = (),
    wait: float | None = None,
    phrases: Iterable[str] = (),
    stays: bool = False,
    trainee: bool = False,
    overflow: bool = False,
    signalling: Signalling | None = None,
    answers: float | None = None,
) -> Walk:
    agent = None if answers is None else AgentScript("801", answers)
    script = Script.of(line, keys=tuple(keys), wait=wait, phrases=tuple(phrases), stays=stays, agent=agent)
    plan = plan_of(name, at, trainee=trainee, overflow=overflow)
    return walk(plan, script, moment(at), signalling or Signalling.sip())


def happened(call: Walk, kind: type[CallFact]) -> list[tuple[float, CallFact]]:
    """When facts of a kind came, and which."""
    return [(moment.seconds, moment.fact) for moment in call.moments if isinstance(moment.fact, kind)]


def times(call: Walk, key: str) -> list[float]:
    """When a prompt began."""
    return [seconds for seconds, said in call.begun() if said == key]
