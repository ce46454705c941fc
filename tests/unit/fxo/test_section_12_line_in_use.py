"""v253 §2: a Conexant may answer +VLS=1 by what it finds on the line: another telephone, or no voltage at all."""

import asyncio

import pytest

from drivers.fxo.answering import ATTEMPTS
from drivers.fxo.at import Result, result_of
from drivers.line import (
    Answer,
    Answered,
    FarEndHungUp,
    HandsetLifted,
    LegFailed,
    LegReleased,
    LineEvent,
    Release,
    RingBurst,
)
from tests.unit.fxo.virtual_line import OK, VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

SAID = ["LINE IN USE", "OFF HOOK INTRUSION", "line  in use"]
PERIOD = 5.0


async def answers(said: list[str], rings: int, profile: str = "conexant") -> VirtualLine:
    """A line whose modem answers +VLS=1 so, then by OK, and that rings so often; the first ring is answered."""
    replies = [f"\r\n{words}\r\n".encode() for words in said]
    line = VirtualLine(profile=profile, answers={"AT+VLS=1": replies})

    def then(event: LineEvent) -> None:
        match event:
            case RingBurst(leg=leg, number=1):
                line.call.execute(Answer(leg))
            case HandsetLifted(leg=leg) | FarEndHungUp(leg=leg) | Answered(leg=leg):
                line.call.execute(Release(leg))

    line.journal.then = then
    for number in range(rings):
        line.ring(number * PERIOD)
    await asyncio.sleep(40.0)
    await line.close()
    return line


@pytest.mark.parametrize("profile", ["conexant", "generic"])
@pytest.mark.parametrize("words", SAID)
def test_12_09_a_line_in_use_when_it_is_answered_is_a_parallel_telephones(words: str, profile: str) -> None:
    line = in_virtual_time(answers([words], 1, profile))
    assert line.journal.events[2:] == [HandsetLifted("leg1"), LegReleased("leg1")]
    assert line.commands.count("AT+VLS=1") == 1, "who has answered there is not talked over"
    assert line.commands[-3:] == ["AT+VLS=0", "ATH", "AT+FCLASS=0"]


@pytest.mark.parametrize("words", SAID)
def test_12_10_a_line_in_use_that_rings_on_is_answered_in_the_next_gap(words: str) -> None:
    line = in_virtual_time(answers([words], 2))
    assert not line.journal.of(HandsetLifted)
    assert not line.journal.of(FarEndHungUp)
    assert line.journal.names()[-2:] == ["Answered", "LegReleased"]
    first, second = (at for at, command in zip(line.times, line.commands, strict=True) if command == "AT+VLS=1")
    assert second - first > 3.0, "not before the ring that shows it"


def test_12_10_a_line_always_in_use_that_never_stops_ringing_is_not_answered_for_ever() -> None:
    line = in_virtual_time(answers(["LINE IN USE"] * ATTEMPTS, ATTEMPTS + 1))
    assert line.commands.count("AT+VLS=1") == ATTEMPTS
    assert line.journal.names()[-1] == "LegFailed"
    assert not line.journal.of(Answered)
    assert not line.journal.of(HandsetLifted)


def test_12_10_no_line_is_tried_again_and_then_told_with_its_cure() -> None:
    line = in_virtual_time(answers(["NO LINE"] * ATTEMPTS, 1))
    (failed,) = line.journal.of(LegFailed)
    assert line.commands.count("AT+VLS=1") == ATTEMPTS
    assert "NO LINE" in failed.detail
    assert "cable" in failed.detail
    assert not line.journal.of(HandsetLifted)


def test_12_10_no_line_in_a_moment_is_answered_in_the_next() -> None:
    line = in_virtual_time(answers(["NO LINE"], 1))
    assert line.journal.names()[-2:] == ["Answered", "LegReleased"]


def test_02_what_a_conexant_finds_on_the_line_ends_a_command() -> None:
    assert [result_of(words) for words in SAID] == [Result.NO_CARRIER] * len(SAID)
    assert result_of("NO LINE") is Result.NO_LINE
    assert result_of(OK.decode().strip()) is Result.OK
