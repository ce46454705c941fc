"""Section 12.11, 12.13 and 12.14: a hang-up is a vote; the audio's own clock. The whole driver in virtual time."""

import asyncio
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.far_end import FarEnd
from drivers.fxo.line_clock import LineClock
from drivers.fxo.profiles import PROFILES
from drivers.fxo.recording import CallRecording
from drivers.fxo.supervision import HangUpVote
from drivers.hearing.g711 import encode_ulaw
from drivers.line import (
    Answer,
    Answered,
    DigitReceived,
    FarEndHungUp,
    HandsetLifted,
    HangUpSign,
    LegReleased,
    LineEvent,
    MediaLost,
    MediaRestored,
    Release,
    RingBurst,
    VerdictReached,
)
from tests.unit.fxo.virtual_line import VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

HALF_DUPLEX = {"AT+VTR": b"\r\nERROR\r\n"}
BOTH = pytest.mark.parametrize("answers", [{}, HALF_DUPLEX], ids=["duplex", "half-duplex"])


async def answered(profile: str = "conexant", answers: dict[str, bytes] | None = None) -> VirtualLine:
    """A call that has just been answered, on a line that is silent."""
    line = VirtualLine(profile=profile, answers=dict(answers or {}))

    def then(event: LineEvent) -> None:
        if isinstance(event, RingBurst):
            line.call.execute(Answer(event.leg))

    line.journal.then = then
    line.ring()
    await line.journal.wait(Answered)
    return line


async def codes(line: VirtualLine, *said: tuple[float, bytes]) -> list[HangUpSign]:
    """Say these, each so many seconds after the one before; which signs were told by 8 s after the last."""
    for pause, code in said:
        await asyncio.sleep(pause)
        line.say(code)
    await asyncio.sleep(8.0)
    found = [event.sign for event in line.journal.of(FarEndHungUp)]
    line.call.execute(Release("leg1"))
    await line.journal.wait(LegReleased)
    await line.close()
    return found


VOTES = [
    ("conexant", [(2.0, b"\x10b"), (3.5, b"\x10b")], HangUpSign.BUSY_TONE),
    ("conexant", [(2.0, b"\x10b"), (9.0, b"\x10b")], None),  # two single ones
    ("conexant", [(0.3, b"\x10b"), (0.3, b"\x10b"), (0.2, b"\x10b")], None),  # its own switching
    ("conexant", [(2.0, b"\x10d"), (3.0, b"\x10d")], HangUpSign.DIAL_TONE),
    ("conexant", [(2.0, b"\x10l")], HangUpSign.LOOP_DROP),
    ("silabs", [(2.0, b"\x10L")], HangUpSign.LOOP_DROP),
    ("multitech", [(2.0, b"\x10K"), (3.0, b"\x10K")], HangUpSign.BUSY_TONE),
    ("usr5637", [(2.0, b"\x10b"), (3.0, b"\x10b")], None),
    ("usr5637", [(2.0, b"\x10b"), (3.0, b"\x10b"), (3.0, b"\x10b")], HangUpSign.BUSY_TONE),
    ("usr5637", [(2.0, b"\x10l")], None),  # none of its codes
    ("usr5637", [(0.1, b"\x10H"), (0.5, b"\x10h"), (3.0, b"\x10h")], None),
    ("conexant", [(2.0, b"\x10s"), (2.0, b"\x10q"), (2.0, b"\x10s"), (2.0, b"\x10s")], None),
]


@BOTH
@pytest.mark.parametrize(("profile", "said", "sign"), VOTES)
def test_12_11_codes(
    profile: str, said: list[tuple[float, bytes]], sign: HangUpSign | None, answers: dict[str, bytes]
) -> None:
    async def body() -> None:
        found = await codes(await answered(profile, answers), *said)
        assert found == ([] if sign is None else [sign])

    in_virtual_time(body())


@BOTH
def test_12_11_silence_by_itself_is_never_one(answers: dict[str, bytes]) -> None:
    async def body() -> None:
        assert await codes(await answered("conexant", answers), (120.0, b"")) == []

    in_virtual_time(body())


def test_12_11_its_own_code_at_pick_up_is_neither_a_hang_up_nor_a_handset() -> None:
    async def body() -> None:
        line = await answered("usr5637", {"AT+VLS=1": b"\x10H\r\nOK\r\n\x10H"})
        assert await codes(line, (0.5, b"\x10H"), (0.3, b"\x10H")) == []
        assert not line.journal.of(HandsetLifted)

    in_virtual_time(body())


@BOTH
@pytest.mark.parametrize(("down_after", "lifted"), [(0.5, 0), (None, 1)], ids=["dips", "lifted"])
def test_12_09_a_line_that_dips_for_half_a_second_is_no_parallel_telephone(
    answers: dict[str, bytes], down_after: float | None, lifted: int
) -> None:
    async def body() -> None:
        line = await answered("conexant", answers)
        said = [(3.0, b"\x10P")] if down_after is None else [(3.0, b"\x10P"), (down_after, b"\x10p")]
        assert await codes(line, *said) == []
        assert len(line.journal.of(HandsetLifted)) == lifted

    in_virtual_time(body())


# -- the audio's clock ------------------------------------------------------------------------------------------


def test_12_14_what_comes_first_is_kept_from_the_ears() -> None:
    """0.4 s of the modem's own switching, as loud as it may be, is no voice and no key."""

    async def heard() -> None:
        line = VirtualLine()
        loud = [bytes(random.Random(1).choices(range(256), k=160)) for _ in range(19)]
        line.sound = lambda: loud.pop() if loud else bytes([0xFF] * 160)
        line.journal.then = lambda event: (
            line.call.execute(Answer(event.leg)) if isinstance(event, RingBurst) else None
        )
        line.ring()
        await line.journal.wait(Answered)
        await asyncio.sleep(5.0)
        assert not loud
        assert {event.verdict.value for event in line.journal.of(VerdictReached)} <= {"silent"}
        await line.close()

    in_virtual_time(heard())


@pytest.mark.parametrize(("after", "pressed"), [(0.0, []), (0.4, ["5"])])
def test_12_14_a_key_counts_from_0_4_s_after_connect(after: float, pressed: list[str]) -> None:
    """0.3 s of a key's two tones, which only our own ears hear."""
    at = np.arange(2400) / RATE
    key = 6000 * (np.sin(2 * np.pi * 770 * at) + np.sin(2 * np.pi * 1336 * at))
    sound = bytes([0xFF] * round(after * RATE)) + encode_ulaw(key.astype(np.int16)).replace(b"\x10", b"\x10\x10")

    async def body() -> None:
        line = VirtualLine()
        pieces = [sound[place : place + 160] for place in range(0, len(sound), 160)]
        line.sound = lambda: pieces.pop(0) if pieces else bytes([0xFF] * 160)
        line.journal.then = lambda event: (
            line.call.execute(Answer(event.leg)) if isinstance(event, RingBurst) else None
        )
        line.ring()
        await line.journal.wait(Answered)
        await asyncio.sleep(3.0)
        assert not pieces
        assert [event.digit for event in line.journal.of(DigitReceived)] == pressed
        await line.close()

    in_virtual_time(body())


def test_12_14_no_byte_for_a_second_is_an_alarm_and_after_five_a_new_stream() -> None:
    async def body() -> None:
        line = await answered()
        await asyncio.sleep(2.0)
        line.sound = lambda: b""
        await line.journal.wait(MediaLost)
        streams = line.commands.count("AT+VTR")
        await asyncio.sleep(6.0)
        assert line.commands.count("AT+VTR") == streams + 1
        line.sound = lambda: bytes([0xFF] * 160)
        await line.journal.wait(MediaRestored)
        assert not line.journal.of(FarEndHungUp), "silence and losses are no hang-up"
        await line.close()

    in_virtual_time(body())


@settings(deadline=None)
@given(st.integers(0, 999), st.floats(-0.005, 0.005), st.integers(400, 8000))
def test_12_13_an_overrun_costs_no_time(seed: int, drift: float, lost: int) -> None:
    """Silence of the length of what was lost, however late and lumpy the rest comes and whatever the clock."""
    dice = random.Random(seed)
    clock, line, told = LineClock(100.0), 0.0, 0.0
    inserted, received, overrun_at = [], 0, 400
    for portion in range(800):
        line += 0.02
        if portion == overrun_at:
            clock.overrun(100.0 + line)
            line += lost / 8000
        samples = round(line * 8000 * (1 + drift)) - received - (lost if portion >= overrun_at else 0)
        received += samples
        told = max(told, line + dice.uniform(0.0, 0.02))
        inserted.append(clock.heard(samples, 100.0 + told))
    assert sum(map(bool, inserted)) == 1
    assert abs(sum(inserted) - lost) < 400, "50 ms"


def test_12_13_what_was_lost_is_counted_with_what_was_heard() -> None:
    events = PROFILES["conexant"].events
    recording = CallRecording()
    far_end = FarEnd("leg", Coding.ULAW, "cn", HangUpVote(2, events), recording, lambda _: None, lambda _: None)
    far_end.stream_began(0.0)
    counted = 0
    for portion in range(1, 301):
        if portion == 150:
            far_end.overrun(portion * 0.02)
        if not 150 <= portion < 175:  # half a second is missing
            audio = bytes([0xFF] * 160)
            counted += len(far_end.audio_received(audio, lambda _begin, _samples: None, portion * 0.02))
    assert abs(counted - 300 * 160) <= 320


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=60))
def test_12_13_a_host_that_was_held_up_has_lost_nothing(stalls: list[float]) -> None:
    clock, line, told = LineClock(0.0), 0.0, 0.0
    for stall in stalls:
        told = max(told, line) + stall
        while line < told:
            line += 0.02
            assert clock.heard(160, max(told, line)) == 0


def test_12_14_the_rate_is_8000_give_or_take_half_a_percent() -> None:
    for factor, off in ((1.0, False), (1.004, False), (0.996, False), (1.02, True), (0.9, True)):
        clock = LineClock(0.0)
        for portion in range(1, 1501):
            clock.heard(round(160 * factor * portion) - round(160 * factor * (portion - 1)), portion * 0.02)
        assert (clock.off_rate() is not None) is off, factor
    assert LineClock(0.0).off_rate() is None
