"""Ringing, caller ID, answering, release: what the host reads and what the exchange notes."""

import numpy as np
import pytest

from drivers.emulator import Caller, Exchange, Faults, LineEngagedError, LineState
from drivers.emulator.audio import level_of
from drivers.emulator.codecs import LINEAR_16
from tests.unit.emulator.bench import BOTH, Bench, audio_of, steady

pytestmark = pytest.mark.unit


def test_rings_come_at_the_end_of_each_burst_in_chinese_cadence() -> None:
    bench = Bench(exchange=steady())
    bench.exchange.call(Caller.silent())
    assert bench.run(0.9) == b""
    assert bench.run(0.2) == b"\r\nRING\r\n"
    assert bench.run(4.7) == b""
    assert bench.run(0.3) == b"\r\nRING\r\n"


def test_ring_times_jitter_but_never_by_more_than_said() -> None:
    bench = Bench(exchange=Exchange(ring_jitter=0.1, seed=3))
    bench.exchange.call(Caller.silent())
    times = [bench.exchange.now for _ in range(round(25.5 / 0.02)) if b"RING" in bench.run(0.02)]
    offsets = [at - (5 * number + 1) for number, at in enumerate(times)]
    assert len(times) == 5
    assert all(abs(offset) < 0.13 for offset in offsets)
    assert max(offsets) - min(offsets) > 0.02


@pytest.mark.parametrize(
    ("personality", "lines"),
    [
        ("conexant", b"\r\nDATE = 0317\r\n\r\nTIME = 1656\r\n\r\nNMBR = 13812345678\r\n"),
        ("usr5637", b"\r\nDATE=0317\r\n\r\nTIME=1656\r\n\r\nNMBR=13812345678\r\n"),
    ],
)
def test_caller_id_after_the_first_ring(personality: str, lines: bytes) -> None:
    bench = Bench(personality, exchange=steady())
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent())
    assert bench.run(3.0) == b"\r\nRING\r\n" + lines
    assert b"NMBR" not in bench.run(5.0)


def test_caller_id_only_when_asked_for_and_when_the_modem_can() -> None:
    for faults, line in ((Faults(), "AT"), (Faults(no_caller_id=True), "AT+VCID=1")):
        bench = Bench(faults=faults, exchange=steady())
        bench.ask(line)
        bench.exchange.call(Caller.silent())
        assert bench.run(3.0) == b"\r\nRING\r\n"


def test_private_and_unavailable_numbers() -> None:
    for presentation, letter in (("private", b"P"), ("unavailable", b"O")):
        bench = Bench("usr5637", exchange=steady())
        bench.ask("ATE0+VCID=1")
        bench.exchange.call(Caller("anonymous", number=None, presentation=presentation))
        assert b"NMBR=" + letter + b"\r\n" in bench.run(3.0)


def test_raw_caller_id_is_the_standards_message_with_its_checksum() -> None:
    bench = Bench(exchange=steady(), faults=Faults(caller_id_raw=True))
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent(number="2156430144"))
    text = bench.run(3.0).removeprefix(b"\r\nRING\r\n").decode().replace("\r\n", "")
    assert bytes.fromhex(text) == b"\x80\x16\x01\x0803171656\x02\x0a2156430144\xba"  # GB's own example


def test_british_order_is_caller_id_first() -> None:
    bench = Bench(exchange=Exchange(caller_id_delay=None))
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent())
    assert b"NMBR = 13812345678" in bench.run(0.1)


def test_in_class_8_a_ring_is_a_code() -> None:
    bench = Bench(exchange=steady())
    bench.ask("AT+FCLASS=8")
    bench.exchange.call(Caller.silent())
    assert bench.run(2.0) == b"\x10R"


def test_a_ring_in_the_middle_of_an_answer() -> None:
    bench = Bench(exchange=steady(), faults=Faults(ring_in_response=2))
    bench.ask("ATE0")
    bench.exchange.call(Caller.silent())
    bench.run(2.0)
    assert bench.ask("AT+FCLASS=8") == b"\x10R\r\nOK\r\n"
    assert bench.ask("AT+VGT=128") == b"\x10R\r\nOK\r\n"
    assert bench.ask("AT+VGT=128") == b"\r\nOK\r\n"


def test_one_who_rings_off_is_reported_unanswered() -> None:
    bench = Bench(exchange=steady())
    call = bench.exchange.call(Caller.ringing_off(7.5))
    assert bench.run(12.0).count(b"RING") == 2
    assert call.report is not None
    assert (call.report.answered, call.report.rings, call.report.released_by) == (False, 2, "caller")
    assert bench.exchange.state is LineState.IDLE


def test_the_exchange_itself_gives_up_after_a_minute() -> None:
    bench = Bench(exchange=steady())
    call = bench.exchange.call(Caller.silent())
    bench.run(61)
    assert call.report is not None
    assert (call.report.rings, call.report.released_by) == (12, "exchange")


def test_a_second_caller_finds_the_line_engaged() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    with pytest.raises(LineEngagedError, match="ringing"):
        bench.exchange.call(Caller.silent())


@BOTH
def test_answer_in_the_gap_is_noted(personality: str) -> None:
    bench = Bench(personality, exchange=steady())
    call = bench.exchange.call(Caller.silent())
    bench.run(6.2)
    bench.answer()
    assert bench.exchange.state is LineState.CONNECTED
    assert b"R" not in bench.run(6.0)
    bench.ask("ATH")
    assert call.report is not None
    assert (call.report.answered, call.report.rings, call.report.released_by) == (True, 2, "modem")
    assert not call.report.answered_in_burst
    assert 6.2 < (call.report.answered_after or 0) < 10


def test_usr_reports_its_own_off_hook() -> None:
    bench = Bench("usr5637")
    bench.exchange.call(Caller.silent())
    bench.ask("ATE0")
    bench.ask("AT+FCLASS=8")
    assert bench.ask("AT+VLS=1") == b"\x10H\r\nOK\r\n"


@pytest.mark.parametrize("bursts", [1, 3])
def test_a_modem_that_goes_on_ringing_after_its_ok(bursts: int) -> None:
    bench = Bench("usr5637", exchange=steady(), faults=Faults(keeps_ringing=bursts))
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    assert not bench.exchange.off_hook
    assert bench.run(5.0 * bursts).count(b"\x10R") == bursts
    assert bench.exchange.off_hook


def test_usr_loses_the_call_when_answered_again_after_audio() -> None:
    bench = Bench("usr5637")
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    bench.ask("AT+VTX")
    bench.core.receive(b"\x10\x03")
    bench.run(0.5)
    assert bench.exchange.off_hook
    bench.ask("AT+VLS=1")
    assert not bench.exchange.off_hook


def test_off_hook_with_nobody_there_is_dial_tone() -> None:
    bench = Bench("usr5637")
    bench.answer("AT+VSM=129,8000")
    bench.ask("AT+VRX", 0.5)
    samples, _ = audio_of(bench.run(1.0), LINEAR_16)
    spectrum = np.abs(np.fft.rfft(samples[:8000]))
    assert int(np.argmax(spectrum)) == 450
    assert level_of(samples) == pytest.approx(-16.15, abs=0.3)
