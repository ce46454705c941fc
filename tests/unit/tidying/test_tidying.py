"""The gateway's garbage: found in time, and only where it may be."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from gateway.tidying import EVERY, Tidying
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit


class Ended:
    """A call that has ended, and refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def nobody_else_searches() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_what_an_ended_call_leaves_is_gone_after_the_next_search_and_every_other() -> None:
    async def story() -> None:
        tidying = Tidying()
        tidying.start()
        for _ in range(3):
            left = weakref.ref(Ended())
            assert left() is not None
            await asyncio.sleep(EVERY + 1)
            assert left() is None
        tidying.stop()

    in_virtual_time(story)


def test_what_was_there_at_the_start_is_not_looked_through_until_the_stop() -> None:
    async def story() -> None:
        tidying = Tidying()
        before = gc.get_freeze_count()
        tidying.start()
        assert gc.get_freeze_count() > before
        tidying.stop()
        tidying.stop()
        assert gc.get_freeze_count() == 0

    in_virtual_time(story)


def test_nothing_is_searched_for_after_the_stop() -> None:
    async def story() -> None:
        tidying = Tidying()
        tidying.start()
        tidying.stop()
        left = weakref.ref(Ended())
        await asyncio.sleep(3 * EVERY)
        assert left() is not None

    in_virtual_time(story)
