"""Summer time ends, and a month does, while customers are on the line: no call is an hour longer, shorter or
earlier than it was, none is counted twice, and each is kept under the day on which it was offered."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import hangs_up, live_call, on_record
from tests.faults.test_clock_jumps import WallClock, times
from tests.process.customers import A_CALL
from tests.process.gateway import Site, mqtt, run, sip_line
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

LONGEST = timedelta(seconds=60)
"""What a silent customer's call lasts at most: some 11 s, and what a busy machine adds."""
BEFORE = timedelta(seconds=3)


@dataclass(frozen=True)
class Turn:
    """A moment at which local times are no more what they were."""

    at: datetime
    offsets: tuple[str, str]
    """Before and after it."""
    days: tuple[str, str]
    hours: tuple[dict[str, int], dict[str, int]]
    """Calls by the hour of the day that the report of the month of each of the two calls shows."""

    @property
    def months(self) -> tuple[str, str]:
        return self.days[0][:7], self.days[1][:7]


SUMMER_ENDS = Turn(
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    ("+02:00", "+01:00"),
    ("2026-10-25", "2026-10-25"),
    ({"02": 2}, {"02": 2}),
)
SUMMER_BEGINS = Turn(
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    ("+01:00", "+02:00"),
    ("2026-03-29", "2026-03-29"),
    ({"01": 1, "03": 1}, {"01": 1, "03": 1}),
)
MONTH_ENDS = Turn(
    datetime(2026, 10, 31, 23, tzinfo=UTC),
    ("+01:00", "+01:00"),
    ("2026-10-31", "2026-11-01"),
    ({"23": 1}, {"00": 1}),
)


async def by_hour(site: Site, month: str) -> dict[str, int]:
    """Calls offered, by hour, as the month's report has them."""
    code, out, err = await run("report", "-c", str(site.config), "--month", month, "--json")
    assert code == 0, err
    return {hour: figures["offered"] for hour, figures in json.loads(out)["by"]["hour"].items()}


def kept_under(record: dict[str, Any]) -> str:
    """The day's folder that holds its recording."""
    recording = Path(record["recording"])
    assert recording.is_file()
    return recording.parent.name


@pytest.mark.parametrize(
    "turn", [SUMMER_ENDS, SUMMER_BEGINS, MONTH_ENDS], ids=["summer ends", "summer begins", "month ends"]
)
async def test_local_time_turns_in_a_call(site: Site, mosquitto: Mosquitto, turn: Turn) -> None:
    clock, port = WallClock(site), free_port()
    target = f"sip:8801@127.0.0.1:{port}"
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), timezone="Europe/Berlin")
    clock.set(turn.at - timedelta(minutes=1))
    async with watching(mosquitto.port) as (watcher, _):
        await site.start()
        clock.set(turn.at - BEFORE)
        async with live_call(watcher, target, silent=True) as (silent, over_it):
            await silent.incoming("BYE", A_CALL)
            await over_it.until("released", by="standard")
        async with live_call(watcher, target) as (customer, after_it):
            await hangs_up(customer, after_it)
        records = [await on_record(site, one) for one in (over_it, after_it)]
        kpi = watcher.of("kpi")[-1]
    assert [record["offered_at"][-6:] for record in records] == list(turn.offsets)
    for record in records:
        told = times(record)
        assert all(before <= after for before, after in pairwise(told))
        assert told[-1] - told[0] < LONGEST
    assert timedelta() < times(records[1])[0] - times(records[0])[-1] < LONGEST
    assert [kept_under(record) for record in records] == list(turn.days)
    assert [await by_hour(site, month) for month in turn.months] == list(turn.hours)
    assert {hour["hour"]: hour["offered"] for hour in kpi["by_hour"]} == turn.hours[1]
    assert (kpi["date"], kpi["last_hour"]["offered"]) == (turn.days[1], 2)
