"""Audio both ways: what the caller hears, what the host reads, how a stream begins and ends."""

import numpy as np
import pytest

from drivers.emulator import Caller, Faults
from drivers.emulator.audio import level_of
from drivers.emulator.codecs import A_LAW, LINEAR_16, MU_LAW, UNSIGNED_8
from drivers.emulator.shielding import shield
from tests.unit.emulator.bench import BOTH, Bench, audio_of, tone

pytestmark = pytest.mark.unit


@BOTH
@pytest.mark.parametrize("kind", ["law", "linear"])
def test_the_caller_hears_what_was_played_to_the_sample(personality: str, kind: str) -> None:
    number, codec = {
        ("conexant", "law"): ("131,8000", MU_LAW),
        ("conexant", "linear"): ("1,8000,0,0", UNSIGNED_8),
        ("usr5637", "law"): ("130,8000", A_LAW),
        ("usr5637", "linear"): ("129,8000", LINEAR_16),
    }[personality, kind]
    bench = Bench(personality)
    call = bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer(f"AT+VSM={number}")
    played = np.random.default_rng(1).integers(-32768, 32767, 8000).astype(np.int16)
    bench.ask("AT+VTX", 0.3)
    stream = codec.encode(played)
    assert b"\x10" in stream
    bench.feed(shield(stream) + b"\x10\x03")
    assert bench.run(1.5).endswith(b"\r\nOK\r\n")
    heard = call.heard
    start = int(np.argmax(heard != 0)) - int(np.argmax(codec.decode(stream) != 0))
    assert np.array_equal(heard[start : start + len(played)], codec.decode(stream))


def test_underrun_is_reported_once_until_fed_again() -> None:
    bench = Bench("usr5637")
    bench.answer("AT+VSM=128,8000")
    assert bench.ask("AT+VTX") == b"\r\nCONNECT\r\n\x10u"
    assert bench.feed(bytes(320 * [0x80])) == b""
    assert bench.run(1.0) == b"\x10u"


def test_the_buffer_holds_a_second_and_cancel_empties_it() -> None:
    bench = Bench("usr5637")
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX")
    assert bench.core.room == 8000
    bench.core.receive(bytes(8000 * [0x90]))
    assert bench.core.room == 0
    bench.core.receive(b"\x10\x18\x10\x03")
    assert b"OK" in bench.run(0.2)


def test_an_unstuffed_end_is_data_and_the_modem_plays_on() -> None:
    bench = Bench("usr5637")
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX")
    bench.core.receive(b"\x10\x10\x03")
    assert b"OK" not in bench.run(2.0)
    bench.core.receive(b"\x10\x10\x10\x03")
    assert b"OK" in bench.run(2.0)


def test_text_is_no_command_while_receiving() -> None:
    bench = Bench()
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    assert b"OK" not in bench.ask("ATH")
    assert bench.exchange.off_hook


def test_end_of_receiving_gives_tail_etx_and_ok() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")
    bench.faults.no_ok_after_receive = True
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03")


def test_conexant_does_not_stop_receiving_for_cancel() -> None:
    bench = Bench()
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10\x18")
    assert b"OK" not in bench.run(0.5)


@pytest.mark.parametrize(
    ("personality", "end", "other"), [("conexant", b"^", b"\x03"), ("usr5637", b"\x03", b"^")]
)
def test_duplex_ends_in_the_familys_own_way(personality: str, end: bytes, other: bytes) -> None:
    bench = Bench(personality)
    bench.answer("AT+VSM=131,8000")
    assert b"CONNECT" in bench.ask("AT+VTR")
    bench.core.receive(b"\x10" + other)
    assert b"OK" not in bench.run(0.5)
    bench.core.receive(b"\x10" + end)
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")


def test_no_duplex() -> None:
    bench = Bench(faults=Faults(no_duplex=True))
    bench.answer()
    assert bench.ask("AT+VTR") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VRX").startswith(b"\r\nCONNECT\r\n")


def test_duplex_hears_its_own_echo_14_db_down_and_8000_samples_a_second() -> None:
    bench = Bench("usr5637")
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VTR", 0.5)
    played = tone(16000, 2.0)
    received = bench.feed(shield(MU_LAW.encode(played)))
    received += bench.run(3.0 - len(audio_of(received, MU_LAW)[0]) / 8000)
    samples, codes = audio_of(received, MU_LAW)
    assert len(samples) == 24000
    middle = samples[2000:12000]
    assert level_of(middle) - level_of(played) == pytest.approx(-14.0, abs=0.3)
    assert codes == ["u"]


def test_conexant_starves_over_its_duplex_budget() -> None:
    bench = Bench()
    bench.answer("AT+VSM=133,8000")
    bench.ask("AT+VTR", 0.1)
    _, codes = audio_of(bench.feed(shield(LINEAR_16.encode(tone()))) + bench.run(1.0), LINEAR_16)
    assert codes.count("u") > 10


def test_tones_go_out_on_the_line_and_the_ok_comes_after_them() -> None:
    bench = Bench()
    call = bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    assert bench.ask("AT+VTS=[933,933,120]", 1.1) == b""
    assert b"OK" in bench.run(0.3)
    assert 9500 < np.count_nonzero(call.heard) < 9700
    assert bench.ask("AT+VTS={5,20},#", 1.5) == b"\r\nOK\r\n"
    assert bench.exchange.digits == "5#"


def test_usr_tone_quirks() -> None:
    bench = Bench("usr5637")
    bench.answer()
    assert bench.ask("AT+VTS=[933,0,120]") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VTS=[100,933,120]") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VTS=9", 5.0) == b""
    assert bench.ask("AT+VTS={9,99999999}") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VTS={9,20}") == b"\r\nOK\r\n"
