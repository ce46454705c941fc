"""The rehearsal of a person at the bench: somebody else's hands do what the person is asked to do."""

import asyncio
from pathlib import Path

import pytest
from labgrid import Target, target_factory

from hw_tests import test_audio, test_digits, test_hang_up, test_ringing
from hw_tests.bench import person
from hw_tests.bench.emulated_far_end import EmulatedFarEndDriver
from hw_tests.bench.far_end import FarEnd, Means
from hw_tests.bench.findings import Findings, Limit
from hw_tests.bench.tones import tone
from hw_tests.bench.voice_modem import VoiceModemDriver


class Hands:
    """A Terminal that does at once what is asked, on the emulated exchange."""

    def __init__(self, far_end: EmulatedFarEndDriver) -> None:
        self._far_end, self._loop = far_end, asyncio.get_running_loop()
        self.asked: list[str] = []

    def ask(self, text: str) -> str:
        self.asked.append(text.split()[0])
        work = {
            "Press Enter, then call": self._far_end.ring,
            "Speak": lambda: self._far_end.send(tone(300, -20, 2.0)),
            "Press the keys": lambda: self._far_end.press(test_digits.KEYS),
            "Hang up": lambda: self._far_end.hang_up(Means.BUSY),
            "See that": self._far_end.free,
        }
        for words, do in work.items():
            if text.startswith(words):
                asyncio.run_coroutine_threadsafe(do(), self._loop).result(60)
                return ""
        return "y" if text.endswith("(y/n)") else pytest.fail(f"asked for {text!r}")


@pytest.fixture
async def someone(far_end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> FarEnd:
    """A person with a line simulator that knows busy tone, and with the emulated far end's hands."""
    if not isinstance(far_end, EmulatedFarEndDriver):
        pytest.skip("the rehearsal of a person needs the emulated far end's hands")
    monkeypatch.setattr(person, "terminal", Hands(far_end))
    wanted = {"number": far_end.number, "can": ["busy"]}
    driver: FarEnd = target_factory.make_driver(Target("rehearsal"), "PersonDriver", None, wanted)
    return driver


@pytest.fixture
def found(limits: dict[str, Limit], facts: dict[str, str]) -> Findings:
    """What the rehearsal finds: not a modem's figures, so not for the report."""
    return Findings(limits)


def check(found: Findings, *measured: str, unmeasured: int = 0) -> None:
    """What a person can tell was told, and only what he cannot was left out."""
    assert not found.broken
    assert {figure.name for figure in found.figures if figure.kept} >= set(measured)
    left_out = [figure.value for figure in found.figures if figure.kept is None]
    assert len(left_out) == unmeasured
    assert all(reason.startswith("the person at the bench cannot") for reason in left_out)


async def test_a_person_hears_the_prompt(
    modem: VoiceModemDriver, someone: FarEnd, found: Findings, folder: Path
) -> None:
    await test_audio.test_a_prompt_is_heard_whole_at_the_far_end(modem, someone, found, folder / "person")
    check(found, "prompt heard as one steady tone", unmeasured=len(test_audio.PLAYBACK))


async def test_a_person_is_recorded(
    modem: VoiceModemDriver, someone: FarEnd, found: Findings, folder: Path
) -> None:
    await test_audio.test_the_far_end_is_recorded_as_it_sounds(modem, someone, found, folder / "person")
    check(found, "level of the voice recorded", "noise floor", unmeasured=len(test_audio.RECORDED))


async def test_a_person_presses_keys(modem: VoiceModemDriver, someone: FarEnd, found: Findings) -> None:
    await test_digits.test_keys_pressed_at_the_far_end(modem, someone, found)
    check(found, "keys received")


async def test_a_person_hangs_up(modem: VoiceModemDriver, someone: FarEnd, found: Findings) -> None:
    await test_hang_up.test_a_hang_up_is_noticed(modem, someone, found, Means.BUSY)
    check(found, "busy noticed after")
    with pytest.raises(pytest.skip.Exception, match="cannot make the line give congestion tone"):
        await test_hang_up.test_a_hang_up_is_noticed(modem, someone, found, Means.CONGESTION)


async def test_a_person_rings(modem: VoiceModemDriver, someone: FarEnd, found: Findings) -> None:
    await test_ringing.test_a_call_is_answered_in_the_gap_after_ring_2_and_its_caller_known(modem, someone, found)
    check(found, "rings before the answer", "caller ID", unmeasured=2)
