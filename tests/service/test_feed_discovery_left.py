"""What an earlier run told Home Assistant, at a real mosquitto: what is no more goes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.feed import Feed, FeedConfig
from tests.broker import PATIENCE, Mosquitto, Watcher, watching

pytestmark = pytest.mark.service

DEVICES = "homeassistant/device/sansheng__jinan/"
LINES = (("sip1", "sip"), ("fxo1", "fxo"))


@contextlib.asynccontextmanager
async def running(mosquitto: Mosquitto, **settings: Any) -> AsyncIterator[Feed]:
    feed = Feed(
        FeedConfig(**{"site": "jinan", "url": mosquitto.url, "lines": LINES, "agents": ("801",), **settings})
    )
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        yield feed
    finally:
        await feed.stop()


def told(watcher: Watcher) -> set[str]:
    """The devices that the broker knows, by what was heard of it."""
    known = {topic: payload for topic, payload, _ in watcher.heard if topic.startswith("homeassistant/")}
    return {topic.split("/")[-2] for topic, payload in known.items() if payload}


ALL = {"gateway", "line-sip1", "line-fxo1", "agent-801"}


async def test_devices_that_the_config_has_no_more_go(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    async with running(mosquitto):
        pass
    async with watching(mosquitto.port) as (watcher, client):
        await watcher.until(lambda w: told(w) == ALL)
        other = "homeassistant/device/sansheng__qingdao/gateway/config"
        await client.publish(other, b"{}", qos=1, retain=True)
        async with running(mosquitto, lines=LINES[:1], agents=()):
            await watcher.until(lambda w: told(w) == {"gateway", "line-sip1"})
        assert not watcher.of(other)[1:], "another gateway's is not ours"


@pytest.mark.parametrize("prefix", ["", "another"])
async def test_with_no_prefix_all_go_with_another_they_stay(mosquitto: Mosquitto, prefix: str) -> None:
    """With none they are looked for where Home Assistant looks by default."""
    await mosquitto.start()
    async with running(mosquitto):
        pass
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(lambda w: told(w) == ALL)
        async with running(mosquitto, discovery_prefix=prefix):
            if not prefix:
                await watcher.until(lambda w: told(w) == set())
                return
            await watcher.until(lambda w: w.of("another/device/sansheng__jinan/gateway/config"))
    assert told(watcher) == ALL


async def test_devices_are_told_again_when_home_assistant_is_back(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, client), running(mosquitto):
        topic = f"{DEVICES}line-sip1/config"
        await watcher.until(lambda w: w.of(topic))
        await client.publish("homeassistant/status", b"online", qos=1)
        await watcher.until(lambda w: len(w.of(topic)) == 2)
