"""The office and its recordings: what a customer is still owed is not deleted under it."""

import os
from pathlib import Path

import pytest

from gateway.call import facts
from gateway.call.plan import Prompt, Question
from gateway.office import Office
from tests.unit.runner.test_office import runs
from tests.unit.tickets.counter import asks, hears

pytestmark = pytest.mark.unit


def test_an_old_recording_stays_while_a_ticket_needs_it(tmp_path: Path) -> None:
    more = "[recordings]\nretention_days = 1\n"
    folder = tmp_path / "var" / "recordings"
    needed, answer, old = (folder / name for name in ("needed.wav", "answer-1.wav", "old.wav"))

    async def asked(there: Office) -> None:
        told = asks(site=there._config.site).tell(facts.RecordingStarted(str(needed)))
        asking = Prompt("question-name", "请问贵姓?", "JS-3", ("q.wav",), 2.0)
        told.tell(facts.QuestionAnswered(Question("name", asking, 2.0, str(answer)), True, None))
        hears(there.tickets, told.hung_up())

    async def swept(there: Office) -> None:
        await there._recordings.sweep()

    async def closed(there: Office) -> None:
        there.tickets.answer(1, "801", "已修好", there._now())
        there.tickets.shut(1, "801", there._now())
        await there._recordings.sweep()

    runs(tmp_path, asked, more)
    for path in (needed, answer, old):  # once the ticket is written, as old ones are
        path.touch()
        os.utime(path, (0, 0))
    runs(tmp_path, swept, more)
    assert {path.name for path in folder.iterdir()} == {"needed.wav", "answer-1.wav"}
    runs(tmp_path, closed, more)
    assert list(folder.iterdir()) == []
