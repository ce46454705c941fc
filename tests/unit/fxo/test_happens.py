"""A limit of time loses neither a cancellation nor what came in the same turn of the loop."""

import asyncio

import pytest

from drivers.fxo.at import Result
from drivers.fxo.command_queue import CommandQueue
from drivers.fxo.errors import PortLost
from drivers.fxo.waiting import happens
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit


def test_12_18_a_command_cancelled_in_the_turn_of_its_result_is_cancelled() -> None:
    async def story() -> None:
        queue = CommandQueue(lambda _data: None)
        cancelled = asyncio.create_task(queue.run("AT"))
        await asyncio.sleep(0.1)
        queue.line_received("OK")
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        following = asyncio.create_task(queue.run("ATH"))
        await asyncio.sleep(0.5)
        queue.line_received("ERROR")
        assert (await following).result is Result.ERROR

    in_virtual_time(story)


def test_12_18_a_command_cancelled_in_the_turn_of_the_ports_loss_is_cancelled_in_silence() -> None:
    complaints: list[object] = []

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        queue = CommandQueue(lambda _data: None)
        cancelled = asyncio.create_task(queue.run("AT"))
        await asyncio.sleep(0.1)
        queue.fail(PortLost("unplugged"))
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        del cancelled, queue

    in_virtual_time(story)
    assert complaints == []


def test_12_18_a_result_in_the_turn_in_which_its_time_is_over_is_taken() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        queue = CommandQueue(lambda _data: None)
        loop.call_later(1.0, queue.line_received, "OK")
        assert (await queue.run("AT", within=1.0)).ok

    in_virtual_time(story)


def test_12_18_a_wait_cancelled_in_the_turn_of_its_event_is_cancelled() -> None:
    async def story() -> None:
        event = asyncio.Event()
        waiting = asyncio.create_task(happens(event, 1.0))
        await asyncio.sleep(0.1)
        event.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    in_virtual_time(story)


def test_an_event_happens_in_time_or_not() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        begun, event = loop.time(), asyncio.Event()
        assert not await happens(event, 1.0)
        assert loop.time() - begun == pytest.approx(1.0)
        assert not await happens(event, -1.0)
        loop.call_later(1.0, event.set)
        assert await happens(event, 1.0), "both in one turn"
        event.set()
        assert await happens(event, 0.0)

    in_virtual_time(story)
