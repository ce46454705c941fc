"""The office and the feed: tickets closed while no gateway ran leave the board once the database has been read."""

import asyncio
from pathlib import Path

import pytest

from gateway.office import Office
from gateway.runner.ticket_feed import LOOK_EVERY
from tests.unit.runner.test_office import runs

pytestmark = pytest.mark.unit


def test_what_an_earlier_run_left_of_tickets_goes_after_the_first_look(tmp_path: Path) -> None:
    async def story(there: Office) -> None:
        feed = there._feed
        left = feed._topics.ticket_state(7)
        feed._left_behind(left)
        assert not feed._publisher.keeps(left), "it is not known yet whether it is open"
        for _ in range(20):
            if feed._publisher.keeps(left):
                return
            await asyncio.sleep(LOOK_EVERY)
        raise AssertionError("it stays for ever")

    runs(tmp_path, story)
