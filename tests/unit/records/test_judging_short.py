"""A prompt that the line says is over long before it can have been said was not said to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drivers.line import LineCommand, Play, PlayFinished, PlayStarted
from gateway.records.journal import record_from, row_values
from gateway.records.noted import PromptNoted
from gateway.records.record import CallRecord
from tests.scenarios.story import LEG
from tests.service.told import MORNING, ZONE
from tests.unit.records import standards
from tests.unit.records.standards import SHIPPED, RealCall, broken, changed, judged, plan, recorded, rules

pytestmark = pytest.mark.unit

CUT_TO = 0.021
"""Seconds that 200 bytes of a WAV file last at 8000 Hz."""


class CutShort(RealCall):
    """A call of which one recording was cut after the gateway had read how long it is: as the drivers tell it."""

    short: str = ""

    def _obey(self, command: LineCommand) -> None:
        if isinstance(command, Play) and any(self.short in recording for recording in command.recordings):
            self._later(0.02, PlayStarted(LEG, command.play))
            self._later(0.02 + CUT_TO, PlayFinished(LEG, command.play, True))
        else:
            super()._obey(command)


def greeted(name: str) -> CallRecord:
    call = CutShort(plan(name))
    call.short = call.plan.today.greeting[-1].recordings[-1]
    call.rings(1)
    call.caller_id()
    if call.plan.answer.on_ring > 1:
        call.passes(5.0)
        call.rings(1, first=2)
    call.passes(0.2 + sum(0.02 + prompt.duration for prompt in call.plan.today.greeting))
    call.talks()
    call.hangs_up()
    return recorded(call)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_greeting_of_which_nothing_was_heard_is_broken(name: str) -> None:
    record = greeted(name)
    said = [prompt for prompt in record.prompts if prompt.part == "greeting"][-1]
    assert said.complete, "the line knows no better"
    assert said.duration is not None
    found = broken(record, rules(name))
    evidence = f"「{said.text}」 not said to its end: said in 0.0 s, it lasts {said.duration:.1f} s"
    assert found[said.clause, "greeting"] == evidence


def test_a_farewell_that_was_cut_short_orders_no_release() -> None:
    call = standards.greeted("runfa-water")
    call.talks(2.0)
    call.passes(120.0)
    record = recorded(call)
    assert record.released_by == "standard", "or this test shows nothing"
    said = record.prompts[-1]
    assert judged(record, rules("runfa-water"))["WD-2", "release"].kept
    short = changed(record, said.prompt, ended_at=said.started_at + timedelta(seconds=CUT_TO))
    assert "it lasts" in broken(short, rules("runfa-water"))["WD-2", "release"]


@pytest.mark.parametrize(
    ("duration", "took", "short"),
    [
        (3.9, 0.02, True),
        (3.9, 2.5, True),
        (3.9, 2.7, False),
        (3.9, 30.0, False),
        (0.6, 0.0, False),
        (None, 0.0, False),
    ],
)
def test_a_line_may_be_somewhat_early(duration: float | None, took: float, short: bool) -> None:
    ended = MORNING + timedelta(seconds=took)
    said = PromptNoted("greeting", "您好", "JH-3", MORNING, ended, complete=True, duration=duration)
    assert (said.short, said.whole) == (short, not short)
    assert not replace(said, complete=False, cut="barge_in").short, "it was cut, and that is told already"


def test_its_length_is_on_record_and_an_earlier_versions_records_have_none() -> None:
    record = greeted("jihua-gas")
    values = row_values(record)
    again = record_from(values, ZONE)
    assert [prompt.duration for prompt in again.prompts] == [prompt.duration for prompt in record.prompts]
    for prompt in values["prompts"]:
        del prompt["duration"]
    earlier = record_from(values, ZONE)
    assert {prompt.duration for prompt in earlier.prompts} == {None}
    assert judged(earlier, rules("jihua-gas"))["JH-3", "greeting"].kept, "as it was judged then"
