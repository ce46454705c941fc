"""What changes often is told at once, and then no more than every so often; the last of it always."""

import asyncio

import pytest

from gateway.feed.throttle import Throttle
from tests.broker import PATIENCE

pytestmark = pytest.mark.unit


async def test_the_first_and_the_last_are_told_and_not_what_is_between() -> None:
    value, told, news = 0, [], asyncio.Event()

    def tell() -> None:
        told.append(value)
        news.set()

    throttle = Throttle(0.05, tell)
    for value in (1, 2, 3):  # noqa: B007 - `tell` reads it
        throttle.changed()
    assert told == [1]
    news.clear()
    async with asyncio.timeout(PATIENCE):
        await news.wait()
    assert told == [1, 3]


async def test_what_is_not_told_yet_can_be_had_told() -> None:
    told: list[int] = []
    throttle = Throttle(3600.0, lambda: told.append(1))
    throttle.flush()
    assert told == []
    throttle.changed()
    throttle.changed()
    throttle.flush()
    throttle.flush()
    assert told == [1, 1]
    throttle.changed()
    assert told == [1, 1, 1], "at once again"


def test_without_an_event_loop_all_is_told() -> None:
    told: list[int] = []
    throttle = Throttle(3600.0, lambda: told.append(1))
    throttle.changed()
    throttle.changed()
    assert told == [1, 1]
