"""The feed tells a line's state once for all that happens in one moment, after the events of it."""

import asyncio
import json
from typing import Any

import pytest

from drivers.line import FaultCode, LineFault, LineRestored
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig
from gateway.feed.board import Board
from gateway.feed.encoding import Message
from tests.service.told import MORNING, Told

pytestmark = pytest.mark.unit


class Heard:
    """A feed with one line in service, and what it tells of that from then on."""

    def __init__(self) -> None:
        self.feed = Feed(FeedConfig(site="jinan", lines=(("sip1", "sip"),)), lambda: MORNING)
        self.feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        self.feed.flush()
        self.told: list[tuple[str, Any]] = []
        self.feed.watch(self._take)

    def _take(self, message: Message) -> None:
        topic = message.topic.removeprefix("sansheng/jinan/")
        if topic in ("line/sip1/event", "line/sip1/state"):
            self.told.append((topic, json.loads(message.payload)))

    @property
    def topics(self) -> list[str]:
        return [topic for topic, _ in self.told]


async def test_the_state_comes_once_after_the_events_of_the_moment() -> None:
    heard = Heard()
    for notice in Told().rings(2).answered().notices:
        heard.feed.receive(notice)
    assert set(heard.topics) == {"line/sip1/event"}
    await asyncio.sleep(0)
    (*events, (topic, state)) = heard.told
    assert (topic, state["state"]) == ("line/sip1/state", "greeting")
    assert state["seq"] == events[-1][1]["seq"] == len(events) + 1, "the first was that it is in service"
    await asyncio.sleep(0)
    assert heard.topics.count("line/sip1/state") == 1


async def test_a_line_is_never_shown_without_the_alert_that_explains_it() -> None:
    heard = Heard()
    heard.feed.receive(Notice(MORNING, "sip1", None, LineFault(FaultCode.WORKER_DIED, "killed")))
    await asyncio.sleep(0)
    heard.feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
    await asyncio.sleep(0)
    states = [payload for topic, payload in heard.told if topic == "line/sip1/state"]
    assert [(state["state"], state["alerts"]) for state in states] == [("offline", ["worker_died"]), ("idle", [])]


async def test_what_is_told_last_before_the_stop_is_shown() -> None:
    heard = Heard()
    heard.feed.receive(Told().rings(2).notices[0])
    await heard.feed.stop()
    assert heard.topics[-1] == "line/sip1/state"


async def test_a_state_that_cannot_be_made_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: Board) -> list[Message]:
        raise RuntimeError("broken board")

    heard, told = Heard(), Told().rings(2).notices
    with monkeypatch.context() as patch:
        patch.setattr(Board, "changes", breaks)
        heard.feed.receive(told[0])
        await asyncio.sleep(0)
    assert "states of lines were not published" in caplog.text
    heard.feed.receive(told[1])
    await asyncio.sleep(0)
    assert heard.topics[-1] == "line/sip1/state"
