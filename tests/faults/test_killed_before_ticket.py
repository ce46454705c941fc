"""The gateway killed when a customer's call is on record and his ticket is not: the next start makes it."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.broker import PATIENCE, Mosquitto, Watcher, watching
from tests.faults.live import hangs_up
from tests.postgres import PostgreSQL
from tests.process.customers import Story, placed
from tests.process.gateway import GatewayProcess, Site, mqtt, run, sip_line, site_in
from tests.process.material import make_dialplan
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

CUSTOMER = "13600000001"


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
async def watcher(mosquitto: Mosquitto) -> AsyncIterator[Watcher]:
    async with watching(mosquitto.port) as (watcher, _):
        yield watcher


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def site(tmp_path: Path, server: PostgreSQL, mosquitto: Mosquitto, port: int) -> AsyncIterator[Site]:
    """With a hotline whose menu has kinds that call people in; its gateways end before their server."""
    async with site_in(tmp_path, tmp_path / make_dialplan(tmp_path, "tietong-keyaccount")) as site:
        records = f'[records]\nurl = "{address(server)}"'
        site.write(mqtt(mosquitto.url), sip_line("sip1", port), records)
        yield site


def address(server: PostgreSQL) -> str:
    """As people write it."""
    return server.url.replace("+psycopg", "")


@contextlib.asynccontextmanager
async def no_ticket_is_written(server: PostgreSQL) -> AsyncIterator[None]:
    """While in it: the table of tickets is another's. Every other table is not."""
    async with await psycopg.AsyncConnection.connect(address(server)) as other:
        await other.execute("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE")
        yield


async def killed(gateway: GatewayProcess) -> None:
    gateway.send(signal.SIGKILL)
    await gateway.ended()


async def all_is_on_record(site: Site, story: Story) -> None:
    """The call is closed, and the spool holds nothing any more."""
    (spool,) = (site.folder / "var" / "spool").iterdir()
    async with asyncio.timeout(2 * PATIENCE):
        while not (await site.call_of(story.number))["ended_at"] or spool.read_bytes().strip(b"\0"):  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.2)


async def tickets(site: Site) -> list[dict[str, object]]:
    code, out, err = await run("tickets", "list", "-c", str(site.config), "--json")
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


async def test_a_complaint_is_a_ticket_after_the_next_start_and_the_one_after(
    site: Site, watcher: Watcher, server: PostgreSQL, port: int
) -> None:
    gateway = await site.start()
    story = Story(watcher, CUSTOMER)
    async with no_ticket_is_written(server):
        async with placed(f"sip:8801@127.0.0.1:{port}", story.number) as customer:
            await customer.response("INVITE", 200, 20)
            customer.rtp.start_sending()
            await story.until("prompt_started", prompt="menu")
            customer.rtp.press("4")
            await story.until("alert", kind="serious_complaint")
            await hangs_up(customer, story)
        await all_is_on_record(site, story)
        await killed(gateway)
    for _ in range(2):
        gateway = await site.start()
        found = await watcher.until(lambda w: w.of("ticket/1/state"))
        assert found[-1]["kind"] == "serious_complaint"
        (ticket,) = await tickets(site)
        assert (ticket["kind"], ticket["call"]) == ("serious_complaint", story.call)
        await killed(gateway)
