"""The office: what holds over a restart of the gateway, and what is left of it when it has stopped."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from gateway.call.desk_news import AgentsExpected, DeskNews
from gateway.call.facts import CallAnswered, Notice
from gateway.call.requests import AgentWish, RequestRefused
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.desk import Presence
from gateway.desk.attendance import LogIn, attended
from gateway.desk.shifts import Duty
from gateway.feed import Feed
from gateway.feed.configured import feed_config
from gateway.office import Calls, Office
from gateway.people import AgentsOnRecord
from gateway.records.configured import records_config
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


@dataclass(frozen=True)
class _Reach:
    asked: bool
    reachable: bool


class Asking(Wire):
    """A desk line; every telephone answers it, unless it hangs or `missing` says otherwise."""

    hangs = False
    missing: frozenset[str] = frozenset()

    async def probe(self, address: str) -> _Reach:
        return _Reach(not self.hangs, not self.hangs and address not in self.missing)


def office(folder: Path, more: str = "", told: list[tuple[str, DeskNews]] | None = None) -> Office:
    config = config_of(parse_document(folder / "gateway.toml", CONFIG + more), {})
    heard = [] if told is None else told
    calls = Calls(
        lambda call, news: heard.append((call, news)),
        lambda agent, request: "",
        lambda line, order: None,
        lambda line: None,
    )
    lines = [Asking(f"desk-{n}", 4) for n in (1, 2)]
    return Office(config, records_config(config), gas_hotline, lines, calls, Feed(feed_config(config)), {})


def desk_lines(there: Office) -> list[Asking]:
    return [line for line in there._lines if isinstance(line, Asking)]


def runs(folder: Path, story: Callable[[Office], Awaitable[None]], more: str = "") -> None:
    async def whole() -> None:
        there = office(folder, more)
        await there.start()
        await story(there)
        await there.stop_call_backs()
        await there.stop()
        assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    in_virtual_time(whole())


def board(there: Office, agent: str) -> list[dict[str, str]]:
    """What the feed's broker will be given of this agent."""
    retained = there._feed._publisher._outbox._retained
    kept = [message for topic, message in retained.items() if f"/agent/{agent}/" in topic]
    return [json.loads(message.payload) for message in kept if message.payload]


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
        for line in desk_lines(there):
            line.in_service = False
        await there.start()
        assert there.desk.presence("801") is Presence.OFFLINE
        assert not there.switchboard.offered("a").staffed, "the line serves the customer by itself"
        desk_lines(there)[1].is_back()
        await asyncio.sleep(4)
        assert there.desk.presence("801") is Presence.FREE
        await there.stop()
        assert all(line.closed for line in desk_lines(there))

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


@pytest.mark.parametrize("log_in", ["reachable", "command"])
def test_who_never_turns_up_is_absent_though_nothing_changed(tmp_path: Path, log_in: str) -> None:
    """JH-20: what everybody is at the start stands in the log and in the feed, be it what he was before."""
    more = f'[desk]\nlog_in = "{log_in}"\n'
    begins: list[datetime] = []

    async def whole() -> None:
        there = office(tmp_path, more)
        for line in desk_lines(there):
            line.missing = frozenset({"sip:802@127.0.0.1"})
        await there.start()
        begins.append(there._now())
        why = "unreachable" if log_in == "reachable" else "log_out"
        assert [(state["state"], state["why"]) for state in board(there, "802")] == [("offline", why)]
        await asyncio.sleep(1)
        await there.stop()

    in_virtual_time(whole())
    in_virtual_time(whole())
    config = records_config(config_of(parse_document(tmp_path / "gateway.toml", CONFIG + more), {}))
    with AgentsOnRecord(config) as on_record:
        log = on_record.changes()["802"]
    at_work = timedelta(hours=8)
    for began in begins:
        duty = Duty(began + timedelta(minutes=10), began + at_work)
        assert attended(duty, log, began + timedelta(minutes=10)).log_in is LogIn.ABSENT
    assert len(log) == 4, "of each run its begin and its end"


def test_what_the_desks_own_lines_suffer_sends_nobody_away_who_waits(tmp_path: Path) -> None:
    told: list[tuple[str, DeskNews]] = []

    async def whole() -> None:
        there = office(tmp_path, told=told)
        await there.start()
        first, second = desk_lines(there)
        for call in ("a", "b", "c"):
            there.switchboard.offered(call)
            there.switchboard.receive(Notice(there._now(), "sip1", call, CallAnswered(2, 5.0)))
        for line in (first, second):
            for leg in list(line.up.values()):
                line.answers(leg)
        assert there.desk.waiting() == ("c",)
        first.hangs = True
        await asyncio.sleep(60)
        assert there.desk.at_work("801"), "the other line asks"
        second.hangs = True
        await asyncio.sleep(10)
        first.dies()
        second.dies()
        await asyncio.sleep(1)
        assert there.desk.at_work("801"), "nobody could be asked"
        for line in (first, second):
            line.is_back()
            line.hangs = False
        await asyncio.sleep(10)
        assert there.desk.at_work("801")
        assert AgentsExpected(False) not in [news for _, news in told]
        for line in (first, second):
            line.missing = frozenset({"sip:801@127.0.0.1", "sip:802@127.0.0.1"})
        await asyncio.sleep(40)
        assert not there.desk.at_work("801")
        assert told[-1] == ("c", AgentsExpected(False)), "there is indeed nobody"
        await there.stop()

    in_virtual_time(whole())


MORE_AGENTS = CONFIG.replace('number = "803"', 'number = "804"\nextension = "sip:804@127.0.0.1"').replace(
    "sip:802@127.0.0.1", "sip:9802@127.0.0.1"
)


def renewed(there: Office, folder: Path, text: str) -> None:
    config = config_of(parse_document(folder / "gateway.toml", text), {})
    there.renew(config, gas_hotline, {})


def test_an_agent_named_in_a_new_config_is_at_work_and_one_with_another_telephone_is_asked_there(
    tmp_path: Path,
) -> None:
    async def story(there: Office) -> None:
        for line in desk_lines(there):
            line.missing = frozenset({"sip:9802@127.0.0.1"})
        renewed(there, tmp_path, MORE_AGENTS)
        assert board(there, "804")[-1]["state"] == "offline"
        assert board(there, "803") == [], "he was greeted as, never rung, and is no more"
        await asyncio.sleep(1)
        assert there.desk.presence("804") is Presence.FREE
        assert board(there, "804")[-1]["state"] == "free"
        assert there.desk.presence("802") is Presence.OFFLINE, "his new telephone does not answer"
        assert there.tickets.config.agents == ("801", "802", "804")

    runs(tmp_path, story)


def test_an_agent_who_is_named_no_more_is_greeted_as_and_shown_no_more(tmp_path: Path) -> None:
    async def story(there: Office) -> None:
        renewed(
            there, tmp_path, CONFIG.replace('[[agents]]\nnumber = "801"\nextension = "sip:801@127.0.0.1"\n', "")
        )
        greeted = {there.reception.receive_call("sip1", there._now())[1].agent for _ in range(3)}
        assert greeted == {"802"}
        assert board(there, "801") == []
        with pytest.raises(RequestRefused, match="no agent any more"):
            there.wish("801", AgentWish("log_in"))
        await asyncio.sleep(60)
        assert there.desk.presence("801") is Presence.OFFLINE, "nobody asks his telephone any more"
        renewed(there, tmp_path, CONFIG)
        await asyncio.sleep(1)
        assert there.desk.presence("801") is Presence.FREE
        assert board(there, "801")[-1]["state"] == "free"

    runs(tmp_path, story)
