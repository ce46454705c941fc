"""What happens on the wires: cadences, distinctive rings, a second caller, a handset beside the modem."""

import numpy as np
import pytest

from drivers.emulator import CADENCES, Caller, Clearing, Exchange, Faults, LineState, Press, Wait
from drivers.emulator.audio import level_of, silence
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.signals import RingEnded
from tests.unit.emulator.bench import Bench, audio_of, cleaned, steady

pytestmark = pytest.mark.unit


def ring_times(exchange: Exchange, caller: Caller | None = None, seconds: float = 50.0) -> list[float]:
    exchange.call(caller or Caller.silent())
    began = exchange.now
    times = []
    while exchange.now < began + seconds:
        if any(isinstance(signal, RingEnded) for signal in exchange.tick(silence())[1]):
            times.append(exchange.now - began)
    return times


@pytest.mark.parametrize(
    ("country", "first", "period"), [("cn", 1.0, 5.0), ("us", 2.0, 6.0), ("uk", 1.0, 3.0), ("tw", 1.0, 3.0)]
)
def test_cadences_of_countries(country: str, first: float, period: float) -> None:
    times = ring_times(Exchange(cadence=CADENCES[country], ring_jitter=0.0))
    assert times[0] == pytest.approx(first, abs=0.03)
    assert np.diff(times) == pytest.approx(period, abs=0.03)


def test_a_cadence_is_spread_by_ten_per_cent_and_no_more() -> None:
    gaps = np.concatenate(
        [np.diff(ring_times(Exchange(cadence_spread=0.1, ring_jitter=0.0, seed=seed))) for seed in range(20)]
    )
    assert gaps.min() >= 4.5 - 0.03
    assert gaps.max() <= 5.5 + 0.03
    assert gaps.max() - gaps.min() > 0.5


def test_a_distinctive_ring_has_its_letter_and_its_cadence() -> None:
    bench = Bench(exchange=steady())
    bench.exchange.call(Caller.silent().ringing_as("B", (0.8, 0.4, 0.8, 4.0)))
    assert bench.run(8.1) == b"\r\nRING B\r\n\r\nRING B\r\n"


def test_vdr_tells_the_lengths_of_bursts_with_ring_or_without() -> None:
    for setting, ring in (("1,10", b"\r\nRING\r\n"), ("1,0", b"")):
        bench = Bench(exchange=steady())
        bench.ask(f"ATE0+VDR={setting}")
        bench.exchange.call(Caller.silent().ringing_as("", (1.1, 4.0, 2.0, 4.0)))
        heard = bench.run(9.0)
        assert heard == b"\r\nDROF=0\r\n\r\nDRON=11\r\n\r\nDROF=40\r\n\r\nDRON=20\r\n" + ring


def in_call(personality: str, faults: Faults | None = None, *more: str) -> Bench:
    bench = Bench(personality, faults=faults, exchange=Exchange(ring_jitter=0.0, line_noise=-90.0))
    bench.exchange.call(Caller.noisy("white", -20.0))
    bench.run(1.5)
    bench.answer("AT+VCID=1", *more, "AT+VSM=131,8000")
    bench.ask("AT+VTR", 0.3)
    return bench


SECOND = Caller("second", number="053188887777")


def test_a_second_caller_in_mid_call_is_told_by_codes() -> None:
    for personality, codes in (("conexant", ["R", "X", "."]), ("usr5637", ["@", "R"])):
        bench = in_call(personality)
        bench.exchange.call_waiting(SECOND)
        heard = bench.run(1.0)
        assert cleaned(audio_of(heard, MU_LAW)[1]) == codes
        assert (b"NMBR = 053188887777" in heard) == (personality == "conexant")


def test_a_second_caller_in_mid_call_is_told_by_text() -> None:
    bench = in_call("conexant", Faults(call_waiting_as_text=True))
    bench.exchange.call_waiting(SECOND)
    assert b"\r\nRING\r\n\r\nDATE = 0317\r\n" in bench.run(1.0)
    assert bench.exchange.state is LineState.CONNECTED


def test_nobody_waits_where_nobody_talks() -> None:
    bench = Bench()
    bench.exchange.call_waiting(SECOND)
    assert bench.run(1.0) == b""


@pytest.mark.parametrize(
    ("personality", "switch", "codes"),
    [
        ("conexant", "AT-STE=2", ["P", "p"]),
        ("conexant", "AT-STE=0", []),
        ("usr5637", "AT", ["H", "h"]),
        ("v253", "AT", ["H", "h"]),
    ],
)
def test_a_handset_is_told_by_its_familys_codes(personality: str, switch: str, codes: list[str]) -> None:
    bench = Bench(personality, exchange=steady())
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer(switch)
    assert bench.exchange.voltage == 8.0
    bench.exchange.lift_handset()
    assert bench.exchange.voltage == 5.0
    heard = bench.run(0.5)
    bench.exchange.put_down_handset()
    assert heard + bench.run(0.5) == b"".join(b"\x10" + code.encode() for code in codes)
    assert bench.exchange.state is LineState.CONNECTED


def test_a_handset_takes_4_db_and_keeps_the_call_when_the_modem_goes() -> None:
    bench = in_call("usr5637")
    before = level_of(audio_of(bench.run(1.0), MU_LAW)[0])
    bench.exchange.lift_handset()
    assert level_of(audio_of(bench.run(1.0), MU_LAW)[0]) == pytest.approx(before - 4, abs=0.5)
    bench.core.receive(b"\x10\x03")
    bench.run(0.5)
    bench.ask("ATH")
    call = bench.exchange.calls[0]
    bench.run(5.0)
    assert not bench.exchange.off_hook
    assert bench.exchange.state is LineState.CONNECTED
    assert call.report is None
    bench.exchange.put_down_handset()
    assert call.report is not None
    assert call.report.released_by == "handset"
    assert bench.exchange.voltage == 48.0


def test_a_handset_may_answer_before_the_modem() -> None:
    bench = Bench(exchange=steady())
    bench.exchange.call(Caller.silent().hanging_up_after(3))
    bench.run(2.0)
    bench.exchange.lift_handset()
    assert bench.run(10.0) == b""
    assert bench.exchange.state is LineState.CLEARING
    bench.exchange.put_down_handset()
    assert bench.exchange.free


@pytest.mark.parametrize("first", ["caller", "modem"])
def test_a_key_held_when_the_call_ends_is_told_no_more(first: str) -> None:
    caller = Caller.following(Wait(3), Press("5"))
    bench = Bench("v253", exchange=steady())
    bench.exchange.call(caller.hanging_up_after(3.06) if first == "caller" else caller)
    bench.run(1.5)
    bench.answer()
    assert any(bench.run(0.02) == b"\x10/\x105" for _ in range(200))
    if first == "modem":
        bench.core.drop_dtr()
    told = bench.run(5.0)
    assert told == (b"\x10~" if first == "caller" else b"")


def test_hum_clipping_and_tones_off_their_mark() -> None:
    def heard(exchange: Exchange) -> np.ndarray:
        exchange.go_off_hook()
        return np.concatenate([exchange.tick(silence())[0] for _ in range(100)])

    def peak(samples: np.ndarray) -> float:
        return float(np.argmax(np.abs(np.fft.rfft(samples))) * 8000 / len(samples))

    assert peak(heard(Exchange(tone_frequency=472.0))) == 472.0
    assert level_of(heard(Exchange(tone_level=-19.0))) == pytest.approx(-19.0, abs=0.1)
    assert peak(heard(Exchange(dial_tone=False, hum=-40.0))) == 50.0
    assert np.abs(heard(Exchange(clip=-20.0))).max() == pytest.approx(3277, abs=1)


@pytest.mark.parametrize("twist", [-8.0, 8.0])
def test_keys_with_twist(twist: float) -> None:
    exchange = Exchange(line_noise=-90.0)
    exchange.call(Caller.following(Press("1", twist=twist)))
    exchange.go_off_hook()
    samples = np.concatenate([exchange.tick(silence())[0] for _ in range(5)])
    low, high = (abs(np.sum(samples * np.exp(-2j * np.pi * hz / 8000 * np.arange(800)))) for hz in (697, 1209))
    assert 20 * np.log10(high / low) == pytest.approx(twist, abs=0.3)


def test_the_sound_of_a_whole_call_is_the_same_for_a_seed() -> None:
    def sound(seed: int) -> bytes:
        bench = Bench(exchange=Exchange(cadence_spread=0.1, seed=seed, clearing=Clearing("busy")))
        bench.exchange.call(Caller.noisy().hanging_up_after(3))
        bench.run(2.5)
        bench.answer("AT+VSM=131,8000")
        return bench.ask("AT+VRX", 6.0)

    assert sound(5) == sound(5) != sound(6)
