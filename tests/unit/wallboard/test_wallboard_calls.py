"""A call's page: whole ids alone, two at a time, and a database that hangs holds nothing else up."""

import asyncio
import threading

import pytest

from gateway.wallboard.calls import AT_ONCE, CallPages, NoSuchCall, NotNow

pytestmark = pytest.mark.unit

CALL = "20260218-093000-sip1-5f03ab"


def drawn(call: str, english: bool) -> str:
    return f"{call} {english}"


async def test_a_call_is_drawn_in_the_language_that_is_asked_for() -> None:
    assert await CallPages(drawn).page(CALL, english=True) == f"{CALL} True"


@pytest.mark.parametrize(
    "call", ["", "20260218", f"{CALL}\n", f"{CALL}'--", "../etc/passwd", "٢0260218-093000-a-5f03ab"]
)
async def test_what_is_no_whole_id_never_reaches_the_database(call: str) -> None:
    with pytest.raises(NoSuchCall):
        await CallPages(drawn).page(call, english=False)


async def test_a_database_that_hangs_costs_two_threads_and_no_more() -> None:
    going_on = threading.Event()

    def hangs(call: str, english: bool) -> str:
        going_on.wait()
        return drawn(call, english)

    pages = CallPages(hangs, limit=0.05)
    try:
        for _ in range(AT_ONCE):
            with pytest.raises(NotNow, match="does not answer"):
                await pages.page(CALL, english=False)
        with pytest.raises(NotNow, match="others look"):
            await pages.page(CALL, english=False)
    finally:
        going_on.set()
    async with asyncio.timeout(10):
        while True:
            try:
                assert await pages.page(CALL, english=False)
                return
            except NotNow:
                await asyncio.sleep(0)
