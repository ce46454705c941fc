"""The records' database away while customers are on the line: served in time, and all on record later."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.broker import Mosquitto, Watcher, watching
from tests.faults.live import alert, hangs_up, live_call, on_record, presses, undisturbed
from tests.postgres import PostgreSQL
from tests.process.customers import Story, is_silent, placed
from tests.process.gateway import GatewayProcess, Site, mqtt, sip_line
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

BEGINS_IN_IT, STAYS = "13600000001", "13600000002"


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
async def watcher(mosquitto: Mosquitto) -> AsyncIterator[Watcher]:
    async with watching(mosquitto.port) as (watcher, _):
        yield watcher


async def away_in_two_calls(watcher: Watcher, target: str, gateway: GatewayProcess, *, down, up) -> list[Story]:
    """One call is there before, and goes on after; another begins and ends while the database is away."""
    async with live_call(watcher, target) as (customer, story):
        async with undisturbed(customer):
            await asyncio.to_thread(down)
            await presses(customer, story, "1")
            silent = Story(watcher, BEGINS_IN_IT)
            async with placed(target, BEGINS_IN_IT) as other:
                await is_silent(other, silent)
            await silent.until("released", by="standard")
            await alert(watcher, "records_unwritten", raised=True)
            await asyncio.to_thread(up)
            await alert(watcher, "records_unwritten", raised=False)
        await hangs_up(customer, story)
    return [story, silent]


async def test_postgresql_stopped_and_started(
    site: Site, mosquitto: Mosquitto, watcher: Watcher, server: PostgreSQL
) -> None:
    port = free_port()
    url = server.url.replace("+psycopg", "")
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), f'[records]\nurl = "{url}"')
    gateway = await site.start()
    stories = await away_in_two_calls(
        watcher, f"sip:8801@127.0.0.1:{port}", gateway, down=server.down, up=server.up
    )
    for story in stories:
        await on_record(site, story)


async def test_sqlite_locked(site: Site, mosquitto: Mosquitto, watcher: Watcher) -> None:
    port = free_port()
    site.write(mqtt(mosquitto.url), sip_line("sip1", port))
    gateway = await site.start()
    blocker = sqlite3.connect(site.folder / "var" / "calls.db", isolation_level=None, check_same_thread=False)
    stories = await away_in_two_calls(
        watcher,
        f"sip:8801@127.0.0.1:{port}",
        gateway,
        down=lambda: blocker.execute("BEGIN IMMEDIATE"),
        up=lambda: blocker.execute("ROLLBACK"),
    )
    blocker.close()
    for story in stories:
        await on_record(site, story)
