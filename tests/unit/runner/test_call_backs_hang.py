"""Call-backs whose database does not answer: the gateway stops all the same."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.runner.call_backs import DATABASE_LIMIT
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.test_call_backs import Owed

pytestmark = pytest.mark.unit


class Hangs:
    """Asks the book as long as `answers`; then waits for ever."""

    def __init__(self) -> None:
        self.answers = True
        self.asked = asyncio.Event()

    async def __call__(self, func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if self.answers:
            return await asyncio.to_thread(func, *args, **kwargs)
        self.asked.set()
        return await asyncio.get_running_loop().create_future()


async def stopped(floor: Owed) -> float:
    """How long it takes; nothing that was begun is left."""
    began = floor.now
    await floor.close()
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    return floor.now - began


def test_looking_for_due_ones_hangs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def whole() -> None:
        hangs = Hangs()
        floor = Owed(tmp_path, ask=hangs)
        await floor.open()
        hangs.answers = False
        floor.backs.start()
        await hangs.asked.wait()
        assert DATABASE_LIMIT <= await stopped(floor) < DATABASE_LIMIT + 1

    in_virtual_time(whole())
    assert "call-backs: the database has not answered" in caplog.text


def test_noting_what_came_of_an_attempt_hangs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def whole() -> None:
        hangs = Hangs()
        floor = Owed(tmp_path, ask=hangs)
        await floor.open()
        floor.backs.start()
        await floor.rung()
        hangs.answers = False
        assert await stopped(floor) < 2 * DATABASE_LIMIT + 1

    in_virtual_time(whole())
    assert "call-backs: the database has not answered" in caplog.text
