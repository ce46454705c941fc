"""What waits for a database is not waited for without end."""

import asyncio
from threading import Event

import pytest

from gateway.runner.in_time import in_time

pytestmark = pytest.mark.unit


def test_what_is_done_in_time_is_given_or_raised() -> None:
    def fails() -> None:
        raise KeyError("database")

    assert asyncio.run(in_time(60.0, lambda: "made")) == "made"
    with pytest.raises(KeyError, match="database"):
        asyncio.run(in_time(60.0, fails))


@pytest.mark.parametrize("fails", [False, True])
def test_what_hangs_goes_on_by_itself_and_bothers_nobody(fails: bool, caplog: pytest.LogCaptureFixture) -> None:
    answers, ended = Event(), Event()

    def hangs() -> str:
        answers.wait()
        ended.set()
        if fails:
            raise OSError("away")
        return "made"

    async def story() -> None:
        assert await in_time(0.0, hangs) is None
        answers.set()
        await asyncio.to_thread(ended.wait)

    asyncio.run(story())
    assert ended.is_set()
    assert not caplog.records
