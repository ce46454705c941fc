"""A second gateway is started with the same site and database by mistake while the first calls a customer back: he
is reached, and the agents of the first are at work."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.process.desk_scene import Telephone, desk_scene_in
from tests.process.gateway import Site, sip_line, site_in
from tests.process.material import make_dialplan
from tests.process.test_desk_waits import Floor, wants_a_call
from tests.sip.conftest import free_port

pytestmark = pytest.mark.sip

CUSTOMER = "13800000002"


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    folder = tmp_path / "first"
    folder.mkdir()
    async with contextlib.AsyncExitStack() as stack:
        outside = await Telephone.open("sip:x@127.0.0.1:9", user="outside")
        stack.callback(outside.close)
        address = f"sip:{{number}}@127.0.0.1:{outside.port}"
        back = f'[call_backs]\nline = "sip1"\naddress = "{address}"\nhours = "00:00-24:00"'
        dialplan = folder / make_dialplan(folder)
        lines = {"lines": ("sip1", "sip2"), "desk": "ring_seconds = 35.0"}
        yield Floor(await stack.enter_async_context(desk_scene_in(folder, dialplan, back, **lines)), outside)


@pytest.fixture
async def second(tmp_path: Path, floor: Floor) -> AsyncIterator[Site]:
    """Not started."""
    folder = tmp_path / "second"
    folder.mkdir()
    async with site_in(folder, folder / make_dialplan(folder)) as site:
        records = f'[records]\nurl = "sqlite:///{database(floor)}"'
        site.write(sip_line("sip1", free_port()), records)
        yield site


def database(floor: Floor) -> Path:
    return floor.scene.site.folder / "var" / "calls.db"


def stopped(floor: Floor) -> list[str]:
    """Agents of whom the log says that nobody watches them any more."""
    with contextlib.closing(sqlite3.connect(database(floor))) as connection:
        query = "SELECT agent FROM agent_log WHERE why = 'gateway_stopped'"
        return [agent for (agent,) in connection.execute(query)]


async def test_the_customer_is_reached_and_the_agents_are_there(floor: Floor, second: Site) -> None:
    _, owner = await wants_a_call(floor, CUSTOMER)
    phone = await floor.rung_to_call(CUSTOMER)
    assert (await floor.ticket(CUSTOMER))["call_back"] == "calling"
    other = await second.start()
    assert other.lines("another gateway writes into")
    assert (await floor.ticket(CUSTOMER))["call_back"] == "calling"
    assert stopped(floor) == []
    phone.rtp.start_sending()
    phone.pick_up()
    await floor.rung_outside(CUSTOMER)
    floor.outside.reply(180)
    floor.outside.pick_up()
    await floor.outside.has_come("ACK")
    await floor.scene.watcher.until(lambda w: [t for t in w.of("ticket/1/state") if t["call_back"] == "reached"])
    ticket = await floor.ticket(CUSTOMER)
    assert (ticket["call_back"], ticket["attempts"], ticket["owner"]) == ("reached", 0, owner)
    floor.outside.bye()
    await phone.has_come("BYE")
