"""What a profile states, seen in the commands of a whole call on the family's emulated modem, in virtual time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from drivers.emulator import Caller, Faults
from drivers.emulator.personalities import personality_of
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    Play,
    PlayFinished,
    Release,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit


def commands_of_a_call(
    family: str, firmware: str | None = None, prompts: Sequence[Path] = (), **switches: object
) -> list[str]:
    """Every command line of one answered call, from its first ring to on-hook; `prompts` are played to their ends,
    one after the other, each heard out for a second."""
    modem = VirtualModem(family, Faults(**switches))
    modem.personality = personality_of(family, firmware)
    modem.core = modem._powered_up()

    async def story(line: FxoLine) -> None:
        journal = Journal()
        await line.open(journal)
        modem.commands.clear()
        modem.exchange.call(Caller.silent())
        offer = await journal.wait(CallOffered)
        line.execute(Answer(offer.leg))
        await journal.wait(Answered)
        for number, prompt in enumerate(prompts, 1):
            line.execute(Play(offer.leg, number, (str(prompt),)))
            assert (await journal.wait(PlayFinished, count=number)).complete
            await asyncio.sleep(1.0)
        line.execute(Release(offer.leg))
        await journal.wait(LegReleased)

    in_virtual_time(lambda: with_line(modem, story))
    return [line for line in bytes(modem.commands).decode("latin-1").split("\r") if line.startswith("AT")]


@pytest.mark.parametrize(
    ("family", "sources"), [("usr5637", [1, 5, 0]), ("multitech", [1, 0]), ("conexant", [1, 0])]
)
def test_13_the_record_source_is_set_once_before_a_half_duplex_call_is_heard(
    family: str, sources: list[int], tmp_path: Path
) -> None:
    """However often it turns between listening and playing: +VLS in the middle of a call may drop it."""
    prompt = tmp_path / "prompt.wav"
    with WavWriter(prompt) as writer:
        writer.write(np.zeros(8000, dtype=np.int16))
    commands = commands_of_a_call(family, prompts=(prompt, prompt), no_duplex=True)
    assert commands.count("AT+VTX") == 2
    assert commands.count("AT+VRX") == 3
    assert [command for command in commands if "+VLS" in command] == [f"AT+VLS={number}" for number in sources]
    if 5 in sources:
        assert commands.index("AT+VTR") < commands.index("AT+VLS=5") < commands.index("AT+VRX")


@pytest.mark.parametrize(
    ("family", "code", "sign"),
    [
        ("conexant", "l", HangUpSign.LOOP_DROP),
        ("usr5637", "l", None),  # not its code: noise that looks like one
        ("multitech", "K", HangUpSign.BUSY_TONE),
        ("v253", "K", HangUpSign.CONGESTION_TONE),
        ("conexant", "K", None),
    ],
)
def test_5_a_code_ends_a_call_by_the_family_s_meaning(family: str, code: str, sign: HangUpSign | None) -> None:
    modem = VirtualModem(family)
    heard: list[HangUpSign] = []

    async def story(line: FxoLine) -> None:
        journal = Journal()
        await line.open(journal)
        modem.exchange.call(Caller.silent())
        offer = await journal.wait(CallOffered)
        line.execute(Answer(offer.leg))
        await journal.wait(Answered)
        for _ in range(4):
            await asyncio.sleep(3.0)
            modem.core.notify(code)
        heard.extend(event.sign for event in journal.of(FarEndHungUp))

    in_virtual_time(lambda: with_line(modem, story))
    assert heard == ([sign] if sign else [])


def test_13_a_full_duplex_call_keeps_the_line_s_own_source() -> None:
    assert "AT+VLS=5" not in commands_of_a_call("usr5637")


@pytest.mark.parametrize(
    ("family", "firmware", "asked"),
    [
        ("conexant", None, ["AT+VSM=131,8000"]),
        ("conexant", "manual", ["AT+VSM=1,8000", "AT+VSM=1,8000,0,0"]),
        ("usr5637", None, ["AT+VSM=131,8000"]),
        ("silabs", None, ["AT+VSM=4,8000"]),
        ("cirrus", None, ["AT+VSM=0,8000"]),
        ("generic", None, ["AT+VSM=4,8000"]),
    ],
)
def test_3_2_the_coding_is_asked_for_in_the_family_s_form(
    family: str, firmware: str | None, asked: list[str]
) -> None:
    commands = commands_of_a_call(family, firmware)
    assert [command for command in commands if "+VSM" in command] == asked


@pytest.mark.parametrize(
    "family", ["conexant", "usr5637", "zoom3095", "multitech", "silabs", "cirrus", "v253", "generic"]
)
def test_12_17_every_family_is_left_on_hook_in_class_0(family: str) -> None:
    assert commands_of_a_call(family)[-3:] == ["AT+VLS=0", "ATH", "AT+FCLASS=0"]
