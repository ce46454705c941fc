"""What a faithful emulator must do, points 5 to 7, 12 and 13: ringing, caller ID, off-hook, hang-up, tones."""

import numpy as np
import pytest

from drivers.emulator import Caller, Clearing, Exchange, Faults, LineState, Press, Wait
from drivers.emulator.audio import level_of, silence
from drivers.emulator.codecs import MU_LAW
from tests.unit.emulator.bench import Bench, audio_of, cleaned, steady

pytestmark = pytest.mark.unit


def test_11_05_ring_is_text_in_class_0_and_a_code_in_class_8() -> None:
    for line, wanted, other in (("AT", b"RING", b"\x10R"), ("AT+FCLASS=8", b"\x10R", b"RING")):
        bench = Bench(exchange=steady())
        bench.ask(line)
        bench.exchange.call(Caller.silent())
        heard = bench.run(12.0)
        assert heard.count(wanted) == 3
        assert other not in heard


def test_11_05_ring_comes_near_the_bursts_end_in_cadence() -> None:
    for seed in range(10):
        bench = Bench(exchange=Exchange(seed=seed))
        call = bench.exchange.call(Caller.silent())
        bench.run(22.0)
        assert [at - call.began - 1.0 - 5.0 * number for number, at in enumerate(call.rings_at)] == pytest.approx(
            5 * [0.0], abs=0.12
        )


def test_11_05_a_ring_and_an_ok_of_the_same_moment_have_an_order_and_a_ring_comes_between_echo_and_ok() -> None:
    orders = set()
    for after in np.arange(0.80, 1.02, 0.02):
        bench = Bench(exchange=steady())
        bench.exchange.call(Caller.silent())
        bench.run(float(after))
        orders.add(bench.ask("AT", 0.3))
    assert orders <= {
        b"AT\r\r\nOK\r\n",
        b"AT\r\r\nOK\r\n\r\nRING\r\n",
        b"AT\r\r\nRING\r\n\r\nOK\r\n",
        b"\r\nRING\r\nAT\r\r\nOK\r\n",
        b"\r\nRING\r\n",
    }
    assert b"AT\r\r\nRING\r\n\r\nOK\r\n" in orders
    assert b"AT\r\r\nOK\r\n\r\nRING\r\n" in orders


@pytest.mark.parametrize(
    ("caller", "wanted"),
    [
        (Caller.silent(), b"NMBR = 13812345678\r\n"),
        (Caller("p", number=None, presentation="private"), b"NMBR = P\r\n"),
        (Caller("o", number=None, presentation="unavailable"), b"NMBR = O\r\n"),
        (Caller("n", number=None, presentation="private", display_name="PRIVATE"), b"NAME = PRIVATE\r\n"),
    ],
)
def test_11_06_caller_id_after_the_first_ring_or_before_any(caller: Caller, wanted: bytes) -> None:
    for exchange, first in ((steady(), b"\r\nRING"), (Exchange(caller_id_delay=None), b"\r\nDATE")):
        bench = Bench(exchange=exchange)
        bench.ask("ATE0+VCID=1")
        bench.exchange.call(caller)
        heard = bench.run(3.0)
        assert heard.startswith(first)
        assert wanted in heard


def test_11_06_raw_split_missing_and_foreign_spellings() -> None:
    for faults, wanted in (
        (Faults(caller_id_form="mdmf-2"), b"\r\n8017"),
        (Faults(caller_id_form="number-only"), b"RING\r\n\r\nNMBR"),
        (Faults(caller_id_form="mesg"), b"MESG = 030B"),
        (Faults(caller_id_split=True), b"NMBR = 13812345678"),
    ):
        bench = Bench(exchange=steady(), faults=faults)
        bench.ask("ATE0+VCID=1")
        bench.exchange.call(Caller.silent())
        assert wanted in bench.run(3.0)


def test_11_06_dron_and_drof() -> None:
    bench = Bench(exchange=steady())
    bench.ask("ATE0+VDR=1,10")
    bench.exchange.call(Caller.silent())
    assert bench.run(1.5) == b"\r\nDROF=0\r\n\r\nDRON=10\r\n\r\nRING\r\n"


def test_11_07_off_hook_at_once_late_refused_or_still_ringing() -> None:
    bench = Bench(faults=Faults(late_ok=1.0))
    bench.ask("ATE0+FCLASS=8", 2.0)
    assert bench.ask("AT+VLS=1", 0.9) == b""
    assert bench.run(0.5) == b"\r\nOK\r\n"
    bench = Bench(faults=Faults(refuses_off_hook=1))
    bench.ask("ATE0+FCLASS=8")
    assert bench.ask("AT+VLS=1") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VLS=1") == b"\r\nOK\r\n"


@pytest.mark.parametrize("bursts", [1, 2, 3])
def test_11_07_ok_and_yet_it_rings_on(bursts: int) -> None:
    bench = Bench("usr5637", exchange=steady(), faults=Faults(keeps_ringing=bursts))
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.ask("ATE0+FCLASS=8")
    assert bench.ask("AT+VLS=1") == b"\x10H\r\nOK\r\n"
    assert bench.run(20.0) == bursts * b"\x10R"
    assert bench.exchange.off_hook


def after_hang_up(
    clearing: Clearing, personality: str = "conexant", *more: str
) -> tuple[np.ndarray, list[str], bytes]:
    bench = Bench(personality, exchange=Exchange(clearing=clearing, ring_jitter=0.0))
    bench.exchange.call(Caller.silent().hanging_up_after(3.0))
    bench.run(1.5)
    bench.answer("AT+VSM=131,8000", *more)
    bench.ask("AT+VRX", 0.3)
    while bench.exchange.state is not LineState.CLEARING:
        bench.run(0.02)
    heard = bench.run(12.0)
    return *audio_of(heard, MU_LAW), heard


@pytest.mark.parametrize(
    ("clearing", "codes", "level"),
    [
        (Clearing("silence"), [], -60),
        (Clearing("busy"), [], -19),
        (Clearing("congestion"), [], -19),
        (Clearing("dial", delay=2.0), [], -17),
        (Clearing("silence", code="b", code_after=2.0), ["b", "b", "b"], -60),
        (Clearing("silence", loop_drop=True), ["l"], -60),
    ],
)
def test_11_12_the_hang_up_of_each_line(clearing: Clearing, codes: list[str], level: float) -> None:
    samples, told, raw = after_hang_up(clearing)
    assert told == codes
    assert b"NO CARRIER" not in raw
    loudest = level_of(samples[64000 : 64000 + 22400])
    assert loudest < -55 if level == -60 else loudest == pytest.approx(level, abs=1.5)


def test_11_12_silence_is_told_by_the_modems_timer_where_it_has_one() -> None:
    assert "s" in after_hang_up(Clearing("silence"), "usr5637", "AT+VSD=128,30")[1]
    assert "s" not in after_hang_up(Clearing("silence"), "conexant", "AT+VSD=128,30")[1]


@pytest.mark.parametrize("frequency", [425.0, 450.0, 475.0])
@pytest.mark.parametrize("level", [-19.15, -13.15])
def test_11_13_tones_are_audio_within_the_standards_limits_and_unbroken(frequency: float, level: float) -> None:
    exchange = Exchange(tone_frequency=frequency, tone_level=level)
    exchange.go_off_hook()
    samples = np.concatenate([exchange.tick(silence())[0] for _ in range(100)])
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(16000)))
    assert np.argmax(spectrum) / 2 == pytest.approx(frequency, abs=0.5)
    assert level_of(samples) == pytest.approx(level, abs=0.1)
    peak = int(frequency * 2)
    beside = np.delete(spectrum, range(peak - 5, peak + 6))
    assert 20 * np.log10(beside.max() / spectrum.max()) < -40


def test_11_13_noise_hum_clipping_and_twist_on_request() -> None:
    def hears(exchange: Exchange, caller: Caller | None = None) -> np.ndarray:
        exchange.call(caller or Caller.silent())
        exchange.go_off_hook()
        return np.concatenate([exchange.tick(silence())[0] for _ in range(50)])

    assert level_of(hears(Exchange())) == pytest.approx(-66, abs=1)
    assert level_of(hears(Exchange(hum=-40.0))) == pytest.approx(-40, abs=1)
    assert np.abs(hears(Exchange(clip=-20.0), Caller.noisy("white", -10.0))).max() == pytest.approx(3277, abs=1)
    keys = hears(Exchange(line_noise=-90.0), Caller.following(Press("1", twist=8.0), Wait(1)))[:800]
    low, high = (abs(np.sum(keys * np.exp(-2j * np.pi * hz / 8000 * np.arange(800)))) for hz in (697, 1209))
    assert 20 * np.log10(high / low) == pytest.approx(8.0, abs=0.3)


def test_11_13_codes_and_audio_are_two_things() -> None:
    _, told, _ = after_hang_up(Clearing("busy"))
    assert cleaned(told) == []
