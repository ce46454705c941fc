"""What comes over the line after the caller has hung up."""

from itertools import pairwise

import numpy as np
import pytest

from drivers.emulator import (
    Caller,
    Clearing,
    Exchange,
    LineState,
)
from drivers.emulator.audio import level_of, silence
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.signals import LoopDropped
from tests.unit.emulator.bench import Bench, audio_of, cleaned

pytestmark = pytest.mark.unit


def cleared(clearing: Clearing, personality: str = "conexant") -> tuple[np.ndarray, list[str]]:
    """12 s of line after the caller has gone."""
    bench = Bench(personality, exchange=Exchange(clearing=clearing, ring_jitter=0.0))
    bench.exchange.call(Caller.silent().hanging_up_after(3.0))
    bench.run(1.5)
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VRX", 0.3)
    while bench.exchange.state is not LineState.CLEARING:
        bench.run(0.02)
    return audio_of(bench.run(12.0), MU_LAW)


def cadence(samples: np.ndarray) -> list[float]:
    """Lengths in seconds of the stretches of sound and quiet, sound first; the first and last are cut off."""
    loud = [level_of(frame) > -40 for frame in samples.reshape(-1, 40)]
    edges = [0, *(at for at in range(1, len(loud)) if loud[at] != loud[at - 1]), len(loud)]
    lengths = [(b - a) * 40 / 8000 for a, b in pairwise(edges)]
    return lengths[0 if loud[0] else 1 : -1]


@pytest.mark.parametrize(("sound", "length"), [("busy", 0.35), ("congestion", 0.7)])
def test_the_tone_after_a_hang_up_has_frequency_level_and_cadence(sound: str, length: float) -> None:
    samples, codes = cleared(Clearing(sound))
    assert all(stretch == pytest.approx(length, abs=0.011) for stretch in cadence(samples))
    assert len(cadence(samples)) > 10
    on = samples[2400 : 2400 + 2400]
    assert int(np.argmax(np.abs(np.fft.rfft(on)))) * 8000 / 2400 == pytest.approx(450, abs=4)
    assert level_of(on) == pytest.approx(-16.15, abs=0.4)
    assert codes == []


def test_dial_tone_is_unbroken_in_phase() -> None:
    samples, _ = cleared(Clearing("dial"))
    steady_part = samples[4000:92000].astype(float)
    spectrum = np.abs(np.fft.rfft(steady_part * np.hanning(len(steady_part))))
    peak = int(np.argmax(spectrum))
    assert peak * 8000 / len(steady_part) == pytest.approx(450, abs=0.1)
    beside = np.delete(spectrum, range(peak - 5, peak + 6))
    assert 20 * np.log10(beside.max() / spectrum[peak]) < -40


def test_silence_after_a_hang_up_is_only_line_noise() -> None:
    samples, codes = cleared(Clearing("silence"))
    assert level_of(samples) < -60
    assert codes == []


def test_a_tone_may_stop() -> None:
    samples, _ = cleared(Clearing("busy", lasts=3.0))
    assert level_of(samples[: 3 * 8000]) > -22
    assert level_of(samples[4 * 8000 :]) < -60


def test_codes_of_a_hang_up_as_far_as_the_family_knows_them() -> None:
    clearing = Clearing("silence", loop_drop=True, code="b", code_after=2.0)
    assert cleared(clearing)[1] == ["l", "b", "b", "b"]
    assert cleaned(cleared(clearing, "usr5637")[1]) == ["b", "b", "b"]


@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_the_loop_drops_once_whenever_the_caller_hangs_up(delay: float) -> None:
    exchange = Exchange(clearing=Clearing("silence", delay=delay, loop_drop=True))
    for _ in range(100):
        exchange.call(Caller.silent().hanging_up_after(0.1))
        exchange.go_off_hook()
        signals = [signal for _ in range(31) for signal in exchange.tick(silence())[1]]
        exchange.go_on_hook()
        assert signals.count(LoopDropped()) == 1, f"hung up before {exchange.now} s"


def test_the_report_tells_how_long_the_line_was_held_after_the_hang_up() -> None:
    bench = Bench("usr5637")
    call = bench.exchange.call(Caller.silent().hanging_up_after(2))
    bench.run(1.5)
    bench.answer()
    bench.run(7.0)
    bench.ask("ATH")
    assert call.report is not None
    assert call.report.released_by == "caller"
    assert call.report.held_after_hang_up == pytest.approx(6.0, abs=1.0)
    assert call.report.talk_time == pytest.approx(2.0, abs=0.05)
