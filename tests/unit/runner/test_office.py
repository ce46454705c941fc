"""The office: what holds over a restart of the gateway, and what is left of it when it has stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from gateway.app import feed_config, records_config
from gateway.call.requests import AgentWish
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.desk import Presence
from gateway.feed import Feed
from gateway.office import Calls, Office
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.floor import Wire, gas_hotline

pytestmark = pytest.mark.unit

CONFIG = """\
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
[[agents]]
number = "801"
extension = "sip:801@127.0.0.1"
[[agents]]
number = "802"
extension = "sip:802@127.0.0.1"
[[agents]]
number = "803"
"""


class _There:
    reachable = True


class Asking(Wire):
    """A desk line; every telephone answers it."""

    async def probe(self, address: str) -> _There:
        return _There()


def office(folder: Path, more: str = "") -> Office:
    config = config_of(parse_document(folder / "gateway.toml", CONFIG + more), {})
    calls = Calls(lambda call, news: None, lambda agent, request: "", lambda line, order: None)
    line = Asking("desk-1", 4)
    return Office(config, records_config(config), gas_hotline, [line], calls, Feed(feed_config(config)), {})


def runs(folder: Path, story: Callable[[Office], Awaitable[None]], more: str = "") -> None:
    async def whole() -> None:
        there = office(folder, more)
        await there.start()
        await story(there)
        await there.stop_call_backs()
        await there.stop()
        assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    in_virtual_time(whole())


async def wishes(there: Office, **wished: str) -> None:
    for agent, wish in wished.items():
        there.wish(agent.removeprefix("a"), AgentWish(wish))


async def stand(there: Office, *, a801: Presence, a802: Presence) -> None:
    assert {agent: there.desk.presence(agent) for agent in ("801", "802")} == {"801": a801, "802": a802}


def test_who_logged_out_or_went_away_is_so_after_a_restart(tmp_path: Path) -> None:
    runs(tmp_path, partial(stand, a801=Presence.FREE, a802=Presence.FREE))
    runs(tmp_path, partial(wishes, a801="log_out", a802="away"))
    for _ in range(2):
        runs(tmp_path, partial(stand, a801=Presence.OFFLINE, a802=Presence.AWAY))
    runs(tmp_path, partial(wishes, a801="log_in", a802="back"))
    runs(tmp_path, partial(stand, a801=Presence.FREE, a802=Presence.FREE))


def test_who_logged_in_by_command_is_so_after_a_restart(tmp_path: Path) -> None:
    more = '[desk]\nlog_in = "command"\n'
    runs(tmp_path, partial(stand, a801=Presence.OFFLINE, a802=Presence.OFFLINE), more)
    runs(tmp_path, partial(wishes, a801="log_in"), more)
    runs(tmp_path, partial(stand, a801=Presence.FREE, a802=Presence.OFFLINE), more)


def test_a_line_that_cannot_bind_leaves_nobody_at_work_and_the_gateway_starts(tmp_path: Path) -> None:
    async def whole() -> None:
        there = office(tmp_path)
        (line,) = there._lines
        assert isinstance(line, Asking)
        line.in_service = False
        await there.start()
        assert there.desk.presence("801") is Presence.OFFLINE
        assert not there.switchboard.offered("a").staffed, "the line serves the customer by itself"
        line.is_back()
        await asyncio.sleep(4)
        assert there.desk.presence("801") is Presence.FREE
        await there.stop()
        assert line.closed

    in_virtual_time(whole())


def test_an_agent_without_extension_is_unknown_to_the_desk_and_greets_where_nobody_is_at_work(
    tmp_path: Path,
) -> None:
    async def story(there: Office) -> None:
        greeted = {there.reception.receive_call("sip1", there._now())[1].agent for _ in range(2)}
        assert greeted == {"801", "802"}, "whose telephone can be rung is greeted"
        for agent in ("801", "802"):
            there.wish(agent, AgentWish("log_out"))
        greeted = {there.reception.receive_call("sip1", there._now())[1].agent for _ in range(3)}
        assert "803" in greeted

    runs(tmp_path, story)
