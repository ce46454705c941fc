"""Payloads of megabytes and a request that takes long: neither costs memory, and all else is taken in."""

import asyncio
import json
import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.feed import Feed, FeedConfig
from tests.broker import PATIENCE, Mosquitto, watching
from tests.service.told import MORNING

pytestmark = pytest.mark.service

LARGE = b"x" * 1_000_000
MANY = 60


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
async def test_a_slow_request_and_large_payloads_hold_nothing_up_and_cost_no_memory(
    mosquitto: Mosquitto, protocol: Any
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(_: Mapping[str, Any]) -> dict[str, str]:
        begun.set()
        await go.wait()
        return {"number": "138****5678"}

    await mosquitto.start()
    config = FeedConfig(site="jinan", url=mosquitto.url, protocol=protocol, username="gateway")
    feed = Feed(config, now=lambda: MORNING, commands={"clear_number": slow})
    await feed.start()
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
    async with watching(mosquitto.port, "sansheng/jinan/status") as (watcher, client):
        await client.subscribe("sansheng/jinan/command/result", qos=1)
        await client.publish("sansheng/jinan/command", json.dumps({"id": "slow", "do": "clear_number"}), qos=1)
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        tracemalloc.start()
        for number in range(MANY):
            # More with QoS 1 than a broker has under way at a time (20): each is acknowledged.
            await client.publish("sansheng/jinan/command", LARGE, qos=number % 2)
        before = len(watcher.of("status"))
        await client.publish("sansheng/jinan/status", "offline", qos=1, retain=True)
        await watcher.until(lambda w: w.of("status")[before:] == ["offline", "online"])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MANY * len(LARGE) / 4
        assert not [answer for answer in watcher.of("command/result") if answer.get("ok")]
        go.set()
        await watcher.until(lambda w: [a for a in w.of("command/result") if a["id"] == "slow" and a["ok"]])
    await feed.stop()
