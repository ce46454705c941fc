"""The database is overwritten while the gateway runs: it is set aside and told, and calls go on being recorded."""

import random
from pathlib import Path

import pytest

from tests.broker import Mosquitto, watching
from tests.process.customers import Story, hangs_up_in_the_greeting, placed
from tests.process.gateway import Site, mqtt, sip_line
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

BEFORE, AFTER = "13800000001", "13800000002"


async def test_calls_go_on_and_people_are_told(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    site.write(mqtt(mosquitto.url), sip_line("sip1", port))
    gateway = await site.start()
    file = site.folder / "var" / "calls.db"
    async with watching(mosquitto.port) as (watcher, _):
        for number in (BEFORE, AFTER):
            story = Story(watcher, number)
            async with placed(f"sip:8801@127.0.0.1:{port}", number) as customer:
                await hangs_up_in_the_greeting(customer, story)
                await story.until("released", by="customer")
            if number == BEFORE:
                await site.call_of(BEFORE)  # it is on the disk, with what is to be spoiled
                spoiled = spoil(file)
        await watcher.until(lambda w: any(alert["code"] == "database_corrupt" for alert in w.of("alert")))
    await gateway.logged("ERROR.*database: .*calls.db was corrupt .*; it is kept as calls.db.corrupt-")
    await gateway.logged("WARNING.*records: .*calls.db can be written again")
    await gateway.stop()
    assert (await site.call_of(AFTER))["released_by"] == "customer"
    (kept,) = (one for one in file.parent.iterdir() if one.name.endswith("Z"))
    assert kept.read_bytes() == spoiled


def spoil(file: Path) -> bytes:
    """What a broken disk gives back, in the database as in the log beside it."""
    noise = random.Random(1)
    for one in (file, file.with_name("calls.db-wal")):
        one.write_bytes(noise.randbytes(one.stat().st_size))
    return file.read_bytes()
