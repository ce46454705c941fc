"""Section 12.10, once audio runs: what rings then is call waiting, unless it plainly is the same ringing."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    HandsetLifted,
    LegReleased,
    LineEvent,
    Play,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from drivers.voice.espeak import speak
from tests.unit.fxo.virtual_line import DLE_RING, ERROR, VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

SEIZING = ("AT+VLS=1", "AT+FCLASS=8")
ULAW_BIAS = 33


def ulaw(samples: np.ndarray) -> bytes:
    """G.711 by its definition, without the driver's own coder."""
    coded = bytearray()
    for sample in samples.astype(int):
        magnitude = min(abs(int(sample)) >> 2, 8158) + ULAW_BIAS
        segment = magnitude.bit_length() - 6
        code = (segment << 4) | ((magnitude >> (segment + 1)) & 15)
        coded.append(~(code | (0x80 if sample < 0 else 0)) & 0xFF)
    return bytes(coded)


async def proven(profile: str) -> VirtualLine:
    """A line in its second call: the first has proved the modem's off-hook; `sound` may be changed."""
    line = VirtualLine(profile=profile)
    line.experience.stopped_ringing()

    def then(event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number == 1:
            line.call.execute(Answer(event.leg))

    line.journal.then = then
    line.ring()
    await line.journal.wait(Answered)
    return line


@pytest.fixture
def prompt(tmp_path: Path) -> str:
    with WavWriter(tmp_path / "prompt.wav") as writer:
        writer.write(speak("您好,请稍等。"))
    return str(tmp_path / "prompt.wav")


async def released(line: VirtualLine) -> None:
    line.call.execute(Release("leg1"))
    await line.journal.wait(LegReleased)
    await line.close()


@pytest.mark.parametrize("after", [2.3, 3.2, 4.2])
def test_12_10_one_ring_after_the_answer_drops_no_call_of_a_modem_that_has_proved_itself(after: float) -> None:
    async def story() -> None:
        line = await proven("usr5637")
        talking = len(line.commands)
        line.say(DLE_RING, after)
        await asyncio.sleep(30.0)
        assert not [command for command in line.commands[talking:] if command in SEIZING]
        assert line.stream == "AT+VTR"
        await released(line)

    in_virtual_time(story())


def test_12_10_a_line_that_rings_on_in_its_beat_is_taken_again_even_from_a_modem_that_has_proved_itself() -> None:
    async def story() -> None:
        line = await proven("usr5637")
        talking = len(line.commands)
        for burst in (1, 2):
            line.say(DLE_RING, 5.0 * burst - 0.4)
        await asyncio.sleep(15.0)
        assert "AT+VLS=1" in line.commands[talking:]
        assert [event.number for event in line.journal.of(RingBurst)] == [1, 3], "what the customer heard"
        await released(line)

    in_virtual_time(story())


def test_12_09_a_telephone_lifted_as_a_stream_begins_anew_is_seen_with_a_half_duplex_modem(prompt: str) -> None:
    async def story() -> None:
        line = VirtualLine(profile="conexant", answers={"AT+VTR": ERROR})

        def then(event: LineEvent) -> None:
            if isinstance(event, RingBurst) and event.number == 1:
                line.call.execute(Answer(event.leg))

        line.journal.then = then
        line.ring()
        await line.journal.wait(Answered)
        await asyncio.sleep(6.0)
        line.on_command = lambda command: line.say(b"\x10P", 0.5) if command == "AT+VTX" else None
        line.call.execute(Play("leg1", 1, (prompt,)))
        await line.journal.wait(HandsetLifted)
        await released(line)

    in_virtual_time(story())


@pytest.mark.parametrize("profile", ["usr5637", "conexant"])
def test_12_10_nothing_that_rings_drops_a_call_in_which_somebody_was_heard(profile: str) -> None:
    async def story() -> None:
        said = ulaw(speak("喂,您好,我想问一下燃气费的事情。") * 0.5)
        frames = [said[at : at + 160] for at in range(0, len(said) - 160, 160)]
        line = await proven(profile)
        line.sound = lambda: frames.pop(0).replace(b"\x10", b"\x11") if frames else bytes([0xFF] * 160)
        heard = await line.journal.wait(VerdictReached, count=1)
        while heard.verdict is Verdict.SILENT:
            heard = await line.journal.wait(VerdictReached, count=len(line.journal.of(VerdictReached)) + 1)
        talking = len(line.commands)
        for burst in (1, 2, 3):
            line.say(DLE_RING, 5.0 * burst - 3.0)
        await asyncio.sleep(20.0)
        assert not [command for command in line.commands[talking:] if command in SEIZING]
        await released(line)

    in_virtual_time(story())
