"""Faults, drops of DTR, and whatever else a host may send."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulator import Caller, Faults, LineState
from drivers.emulator.codecs import MU_LAW, UNSIGNED_8
from drivers.emulator.shielding import shield
from tests.examples import examples
from tests.unit.emulator.bench import Bench, audio_of, cleaned

pytestmark = pytest.mark.unit


def test_false_codes_while_playing() -> None:
    bench = Bench("usr5637", faults=Faults(false_codes_while_playing=True))
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX", 0.3)
    loud = bench.feed(shield(bytes(80000 * [0xC0])))
    assert len(cleaned(audio_of(loud, UNSIGNED_8)[1])) >= 6
    bench.run(1.5)
    quiet = bench.feed(shield(bytes(80000 * [0x80])))
    assert cleaned(audio_of(quiet, UNSIGNED_8)[1]) == []


def test_stuck_after_voice_is_freed_by_dtr_alone() -> None:
    bench = Bench(faults=Faults(stuck_after_voice=True))
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!\x10^\x10\x03")
    assert b"OK" not in bench.ask("ATZ")
    bench.core.drop_dtr()
    assert bench.exchange.off_hook is False
    bench.taken()
    assert bench.ask("AT") == b"\r\nOK\r\n"


def test_usr_says_s_when_told_to_watch_for_silence() -> None:
    bench = Bench("usr5637")
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000", "AT+VSD=128,30")
    bench.ask("AT+VRX", 0.3)
    assert audio_of(bench.run(4.0), MU_LAW)[1] == ["s"]


def test_a_stale_tail_comes_before_the_next_answer() -> None:
    bench = Bench("conexant", faults=Faults(stale_tail=True))
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VTR")
    bench.core.receive(b"\x10^")
    assert bench.run(0.5).endswith(b"OK\r\n")
    assert bench.ask("AT") == bytes(320 * [0x7E]) + b"\r\nOK\r\n"


def test_a_modem_told_to_answer_by_ata() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    bench.ask("ATE0+FCLASS=8")
    assert bench.ask("ATA").endswith(b"\r\nOK\r\n")
    assert bench.exchange.state is LineState.CONNECTED


def test_a_data_call_finds_no_carrier() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("ATDT123", 6.0) == b"\r\nNO CARRIER\r\n"
    assert not bench.exchange.off_hook


def test_dtr_in_a_call_frees_the_line_but_keeps_the_settings() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VGT=99")
    bench.core.drop_dtr()
    assert bench.exchange.state is LineState.IDLE
    assert bench.ask("AT+VGT?") == b"\r\n99\r\n\r\nOK\r\n"


STATES = {
    "command": (),
    "class 8": ("AT+FCLASS=8",),
    "transmit": ("AT+FCLASS=8", "AT+VLS=1", "AT+VTX"),
    "receive": ("AT+FCLASS=8", "AT+VLS=1", "AT+VRX"),
    "duplex": ("AT+FCLASS=8", "AT+VLS=1", "AT+VTR"),
}


@settings(max_examples=examples(30), deadline=None)
@given(
    st.sampled_from(["conexant", "usr5637"]),
    st.sampled_from(sorted(STATES)),
    st.lists(
        st.binary(max_size=60) | st.sampled_from([b"AT", b"AT+VTS=", b"AT+VSM=", b"\r", b"\x10"]), max_size=12
    ),
)
def test_nothing_a_host_sends_breaks_the_modem(personality: str, state: str, pieces: list[bytes]) -> None:
    bench = Bench(personality)
    bench.exchange.call(Caller.silent())
    for line in STATES[state]:
        bench.ask(line, 0.5)
    for piece in pieces:
        bench.core.receive(piece)
        bench.run(0.1)
    bench.core.drop_dtr()
    assert not bench.exchange.off_hook
