"""A fault while the day is turned is logged, costs neither the next day nor `offline`, and no record."""

import asyncio
from datetime import datetime, timedelta

import pytest

from gateway.feed import Feed, FeedConfig, feed
from tests.broker import PATIENCE
from tests.service.scripted_broker import ScriptedBroker
from tests.service.told import MORNING

pytestmark = pytest.mark.service


async def test_a_fault_at_the_turn_of_a_day_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(feed, "LOOK_AGAIN", 0.01)
    today, broken = MORNING, False

    def now() -> datetime:
        if broken:
            raise OSError("no clock")
        return today

    async with ScriptedBroker().serving() as broker:
        shown = Feed(FeedConfig(site="jinan", url=broker.url, protocol="3.1.1"), now=now)
        broken = True
        await shown.start()
        await asyncio.sleep(0)
        assert "no clock" in caplog.text
        broken, today = False, MORNING + timedelta(days=1)
        async with asyncio.timeout(PATIENCE):
            await shown.online.wait()
        await broker.until(
            lambda heard: any(topic.endswith("/kpi") and b'"2026-02-19"' in payload for topic, payload in heard)
        )
        await shown.stop()
    assert broker.heard[-1] == ("sansheng/jinan/status", b"offline")
