"""What waits to be taken in, and to be answered, is bounded; a slow request holds up the next ones alone."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiomqtt
import pytest

from gateway.feed.intake import MOST, MOST_BYTES, Intake
from gateway.feed.requests import in_turn
from gateway.feed.requests.answering import REFUSED_BURST, Answering
from gateway.feed.requests.in_turn import InTurn

pytestmark = pytest.mark.unit


def message(payload: bytes) -> aiomqtt.Message:
    return aiomqtt.Message("a", payload, 0, False, 1, None)


@pytest.mark.parametrize(("size", "fit"), [(1_000_000, MOST_BYTES // 1_000_000), (10, MOST)])
async def test_what_came_is_bounded_in_messages_and_bytes(size: int, fit: int) -> None:
    intake = Intake(MOST)
    for _ in range(2):  # what is taken out makes room again
        for _ in range(fit):
            intake.put_nowait(message(b"x" * size))
        with pytest.raises(asyncio.QueueFull):
            intake.put_nowait(message(b"x"))
        for _ in range(fit):
            intake.get_nowait()


class Slow:
    """Requests that are done when `go` is set."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.done: list[Any] = []
        self.answers: list[Mapping[str, Any]] = []
        self._news = asyncio.Event()
        self.answering = Answering({"slow": self._slow}, lambda: 0.0)
        self.requests = InTurn(self.answering)

    async def _slow(self, fields: Mapping[str, Any]) -> None:
        await self.go.wait()
        self.done.append(fields["id"])

    def ask(self, number: int, **more: str) -> None:
        self.requests.take(json.dumps({"id": number, "do": "slow", **more}).encode(), self._reply)

    def _reply(self, answer: Mapping[str, Any]) -> None:
        self.answers.append(answer)
        self._news.set()

    async def answered(self, count: int) -> None:
        while len(self.answers) < count:
            self._news.clear()
            await self._news.wait()


async def test_more_requests_than_may_wait_are_refused_and_the_others_done_in_order() -> None:
    slow = Slow()
    running = asyncio.create_task(slow.requests.run())
    for number in range(in_turn.MOST + REFUSED_BURST + 7):
        slow.ask(number)
    assert [answer["ok"] for answer in slow.answers] == [False] * REFUSED_BURST
    assert slow.answers[0]["id"] == in_turn.MOST
    assert "ask again" in slow.answers[0]["error"]
    assert slow.answering.dropped == 7
    slow.answers.clear()
    slow.go.set()
    await slow.answered(in_turn.MOST)
    assert slow.done == list(range(in_turn.MOST))
    running.cancel()


async def test_large_requests_wait_in_bounded_memory() -> None:
    slow = Slow()
    for number in range(100):
        slow.ask(number, text="x" * 100_000)
    fit = in_turn.MOST_BYTES // 100_100
    assert len(slow.answers) + slow.answering.dropped == 100 - fit
    running = asyncio.create_task(slow.requests.run())
    await asyncio.sleep(0)  # all that wait are refused for their size
    slow.answers.clear()
    slow.go.set()
    slow.ask(1000)
    await slow.answered(1)
    assert slow.answers == [{"id": 1000, "ok": True, "do": "slow"}]
    running.cancel()


async def test_an_answer_that_cannot_be_given_leaves_the_next_ones_theirs() -> None:
    slow = Slow()
    slow.go.set()
    running = asyncio.create_task(slow.requests.run())

    def fails(_: Mapping[str, Any]) -> None:
        raise ValueError("no JSON")

    slow.requests.take(b'{"id": 1, "do": "slow"}', fails)
    slow.ask(2)
    await slow.answered(1)
    assert slow.answers[0]["id"] == 2
    running.cancel()
