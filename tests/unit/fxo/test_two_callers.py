"""A ring that got lost against a caller who rang off and another who rings in his beat: never one call of two
people, whatever the modem counts and tells. In virtual time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulator.callers import Caller
from drivers.emulator.faults import Faults
from drivers.fxo.line import FxoLine
from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    LineEvent,
    LineRestored,
    Presentation,
    Release,
    RingBurst,
)
from tests.examples import examples
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_line import ERROR, OK, VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

PERSONALITIES = ["conexant", "usr5637", "silabs", "multitech", "generic"]
FIRST = "18801234567"
SECOND = Caller.silent(number="13922223333")
PRIVATE = Caller("private", number=None, presentation="private")
WITHHELD = CallerId(None, None, Presentation.PRIVATE)


class Told:
    """What a line told of its legs, with when the modem went off-hook."""

    def __init__(self, journal: Journal, off_hook: list[float]) -> None:
        self._journal, self.off_hook = journal, off_hook
        self.legs = [event.leg for event in journal.of(CallOffered)]
        self.gone = [(event.leg, event.sign) for event in journal.of(FarEndHungUp)]

    def rings(self, leg: str) -> list[int]:
        return [event.number for event in self._journal.of(RingBurst) if event.leg == leg]

    def caller(self, leg: str) -> CallerId | None:
        return next((event.caller_id for event in self._journal.of(CallerIdReceived) if event.leg == leg), None)

    def answered(self) -> list[str]:
        return [event.leg for event in self._journal.of(Answered)]


def on_ring(number: int, line: FxoLine) -> Callable[[LineEvent], None]:
    """Answer on this ring; release what is answered, and whoever has gone."""

    def then(event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number >= number:
            line.execute(Answer(event.leg))
        elif isinstance(event, Answered | FarEndHungUp):
            line.execute(Release(event.leg))

    return then


def served(
    ring: Callable[[VirtualModem], Awaitable[None]],
    *,
    personality: str = "conexant",
    early: bool = False,
    calls: int = 2,
    **faults: bool,
) -> Told:
    """What is told until so many calls have ended; `early`: the caller ID comes before the first ring."""

    async def story(modem: VirtualModem, line: FxoLine) -> Told:
        journal = Journal(on_ring(2, line))
        await line.open(journal)
        await journal.wait(LineRestored, within=120.0)
        await asyncio.sleep(30.0)
        await ring(modem)
        await journal.wait(LegReleased, count=calls, within=120.0)
        return Told(journal, list(modem.exchange.off_hook_times))

    async def body() -> Told:
        modem = VirtualModem(personality, Faults(**faults))
        if early:
            modem.exchange.caller_id_delay = None
        return await with_line(modem, lambda line: story(modem, line))

    return in_virtual_time(body())


def one_after_the_other(second: Caller, pause: float = 6.0) -> Callable[[VirtualModem], Awaitable[None]]:
    """The first rings off after 4 s, the second rings `pause` seconds later: 6 s make two periods of it."""

    async def ring(modem: VirtualModem) -> None:
        modem.exchange.call(Caller.ringing_off(4.0, number=FIRST))
        await asyncio.sleep(4.0 + pause)
        modem.exchange.call(second)

    return ring


async def second_report_lost(modem: VirtualModem) -> None:
    """One caller, who rings on."""
    modem.exchange.call(Caller.silent(number=FIRST))
    await asyncio.sleep(3.0)
    modem.faults.ring_lost = 1.0
    await asyncio.sleep(5.0)
    modem.faults.ring_lost = 0.0


GONE = [("fxo1-1", HangUpSign.RING_STOPPED)]


@pytest.mark.parametrize("personality", PERSONALITIES)
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize(("second", "caller"), [(PRIVATE, WITHHELD), (SECOND, CallerId("13922223333"))])
def test_12_09_who_rings_in_the_beat_of_one_who_rang_off_is_another_call(
    personality: str, counts: bool, second: Caller, caller: CallerId
) -> None:
    for pause in (5.1, 6.0, 7.0):
        told = served(one_after_the_other(second, pause), personality=personality, no_ring_count=not counts)
        assert told.legs == ["fxo1-1", "fxo1-2"]
        assert told.gone == GONE
        assert (told.rings("fxo1-1"), told.rings("fxo1-2")) == ([1], [1, 2])
        assert (told.caller("fxo1-1"), told.caller("fxo1-2")) == (CallerId(FIRST), caller)
        assert told.answered() == ["fxo1-2"]


@pytest.mark.parametrize("second", [PRIVATE, SECOND])
@pytest.mark.parametrize("counts", [True, False])
def test_12_09_and_so_is_one_whose_caller_id_comes_before_his_ring(second: Caller, counts: bool) -> None:
    told = served(one_after_the_other(second), early=True, no_ring_count=not counts)
    assert told.legs == ["fxo1-1", "fxo1-2"]
    assert told.gone == GONE
    assert (told.rings("fxo1-1"), told.rings("fxo1-2")) == ([1], [1, 2])
    known = told.caller("fxo1-2")
    assert known is not None
    assert known.number == second.number


def test_12_09_the_same_number_again_after_a_silence_is_another_call() -> None:
    told = served(one_after_the_other(Caller.silent(number=FIRST)))
    assert told.legs == ["fxo1-1", "fxo1-2"]
    assert told.caller("fxo1-2") == CallerId(FIRST)
    assert (told.rings("fxo1-1"), told.rings("fxo1-2")) == ([1], [1, 2])


def test_12_10_without_caller_ids_the_modem_s_count_alone_tells_that_another_rings() -> None:
    told = served(one_after_the_other(SECOND), no_caller_id=True)
    assert told.legs == ["fxo1-1", "fxo1-2"]
    assert (told.rings("fxo1-1"), told.rings("fxo1-2")) == ([1], [1, 2])


@pytest.mark.parametrize("personality", PERSONALITIES)
def test_12_10_a_lost_report_that_the_modem_has_counted_is_no_other_call(personality: str) -> None:
    told = served(second_report_lost, personality=personality, calls=1)
    assert told.legs == ["fxo1-1"]
    assert told.rings("fxo1-1") == [1, 2]
    assert told.caller("fxo1-1") == CallerId(FIRST)


@pytest.mark.parametrize("personality", PERSONALITIES)
@pytest.mark.parametrize("no_caller_id", [True, False])
def test_12_10_one_that_it_has_not_counted_is_and_is_answered_by_the_third_ring(
    personality: str, no_caller_id: bool
) -> None:
    """Nobody can know who rings: nobody's number goes with him, and he waits no longer for that (JH-1)."""
    bell: list[float] = []

    async def ring(modem: VirtualModem) -> None:
        bell.append(modem.exchange.now)
        await second_report_lost(modem)

    told = served(ring, personality=personality, no_ring_count=True, no_caller_id=no_caller_id)
    assert told.legs == ["fxo1-1", "fxo1-2"]
    assert (told.rings("fxo1-1"), told.rings("fxo1-2")) == ([1], [1, 3])
    assert told.caller("fxo1-2") is None
    assert 11.0 < told.off_hook[0] - bell[0] < 15.0, "after the third burst and before the fourth"


# -- by the driver's own watch and call, and a modem that counts as told -----------------------------------


def counts(*numbers: int) -> list[bytes]:
    return [f"\r\n{number:03}\r\n".encode() + OK for number in numbers]


def told_by(
    answers: list[bytes], seconds: float = 9.8, before: tuple[float, ...] = (0.0,)
) -> list[tuple[str, int]]:
    """Rings as told: bursts at these times, then one so many seconds after the last; nobody is answered."""

    async def body() -> list[tuple[str, int]]:
        line = VirtualLine(answers={"ATS1?": answers or ERROR})
        for burst in (*before, before[-1] + seconds):
            line.ring(burst)
        await asyncio.sleep(before[-1] + seconds + 4.0)
        await line.close()
        return [(event.leg, event.number) for event in line.journal.of(RingBurst)]

    return in_virtual_time(body())


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ((1, 1, 1), [("leg1", 1), ("leg2", 1)]),  # cleared in the silence
        ((1, 0, 1), [("leg1", 1), ("leg2", 1)]),  # at once
        ((4, 4, 5), [("leg1", 1), ("leg2", 1)]),  # never
        ((1, 2), [("leg1", 1), ("leg1", 2), ("leg1", 3)]),  # a lost report
        ((1, 1, 3), [("leg1", 1), ("leg2", 1), ("leg2", 3)]),  # counted late: he has heard three
        ((), [("leg1", 1), ("leg2", 1), ("leg2", 3)]),  # does not count
    ],
)
def test_12_10_what_the_count_shows(shown: tuple[int, ...], told: list[tuple[str, int]]) -> None:
    assert told_by(counts(*shown)) == told


def test_12_10_a_count_that_stands_still_while_rings_are_told_is_none() -> None:
    told = told_by(counts(1, 1, 1), before=(0.0, 5.0))
    assert told == [("leg1", 1), ("leg1", 2), ("leg2", 1), ("leg2", 4)]


def test_12_10_a_count_that_is_never_cleared_goes_on_with_the_next_caller() -> None:
    told = told_by(counts(1, 2, 3), before=(0.0, 5.0))
    assert told == [("leg1", 1), ("leg1", 2), ("leg2", 1)], "two of three were the first caller's"


def test_12_10_what_is_not_known_of_one_call_is_no_matter_of_the_next() -> None:
    told = told_by([], seconds=30.0, before=(0.0, 9.8))
    assert told == [("leg1", 1), ("leg2", 1), ("leg2", 3), ("leg3", 1)]


def test_a_caller_of_before_who_was_let_go_does_not_hide_the_next_one() -> None:
    async def body() -> None:
        line = VirtualLine(lambda event: isinstance(event, CallOffered) and line.call.execute(Release(event.leg)))
        line.ring()
        line.ring(5.0)
        line.ring(14.8)
        await asyncio.sleep(20.0)
        await line.close()
        assert [event.leg for event in line.journal.of(CallOffered)] == ["leg1", "leg2"]

    in_virtual_time(body())


def test_12_10_class_8_in_which_no_ring_is_told_is_not_entered_by_the_next_call_too() -> None:
    """Where the modem does not count, the burst that class 8 has swallowed looks like a caller who rang off."""

    async def body() -> None:
        line = VirtualLine(answers={"ATS1?": ERROR})
        for burst in range(4):
            asyncio.get_running_loop().call_later(5.0 * burst, lambda: line.in_voice or line.say(b"\r\nRING\r\n"))
        await asyncio.sleep(19.0)
        await line.close()
        assert line.commands.count("AT+FCLASS=8") == 1
        assert [(event.leg, event.number) for event in line.journal.of(RingBurst)] == [
            ("leg1", 1),
            ("leg2", 1),
            ("leg2", 3),
            ("leg2", 4),
        ]

    in_virtual_time(body())


def test_12_10_one_who_rings_off_in_class_8_does_not_make_a_modem_that_counts_deaf_there() -> None:
    async def body() -> None:
        line = VirtualLine()
        line.answers["ATS1?"] = counts(1, 1, 1)
        for burst in (0.0, 9.8):
            line.ring(burst)
        await asyncio.sleep(14.0)
        await line.close()
        assert line.commands.count("AT+FCLASS=8") == 2

    in_virtual_time(body())


@settings(max_examples=examples(50), deadline=None)
@given(
    st.floats(8.9, 11.2),
    st.floats(0.6, 1.9),
    st.sampled_from([b"13922223333", b"P", b"O", None]),
    st.booleans(),
    st.integers(1, 3),
)
def test_12_09_no_leg_ever_has_the_number_of_one_and_the_rings_of_another(
    silence: float, late: float, second: bytes | None, modem_counts: bool, wanted: int
) -> None:
    async def body() -> None:
        line = VirtualLine()
        loop, rung_at = asyncio.get_running_loop(), [0.0, silence]
        began = loop.time()

        def count(_command: str) -> None:
            ago = [loop.time() - began - at for at in rung_at]
            line.answers["ATS1?"] = counts(sum(0 <= at < 8.0 for at in ago))[0] if modem_counts else ERROR

        def then(event: LineEvent) -> None:
            if isinstance(event, RingBurst) and event.number >= wanted and loop.time() - began > 8.0:
                line.call.execute(Answer(event.leg))

        line.on_command, line.journal.then = count, then
        line.ring()
        line.say(b"\r\nNMBR = " + FIRST.encode() + b"\r\n", late)
        line.ring(silence)
        if second is not None:
            line.say(b"\r\nNMBR = " + second + b"\r\n", silence + late)
        await asyncio.sleep(silence + 4.0)
        numbers = {event.leg: event.caller_id.number for event in line.journal.of(CallerIdReceived)}
        assert numbers.pop("leg1") == FIRST
        assert not set(numbers.values()) - {None, (second or b"").decode()}
        assert [event.leg for event in line.journal.of(CallOffered)] == ["leg1", "leg2"]
        assert "leg1" not in [event.leg for event in line.journal.of(Answered)]
        await line.close()

    in_virtual_time(body())
