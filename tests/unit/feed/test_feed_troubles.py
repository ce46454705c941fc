"""What the feed tells of its broker: refusals by kinds of topics, and lost events, until they are over."""

import asyncio
from datetime import datetime

import pytest

from gateway.feed import troubles
from gateway.feed.refusals import MOST, Refusals
from gateway.feed.topics import Topics
from gateway.feed.troubles import EVENTS_LOST, Troubles
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")


def test_refusals_are_told_by_kind_until_each_topic_is_taken() -> None:
    refusals = Refusals(TOPICS)
    assert refusals.words is None
    news = [
        refusals.judge(TOPICS.line_state("a"), 0x87),
        refusals.judge(TOPICS.line_state("a"), 0x87),
        refusals.judge(TOPICS.line_state("b"), 0x87),
        refusals.judge(TOPICS.line_alert("b", "port_lost"), 0x87),
        refusals.judge(TOPICS.kpi, 0xFE),
        refusals.judge("homeassistant/device/sansheng/config", 0x87),
        refusals.judge(TOPICS.command_result, None),
    ]
    assert news == [True, False, True, True, True, True, False]
    assert refusals.words is not None
    told = refusals.words.partition(" take ")[2].partition(":")[0].split(", ")
    assert told == [
        "homeassistant/# (not authorized)",
        "sansheng/jinan/kpi (reason 0xfe)",
        "sansheng/jinan/line/+/alert/+ (not authorized)",
        "sansheng/jinan/line/+/state (not authorized)",
    ]
    for topic in (TOPICS.kpi, TOPICS.line_state("a"), TOPICS.line_alert("b", "port_lost"), TOPICS.line_state("b")):
        assert refusals.judge(topic, None)
    assert refusals.judge("homeassistant/device/sansheng/config", None)
    assert refusals.words is None
    for ticket in range(MOST + 10):
        refusals.judge(TOPICS.ticket_state(ticket), 0x87)
    assert not refusals.judge(TOPICS.kpi, 0x87), "bounded"


async def test_lost_events_are_counted_and_over_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "TOGETHER", 0.01)
    monkeypatch.setattr(troubles, "OVER_AFTER", 0.05)
    told: list[tuple[str, str, bool]] = []
    news = asyncio.Event()

    def alert(code: str, words: str, raised: bool) -> None:
        told.append((code, words, raised))
        if not raised:
            news.set()

    now: datetime = MORNING
    lost = Troubles(TOPICS, alert, lambda: now)
    for _ in range(3):
        lost.lost(5)
    await asyncio.wait_for(news.wait(), 30)
    assert [(code, raised) for code, _, raised in told] == [(EVENTS_LOST, True), (EVENTS_LOST, False)]
    assert told[0][1].startswith("15 events were not published since 2026-02-18 09:30")
    lost.lost(1)
    lost.stop()
    assert len(told) == 2
