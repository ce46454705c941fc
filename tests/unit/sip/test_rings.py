"""Rings counted by the clock: as many as the customer heard, also where the process that counts was held up."""

import asyncio

import pytest

from drivers.sip.rings import RingTimer

pytestmark = pytest.mark.unit


async def test_what_was_heard_meanwhile_is_told_with_its_time() -> None:
    heard: list[tuple[int, float]] = []
    timer = RingTimer(5.0, lambda number, at: heard.append((number, at)), offered_at=100.0)
    timer.start()
    timer.catch_up(116.9)
    assert heard == [(1, 100.0), (2, 105.0), (3, 110.0), (4, 115.0)]
    timer.catch_up(200.0)
    assert len(heard) == 4, "he was answered, and hangs up much later"


async def test_one_that_never_rang_has_nothing_to_catch_up() -> None:
    heard: list[int] = []
    timer = RingTimer(5.0, lambda number, _: heard.append(number), offered_at=100.0)
    timer.catch_up(200.0)
    timer.start()
    assert heard == []


async def test_stopped_it_rings_no_more_until_it_is_known_how_long_it_rang() -> None:
    heard: list[int] = []
    timer = RingTimer(0.01, lambda number, _: heard.append(number))
    timer.start()
    timer.stop()
    await asyncio.sleep(0)
    assert heard == [1]
    timer.catch_up(asyncio.get_running_loop().time() - 60.0)
    assert heard == [1]
