"""The line of a walk: rings until it is told otherwise, plays, stops, stands still on hold."""

import pytest

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    LegEvent,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    StopPlaying,
)
from gateway.walk import Signalling
from gateway.walk.line import VirtualLine

pytestmark = pytest.mark.unit

LEG, CALLER = "leg", CallerId("13812345678")


def a_line(signalling: Signalling | None = None) -> VirtualLine:
    return VirtualLine(LEG, lambda recordings: 2.0 * len(recordings), CALLER, signalling or Signalling.fxo())


def off_hook() -> VirtualLine:
    line = a_line()
    line.execute(Answer(LEG), 0.5)
    assert reports(line, 2.0) == [(0.6, Answered(LEG)), (2.0, CallerIdReceived(LEG, CALLER))]
    return line


def reports(line: VirtualLine, until: float) -> list[tuple[float, LegEvent]]:
    """What the line reports up to a second, each with its own."""
    reported = []
    while line.next_at is not None and line.next_at <= until:
        at = line.next_at
        reported.append((round(at, 2), line.report(at)))
    return reported


def test_an_analogue_line_rings_a_second_in_five_with_the_number_in_the_first_gap() -> None:
    assert reports(a_line(), 12.0) == [
        (1.0, RingBurst(LEG, 1)),
        (2.0, CallerIdReceived(LEG, CALLER)),
        (6.0, RingBurst(LEG, 2)),
        (11.0, RingBurst(LEG, 3)),
    ]


def test_a_sip_line_rings_with_the_offer_and_then_each_period() -> None:
    line = a_line(Signalling.sip(0.5))
    assert reports(line, 1.2) == [
        (0.0, CallerIdReceived(LEG, CALLER)),
        (0.0, RingBurst(LEG, 1)),
        (0.5, RingBurst(LEG, 2)),
        (1.0, RingBurst(LEG, 3)),
    ]
    line.execute(Answer(LEG), 1.2)
    assert reports(line, 100.0) == [(1.22, Answered(LEG))]


def test_it_plays_recordings_back_to_back() -> None:
    line = off_hook()
    line.execute(Play(LEG, 1, ("a.wav", "b.wav")), 10.0)
    assert reports(line, 100.0) == [(10.02, PlayStarted(LEG, 1)), (14.02, PlayFinished(LEG, 1, True))]


def test_a_prompt_that_is_stopped_is_not_complete() -> None:
    line = off_hook()
    line.execute(Play(LEG, 1, ("a.wav",)), 10.0)
    reports(line, 11.0)
    line.execute(StopPlaying(LEG), 11.0)
    assert reports(line, 100.0) == [(11.0, PlayFinished(LEG, 1, False))]
    line.execute(StopPlaying(LEG), 12.0)
    assert reports(line, 100.0) == []


def test_on_hold_a_prompt_stands_still_and_a_new_one_waits() -> None:
    line = off_hook()
    line.execute(Play(LEG, 1, ("a.wav",)), 10.0)
    reports(line, 11.0)
    line.hold(11.0)
    assert line.next_at is None
    line.resume(71.0)
    assert reports(line, 100.0) == [(72.02, PlayFinished(LEG, 1, True))]
    line.hold(100.0)
    line.execute(Play(LEG, 2, ("a.wav",)), 101.0)
    assert line.next_at is None
    line.resume(200.0)
    assert reports(line, 300.0) == [(200.02, PlayStarted(LEG, 2)), (202.02, PlayFinished(LEG, 2, True))]


def test_a_prompt_can_be_stopped_on_hold() -> None:
    line = off_hook()
    line.execute(Play(LEG, 1, ("a.wav",)), 10.0)
    line.hold(11.0)
    line.execute(StopPlaying(LEG), 12.0)
    assert reports(line, 13.0)[-1] == (12.0, PlayFinished(LEG, 1, False))
    line.resume(20.0)
    assert line.next_at is None


def test_it_is_released() -> None:
    line = off_hook()
    line.execute(Play(LEG, 1, ("a.wav",)), 10.0)
    line.execute(Release(LEG), 10.5)
    assert reports(line, 100.0) == [(10.6, LegReleased(LEG))]
