"""A call that a line makes and that is wanted no more: who has just picked it up is not cut off (JH-2)."""

import asyncio

import pytest

from drivers.emulator import Called, HangUp, Wait
from drivers.line import Dial, DialFailure, FarEndRinging, GiveUp, LegReleased
from tests.unit.fxo.test_dial import NUMBER, OUT, PERIOD, SPEAKS, Dialling

pytestmark = pytest.mark.unit


async def give_up_at(rig: Dialling, seconds: float) -> None:
    rig.line.execute(Dial(OUT, NUMBER))
    await asyncio.sleep(seconds)
    rig.line.execute(GiveUp(OUT))
    await rig.journal.wait(LegReleased, within=60)
    assert rig.modem.exchange.free


@pytest.mark.parametrize("after", [6.1, 7.0, 9.0, 10.4])
def test_who_picked_up_silently_before_the_line_gives_up_is_not_cut_off(after):
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        await rig.journal.wait(FarEndRinging)
        while not rig.modem.exchange.calls:  # noqa: ASYNC110 - virtual time, and nobody tells of it
            await asyncio.sleep(0.05)
        rig.line.execute(GiveUp(OUT))
        await rig.journal.wait(LegReleased, within=60)

    dialled = Dialling(Called.answering(Wait(9.0), HangUp(), after=after)).run(story)
    assert dialled.out() == ["FarEndRinging", "Answered", "FarEndHungUp", "LegReleased"]
    assert dialled.modem.exchange.calls[-1].report.released_by == "caller"


@pytest.mark.parametrize("seconds", [11.0, 12.5, 14.0, 15.5])
def test_nobody_came_the_next_burst_of_ringback_tells(seconds):
    dialled = Dialling(Called.absent()).run(lambda rig: give_up_at(rig, seconds))
    assert dialled.out() == ["FarEndRinging", "DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.NO_ANSWER
    begun = dialled.modem.exchange.off_hook_times[0]
    assert dialled.modem.exchange.on_hook_times[0] - begun <= seconds + PERIOD + 1.5


@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.5])
def test_a_line_that_has_rung_nobody_yet_gives_up_at_once(seconds):
    dialled = Dialling(SPEAKS).run(lambda rig: give_up_at(rig, seconds))
    assert dialled.out() == ["LegReleased"]
