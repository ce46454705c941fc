"""The wall clock is set in mid-call, an hour on and two back; the monotonic clock goes on."""

import asyncio
import struct
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.broker import Mosquitto, tool, watching
from tests.faults.live import hangs_up, live_call, on_record, presses, undisturbed
from tests.process.customers import A_CALL
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.lines import line_events
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

SOURCE = Path(__file__).with_name("wall_clock.c")
HOUR = 3600
LONGER = 30.0
"""Seconds that a call of this test may seem to last beyond what it does."""


class WallClock:
    """The gateway's, and its softphones'."""

    def __init__(self, site: Site) -> None:
        library = site.folder / "wall_clock.so"
        subprocess.run([tool("cc", "gcc libc6-dev"), "-shared", "-fPIC", "-O2", "-o", library, SOURCE], check=True)
        self._file = site.folder / "ahead"
        self._file.write_bytes(bytes(4))
        site.within = ("env", f"LD_PRELOAD={library}", f"WALL_CLOCK={self._file}")

    def set(self, to: int | datetime) -> None:
        """So many seconds from the right time, or to that time, at once."""
        ahead = to if isinstance(to, int) else round((to - datetime.now(UTC)).total_seconds())
        with self._file.open("r+b") as file:
            file.write(struct.pack("=i", ahead))


def times(record: dict[str, Any]) -> list[datetime]:
    """When what was said in a call began, in order, between its offer and its end."""
    said = [prompt["started_at"] for prompt in record["prompts"]]
    return [datetime.fromisoformat(at) for at in (record["offered_at"], *said, record["ended_at"])]


async def test_a_clock_set_on_and_back_in_a_call(site: Site, mosquitto: Mosquitto) -> None:
    clock, port = WallClock(site), free_port()
    target = f"sip:8801@127.0.0.1:{port}"
    site.write(mqtt(mosquitto.url), sip_line("sip1", port))
    loop = asyncio.get_running_loop()
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        worker = gateway.workers()
        begin = loop.time()
        async with live_call(watcher, target) as (customer, story):
            async with undisturbed(customer):
                clock.set(HOUR)
                await presses(customer, story, "1")
                async with live_call(watcher, target, silent=True) as (silent, ladder):
                    clock.set(-HOUR)
                    await presses(customer, story, "2")
                    await silent.incoming("BYE", A_CALL)
                    await ladder.until("released", by="standard")
            await hangs_up(customer, story)
        lasted = loop.time() - begin
        assert gateway.workers() == worker
        assert line_events(watcher, "sip1", "line_fault") == []
        told = [event["seq"] for event in watcher.of("line/sip1/event")]
        assert told == sorted(told), "in the order of what happened"
    records = [await on_record(site, one) for one in (story, ladder)]
    for record in records:
        assert all(before <= after for before, after in pairwise(times(record)))
        assert times(record)[-1] - times(record)[0] < timedelta(seconds=lasted + LONGER)
    first, second = (times(record)[0] for record in records)
    assert second - first > timedelta(minutes=59), "the clock was set"
    kpi = watcher.of("kpi")[-1]
    assert (kpi["offered"], kpi["answered"]) in {(2, 2), (1, 1)}, "one of a day that is another by that clock"
