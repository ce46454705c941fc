"""The five hotlines as they ship: their dialplans, compiled with recordings at the standard's pace."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.call.facts import Dialled
from gateway.call.plan import Plan
from gateway.dialplan import Call, Dialplan, Recording, Segment, compile_plan, load_dialplan
from gateway.dialplan.phrases import segments_of
from tests.scenarios.story import Story

SHANGHAI = ZoneInfo("Asia/Shanghai")
PER_CHARACTER = 0.5
"""Seconds: 120 characters a minute (JH-15)."""
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=SHANGHAI)
"""A day on which nothing is celebrated."""


def gas(agent: str = "801", at: datetime = WEDNESDAY, *, trainee: bool = False, overflow: bool = False) -> Story:
    """A call to the Jihua Gas hotline."""
    return ring_up("jihua-gas", agent, at, trainee=trainee, overflow=overflow)


def water(agent: str = "801", at: datetime = WEDNESDAY) -> Story:
    """A call to the 96018 water delivery hotline."""
    return ring_up("runfa-water", agent, at)


def tax(agent: str = "801", at: datetime = WEDNESDAY, *, overflow: bool = False) -> Story:
    """A call to the Jinsui tax-control hotline."""
    return ring_up("jinsui-tax", agent, at, overflow=overflow)


def desk(**parameters: str) -> Story:
    """A call to a service desk whose site has set these parameters."""
    return ring_up(load_dialplan("service-desk", parameters=parameters))


def key_account(at: datetime = WEDNESDAY, **parameters: str) -> Story:
    """A call to the key-account hotline whose site has set these parameters."""
    return ring_up(load_dialplan("tietong-keyaccount", parameters=parameters), at=at)


def called_back(dialplan: str = "jihua-gas", agent: str = "801", at: datetime = WEDNESDAY) -> Story:
    """A customer of the hotline whom it calls back."""
    plan = plan_of(dialplan, Call(agent, at=at, recording="calls/call.wav"))
    return Story(plan, outgoing=Dialled(7, "13812345678"))


def ring_up(
    dialplan: str | Path | Dialplan,
    agent: str = "801",
    at: datetime = WEDNESDAY,
    *,
    trainee: bool = False,
    overflow: bool = False,
) -> Story:
    """A call that is offered at `at`, anywhere on earth, to a site in Shanghai."""
    local = at.astimezone(SHANGHAI)
    call = Call(agent, trainee=trainee, overflow=overflow, at=local, recording="calls/call.wav")
    return Story(plan_of(dialplan, call))


def plan_of(dialplan: str | Path | Dialplan, call: Call) -> Plan:
    """A shipped dialplan by name, one by its folder, or one that was loaded, for one call."""
    loaded = dialplan if isinstance(dialplan, Dialplan) else shipped(dialplan)
    recordings = {segment: spoken(segment) for segment in segments_of(loaded)}
    return compile_plan(loaded, recordings, call)


def spoken(segment: Segment) -> Recording:
    """A recording that nobody made, as long as a person takes to say it."""
    characters = sum(character.isalnum() for character in segment.spoken)
    return Recording(f"{segment.key}.wav", characters * PER_CHARACTER)


@cache
def shipped(dialplan: str | Path) -> Dialplan:
    """The dialplan, read once."""
    return load_dialplan(dialplan)
