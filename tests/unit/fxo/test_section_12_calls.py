"""Section 12, points 2, 6, 9, 10 and 18: calls by the driver's own modem, watch and call, in virtual time."""

import asyncio
import random
from collections.abc import Coroutine

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineEvent,
    Presentation,
    Release,
    RingBurst,
)
from tests.examples import examples
from tests.unit.fxo.virtual_line import DLE_RING, ERROR, OK, RING, VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

TIGHT = b"\r\nDATE=0117\r\nTIME=1452\r\nNMBR=5551234567\r\nNAME=WIRELESS CALLER\r\n"
SPACED = b"\r\nDATE = 1015\r\n\r\nTIME = 1310\r\n\r\nNMBR = 5551234567\r\n"
MDMF = b"801601083033313731363536020A32313536343330313434BA"


def answering(line: VirtualLine, on_ring: int, *, releases: bool = True) -> None:
    """Answer on this ring; release what is answered, and whoever has gone."""

    def then(event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number >= on_ring:
            line.call.execute(Answer(event.leg))
        elif isinstance(event, FarEndHungUp) or (releases and isinstance(event, Answered)):
            line.call.execute(Release(event.leg))

    line.journal.then = then


async def passes(seconds: float) -> None:
    await asyncio.sleep(seconds)


def story(body: Coroutine[None, None, None]) -> None:
    in_virtual_time(body)


# -- 12.9: what begins a call, and what belongs to it ------------------------------------------------------------


@pytest.mark.parametrize(
    "first", [RING, DLE_RING, b"\r\nRING A\r\n", b"\r\nRING 2\r\n", b"DRON=11\r\n", b"RING\r"]
)
def test_12_09_a_call_begins_with_whatever_tells_a_ring(first: bytes) -> None:
    async def body() -> None:
        line = VirtualLine()
        for byte in first:
            line.say(bytes((byte,)))
        await passes(1.0)
        assert line.journal.events == [CallOffered("leg1"), RingBurst("leg1", 1)]
        await line.close()

    story(body())


@pytest.mark.parametrize("lead", [0.4, 2.0, 3.9, -0.6, -2.0, -3.9])
def test_12_09_a_caller_id_up_to_four_seconds_before_or_after_its_ring_is_this_calls(lead: float) -> None:
    async def body() -> None:
        line = VirtualLine()
        line.say(SPACED, 0.0 if lead > 0 else -lead)
        line.ring(lead if lead > 0 else 0.0)
        await passes(6.0)
        assert len(line.journal.of(CallOffered)) == 1
        assert line.journal.of(CallerIdReceived) == [CallerIdReceived("leg1", CallerId("5551234567"))]
        await line.close()

    story(body())


def test_12_09_a_caller_id_without_a_ring_is_no_call_and_not_the_next_ones() -> None:
    async def body() -> None:
        line = VirtualLine()
        line.say(SPACED)
        await passes(20.0)
        assert not line.journal.events
        line.ring()
        await passes(3.0)
        assert not line.journal.of(CallerIdReceived)
        await line.close()

    story(body())


def test_12_09_rings_without_a_caller_id_are_answered_all_the_same() -> None:
    async def body() -> None:
        line = VirtualLine()
        answering(line, 2)
        for burst in range(3):
            line.ring(5.0 * burst)
        await line.journal.wait(LegReleased)
        assert [event.number for event in line.journal.of(RingBurst)] == [1, 2]
        assert line.journal.of(Answered)
        await line.close()

    story(body())


@pytest.mark.parametrize(
    "waiting", [RING + SPACED, DLE_RING + TIGHT, b"\x10R\x10Xabc\x10.", MDMF + b"\r\n", TIGHT]
)
def test_12_09_call_waiting_is_no_new_call(waiting: bytes) -> None:
    """Text or DLE, in the stream or between two: the customer's own number stays his, nobody has hung up."""

    async def body() -> None:
        line = VirtualLine()
        answering(line, 1, releases=False)
        line.say(b"\r\nNMBR = 13800000001\r\n", 0.5)
        line.ring()
        await line.journal.wait(Answered)
        before = len(line.journal.events)
        await passes(15.0)
        line.say(waiting)
        await passes(15.0)
        line.say(waiting)
        await passes(5.0)
        told = [event for event in line.journal.events[before:] if not type(event).__name__.startswith("Verdict")]
        assert told == []
        assert line.journal.of(RingBurst) == [RingBurst("leg1", 1)]
        line.call.execute(Release("leg1"))
        await line.journal.wait(LegReleased)
        assert len(line.journal.of(CallOffered)) == 1
        await line.close()

    story(body())


# -- 12.2, 12.6: what comes between -------------------------------------------------------------------------------


def test_12_06_rings_and_caller_id_while_waiting_for_ok() -> None:
    """In the middle of every answer of the modem: none is taken for the result, none is lost."""

    async def body() -> None:
        line = VirtualLine()
        for command in ("AT+FCLASS=8", "AT+VSM=131,8000", "AT+VLS=1"):
            line.answers[command] = DLE_RING + b"AT+\x10R\r\n" + TIGHT + b"\x10R" + OK
        answering(line, 1)
        line.ring()
        await line.journal.wait(LegReleased)
        assert [event.number for event in line.journal.of(RingBurst)] == [1], "all of them the same burst's"
        assert line.journal.of(CallerIdReceived)[0].caller_id == CallerId("5551234567", "WIRELESS CALLER")
        assert line.commands.count("AT+VLS=1") == 1
        await line.close()

    story(body())


NOISE = st.sampled_from(
    [
        *(RING, DLE_RING, TIGHT, SPACED, MDMF + b"\r\n", b"NMBR=\r\n", b"MESG = 0\r\n", b"DRON=4\r\nDROF=2\r\n"),
        *(b"\x10", b"\x10\x10", b"\x10X", b"\x10.", b"\x10P", b"\x10b", b"\x10l", b"\x10/5~", b"\x10\x03"),
        *(b"\xff\x00", OK, ERROR),
    ]
)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(NOISE, st.floats(0.0, 6.0)), max_size=25), st.integers(1, 3))
def test_12_18_whatever_a_modem_says_a_leg_has_one_end_and_the_line_is_left_on_hook(
    said: list[tuple[bytes, float]], on_ring: int
) -> None:
    async def body() -> None:
        line = VirtualLine()
        answering(line, on_ring)
        line.ring()
        for data, pause in said:
            for byte in data:
                line.say(bytes((byte,)))
            await passes(pause)
        await passes(120.0)
        events = line.journal.events
        offered = [event.leg for event in line.journal.of(CallOffered)]
        ended = [event.leg for event in events if isinstance(event, LegReleased | LegFailed)]
        assert offered == ended
        seized = max((i for i, c in enumerate(line.commands) if c == "AT+VLS=1"), default=-1)
        assert seized < 0 or "AT+VLS=0" in line.commands[seized:] or "revived" in line.commands[seized:]
        await line.close()

    story(body())


# -- 12.10: answering -------------------------------------------------------------------------------------------


def off_hook_times(line: VirtualLine) -> list[float]:
    return [at for at, command in zip(line.times, line.commands, strict=True) if command == "AT+VLS=1"]


def test_12_10_rings_on_after_ok_it_is_tried_again_between_bursts_and_three_times_at_most() -> None:
    async def body() -> None:
        line = VirtualLine(profile="usr5637")
        answering(line, 1)
        bursts = [5.0 * burst for burst in range(8)]
        for burst in bursts:
            line.ring(burst)
        began = asyncio.get_running_loop().time()
        failed = await line.journal.wait(LegFailed)
        tries = [at - began for at in off_hook_times(line)]
        assert len(tries) == 3
        assert all(0.1 < at % 5.0 < 3.2 for at in tries), "in the gaps"
        assert "went on ringing" in failed.detail
        assert "AT+VLS=0" in line.commands[line.commands.index("AT+VLS=1") :]
        assert not line.journal.of(Answered)
        await line.close()

    story(body())


def test_12_10_refused_three_times_it_says_so() -> None:
    async def body() -> None:
        line = VirtualLine(answers={"AT+VLS=1": ERROR})
        answering(line, 1)
        for burst in range(8):
            line.ring(5.0 * burst)
        failed = await line.journal.wait(LegFailed)
        assert line.commands.count("AT+VLS=1") == 3
        assert "refused +VLS=1" in failed.detail
        await line.close()

    story(body())


def test_12_10_once_refused_and_then_taken_is_an_answer() -> None:
    async def body() -> None:
        line = VirtualLine(answers={"AT+VLS=1": [ERROR, OK]})
        answering(line, 1)
        for burst in range(3):
            line.ring(5.0 * burst)
        await line.journal.wait(LegReleased)
        assert line.journal.of(Answered)
        assert line.commands.count("AT+VLS=1") == 2
        await line.close()

    story(body())


def test_12_10_once_audio_runs_neither_off_hook_nor_the_class_is_asked_for_again() -> None:
    async def body() -> None:
        line = VirtualLine(profile="usr5637")
        answering(line, 1, releases=False)
        line.ring()
        await line.journal.wait(Answered)
        talking = len(line.commands)
        for burst in range(6):
            line.say(DLE_RING, 6.5 * burst)
        await passes(60.0)
        assert not [c for c in line.commands[talking:] if c in ("AT+VLS=1", "AT+FCLASS=8")]
        line.call.execute(Release("leg1"))
        await line.journal.wait(LegReleased)
        await line.close()

    story(body())


@pytest.mark.parametrize("profile", ["conexant", "usr5637"])
def test_12_10_a_caller_who_gives_up_before_the_answer_is_not_answered(profile: str) -> None:
    async def body() -> None:
        line = VirtualLine(profile=profile)
        line.ring()
        line.ring(5.0)
        await passes(5.0 + 4.0)
        line.call.execute(Answer("leg1"))  # an order that comes after the gap: the ring after it never comes
        gone = await line.journal.wait(FarEndHungUp)
        assert gone.sign is HangUpSign.RING_STOPPED
        assert not off_hook_times(line)
        await line.journal.wait(LegReleased)
        await line.close()

    story(body())


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["conexant", "usr5637"]), st.booleans())
def test_12_10_ring_accuracy_by_the_whole_driver(seed: int, profile: str, counts: bool) -> None:
    """Jitter, doubled and lost lines, distinctive rings: on ring N where it was told or counted, never past the
    third, never in a burst."""
    dice = random.Random(seed)

    async def body() -> None:
        line = VirtualLine(profile=profile)
        loop = asyncio.get_running_loop()
        began, at, bursts, lost = loop.time(), 0.0, [], dice.randint(1, 3)
        for number in range(1, 7):
            bursts.append((at, at + 1.0))
            for _ in range(dice.choice((1, 1, 2))):
                if number != lost:
                    report = dice.choice((b"\r\nRING\r\n", b"\r\nRING B\r\n", b"\r\nRING\r\nRING\r\n"))
                    loop.call_later(
                        at + 1.0 + dice.uniform(-0.1, 0.1),
                        lambda report=report: (
                            off_hook_times(line) or line.say(DLE_RING if line.in_voice else report)
                        ),
                    )
            at += 5.0 * dice.uniform(0.9, 1.1)

        def count(command: str) -> None:
            rung = sum(over <= loop.time() - began + 0.1 for _, over in bursts)
            line.answers["ATS1?"] = f"\r\n{rung:03}\r\n".encode() + OK if counts else ERROR

        line.on_command = count
        count("")
        answering(line, 2)
        await passes(40.0)
        seized = [at - began for at in off_hook_times(line)]
        assert len(seized) == 1
        answered_on = sum(start <= seized[0] for start, _ in bursts)
        if counts or lost == 3:
            assert answered_on == 2
        assert answered_on <= 3
        assert not any(start < seized[0] < over for start, over in bursts)
        await line.close()

    story(body())


def test_12_09_a_private_caller_is_one_whose_number_is_withheld() -> None:
    async def body() -> None:
        line = VirtualLine()
        line.ring()
        line.say(b"\r\nNMBR = P\r\n", 1.0)
        told = await line.journal.wait(CallerIdReceived)
        assert told.caller_id == CallerId(None, None, Presentation.PRIVATE)
        await line.close()

    story(body())
