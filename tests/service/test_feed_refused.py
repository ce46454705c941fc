"""A broker that does not let the gateway publish all: it is told once, and that it is over."""

import asyncio
import logging
from pathlib import Path

import pytest

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig, troubles
from gateway.feed.encoding import Message
from tests.broker import PATIENCE, Mosquitto
from tests.service.told import MORNING

pytestmark = pytest.mark.service

ALERT = "sansheng/jinan/alert/publishing_refused"


async def test_what_the_broker_refuses_is_told_and_that_it_does_no_more(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(troubles, "TOGETHER", 0.1)
    caplog.set_level(logging.ERROR, troubles.__name__)
    allowed = tmp_path / "acl"
    allowed.write_text("topic readwrite #\ntopic deny sansheng/+/line/#\n")
    mosquitto.settings += [f"acl_file {allowed}"]
    await mosquitto.start()
    feed = Feed(FeedConfig(site="jinan", url=mosquitto.url, lines=(("sip1", "sip"),)), now=lambda: MORNING)
    heard: asyncio.Queue[Message] = asyncio.Queue()
    feed.watch(heard.put_nowait)
    await feed.start()
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
        while (message := await heard.get()).topic != ALERT:
            pass
        assert b"sansheng/jinan/line/+/state (not authorized)" in message.payload
        for _ in range(3):
            feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        mosquitto.kill()
        allowed.write_text("topic readwrite #\n")
        await mosquitto.start()
        while (message := await heard.get()).topic != ALERT or message.payload:
            if message.topic.endswith("heartbeat"):
                feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
    await feed.stop()
    said = [record.getMessage() for record in caplog.records]
    assert sum("line/+/state" in words for words in said) <= 2, said
