"""What the emulated line hears of the telephone that it has dialled, and what becomes of the call."""

import numpy as np
import pytest

from drivers.emulator import Called, Directory, Exchange, HangUp, LineState, Sound, Wait
from drivers.emulator.audio import level_of
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.shielding import shield
from tests.unit.emulator.bench import Bench, audio_of, tone

pytestmark = pytest.mark.unit

NUMBER = "13812345678"


def dialled(called: Called | None, personality: str = "conexant") -> Bench:
    """The line has dialled and listens."""
    bench = Bench(personality, exchange=Exchange(ring_jitter=0.0, line_noise=-80.0))
    bench.exchange.pbx = None if called is None else Directory({NUMBER: called})
    bench.ask("ATE0+FCLASS=8")
    bench.ask("AT+VSM=131,8000")
    assert bench.ask(f"ATDT{NUMBER};", 6.0) == b"\r\nOK\r\n"
    bench.ask("AT+VTR", 0.1)
    return bench


def bursts(bench: Bench, seconds: float) -> list[float]:
    """Seconds of each sound of the line, to a frame."""
    samples, _ = audio_of(bench.run(seconds), MU_LAW)
    loud = np.array([level_of(frame) > -40 for frame in samples[: len(samples) // 160 * 160].reshape(-1, 160)])
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(int), [0]))))
    return [round(0.02 * float(n), 2) for n in edges[1::2] - edges[::2]]


@pytest.mark.parametrize(
    ("called", "lengths"),
    [
        (Called.busy(), {0.36, 0.34}),
        (Called.congested(), {0.7}),
        (Called.vacant(), {0.1, 0.4}),
        (None, {0.1, 0.4}),
        (Called.absent(), {1.0}),
    ],
)
def test_the_tone_that_says_why(called, lengths):
    heard = bursts(dialled(called), 12.0)
    assert set(heard[1:-1]) <= {length + off for length in lengths for off in (-0.02, 0.0, 0.02)}, heard
    assert len(heard) > 1


def test_who_picks_up_says_his_words_and_hears_ours():
    words = tone(8000, 0.5)
    bench = dialled(Called.answering(Wait(0.5), Sound(words.astype(float)), Wait(1.0), HangUp(), after=2.0))
    bench.run(1.5)
    assert bench.exchange.state is LineState.CONNECTED
    assert bench.exchange.calls[-1].caller.number == NUMBER
    bench.feed(shield(MU_LAW.encode(words)))
    bench.run(3.0)
    assert level_of(bench.exchange.calls[-1].heard) > -30
    assert bench.exchange.state is LineState.CLEARING


def test_the_line_is_reversed_where_the_exchange_does_that():
    for reverses in (False, True):
        bench = dialled(Called.answering(after=2.0, reverses=reverses))
        _, codes = audio_of(bench.run(2.0), MU_LAW)
        assert ("l" in codes) == reverses


def test_nobody_comes_and_the_exchange_gives_up():
    bench = dialled(Called.absent())
    bench.run(58.0)
    assert set(bursts(bench, 6.0)[1:-1]) <= {0.34, 0.36}


def test_numbers_are_noted():
    bench = dialled(Called.busy())
    assert bench.exchange.pbx.dialled == [NUMBER]
