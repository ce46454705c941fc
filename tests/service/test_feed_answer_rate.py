"""The alarm of the answer rate (JH-21) as a real mosquitto has it, after a restart."""

import asyncio
from datetime import datetime, timedelta

import pytest

from gateway.feed import Feed, FeedConfig
from tests.broker import Mosquitto, watching
from tests.service.told import MORNING, given_up, record_of, talker

pytestmark = pytest.mark.service


async def test_the_answer_rate_rings_by_what_is_on_record_and_stops_when_its_calls_are_an_hour_old(
    mosquitto: Mosquitto,
) -> None:
    await mosquitto.start()
    began, config = (
        asyncio.get_running_loop().time(),
        FeedConfig(site="jinan", url=mosquitto.url, lines=(("sip1", "sip"),)),
    )

    def now() -> datetime:
        """59 minutes and 59 seconds after the call."""
        return MORNING + timedelta(seconds=3599 + asyncio.get_running_loop().time() - began)

    feed = Feed(config, now=now)
    feed.seed([record_of(given_up())])
    day, hour = "alert/answer_rate_day", "alert/answer_rate_hour"
    async with watching(mosquitto.port) as (watcher, _):
        await feed.start()
        await watcher.until(lambda w: w.of(hour)[-1:] == [""] and w.of(day) and len(w.of("alert")) == 4)
        told = [(one["event"], one["code"], one["line"]) for one in watcher.of("alert")]
        assert told == [
            ("trouble", "answer_rate_day", None),
            ("trouble", "answer_rate_hour", None),
            ("trouble", "answer_rate_day", "sip1"),
            ("trouble_over", "answer_rate_hour", None),
        ]
        (lasting,) = watcher.of(day)
        assert lasting["detail"] == "answer rate today: 0 of 1 calls answered, 0.00%, goal 98% (JH-21)"
        (of_the_line,) = watcher.of(f"line/sip1/{day}")
        assert of_the_line["line"] == "sip1"
        assert watcher.of("kpi")[-1]["last_hour"]["offered"] == 0
        for notice in talker().notices:
            feed.receive(notice)
        await watcher.until(lambda w: w.of("kpi")[-1]["answer_rate"] == 0.5)
    await feed.stop()
