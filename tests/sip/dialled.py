"""Calls that a line places, for the tests of them."""

import itertools

from drivers.line import Answered, Dial, DialFailed, FarEndRinging, LegEvent, LegReleased
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.conftest import Bench, Reports, free_port
from tests.sip.peer.callee import Callee

_names = (f"out-{number}" for number in itertools.count(1))
PASSWORD = "geheim"
"""Of the line, at its PBX."""


async def opened() -> Bench:
    """A line that knows its PBX's password."""
    listen = f"127.0.0.1:{free_port()}"
    config = SipConfig("desk", listen=listen, aor=f"sip:8801@{listen}", username="8801", password=PASSWORD)
    bench = Bench(SipLine(config), config, Reports())
    await bench.line.open(bench.reports)
    return bench


async def dial(desk: Bench, *, to: str | None = None, shown: str | None = None, user: str = "801"):
    """A telephone, and the leg by which it is being called."""
    phone = await desk.caller(kind=Callee, user=user)
    leg = next(_names)
    desk.line.execute(Dial(leg, to or phone.uri, shown))
    return phone, leg


async def answered(desk: Bench, **options) -> tuple[Callee, str]:
    phone, leg = await dial(desk, **options)
    await phone.answer()
    await desk.reports.wait(Answered, leg=leg)
    return phone, leg


def told(desk: Bench, leg: str) -> list[LegEvent]:
    return [event for event in desk.reports.events if getattr(event, "leg", None) == leg]


async def failed(desk: Bench, leg: str) -> DialFailed:
    """How the call failed; LegReleased must follow it, and nothing else have been told but that it rang."""
    await desk.reports.wait(LegReleased, leg=leg)
    *before, failure, released = told(desk, leg)
    assert isinstance(failure, DialFailed)
    assert released == LegReleased(leg)
    assert all(isinstance(event, FarEndRinging) for event in before)
    return failure


def new_leg() -> str:
    """A name that no leg has had."""
    return next(_names)
