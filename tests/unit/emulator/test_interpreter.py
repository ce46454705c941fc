"""Command lines and results, byte by byte, as V.250 and the makers' manuals have them."""

import pytest

from drivers.emulator import Faults
from tests.unit.emulator.bench import Bench

pytestmark = pytest.mark.unit

BOTH = pytest.mark.parametrize("personality", ["conexant", "usr5637"])


@BOTH
def test_echo_is_on_at_power_up_and_verbatim(personality: str) -> None:
    assert Bench(personality).ask("at") == b"at\r\r\nOK\r\n"


@BOTH
def test_echo_goes_off_with_e0_and_comes_back_with_z(personality: str) -> None:
    bench = Bench(personality)
    assert bench.ask("ATE0") == b"ATE0\r\r\nOK\r\n"
    assert bench.ask("AT") == b"\r\nOK\r\n"
    assert bench.ask("ATZ") == b"\r\nOK\r\n"
    assert bench.ask("AT") == b"AT\r\r\nOK\r\n"


def test_stored_echo_survives_z_but_caller_id_does_not() -> None:
    bench = Bench()
    for line in ("ATE0", "AT+VCID=1", "AT&W", "ATZ"):
        bench.ask(line)
    assert bench.ask("AT+VCID?") == b"\r\n0\r\n\r\nOK\r\n"


def test_identity_frames_information_as_measured() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("ATI0") == b"\r\n56000\r\n\r\nOK\r\n"
    assert bench.ask("ATI3") == b"\r\nCX93001-EIS_V0.2013-V92\r\n\r\nOK\r\n"
    assert bench.ask("ATI1") == b"\r\nOK\r\n"


def test_usr_tells_who_it_is() -> None:
    bench = Bench("usr5637")
    assert b"\r\n5601\r\n" in bench.ask("ATI0")
    assert b"U.S. Robotics 56K FAX USB V1.2.23" in bench.ask("ATI3")
    assert b"Product ID:        USR5637\r\n" in bench.ask("ATI7")


def test_numeric_results() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("ATV0") == b"0\r"
    assert bench.ask("ATI0") == b"56000\r\n0\r"
    assert bench.ask("AT+NONSENSE") == b"4\r"
    assert bench.ask("ATV1") == b"\r\nOK\r\n"


def test_a_chain_is_one_line_with_one_ok() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("AT-SCID=1;+VCID=1;-STE=3") == b"\r\nOK\r\n"
    assert bench.ask("AT+VCID?") == b"\r\n1\r\n\r\nOK\r\n"
    assert bench.ask("ATE0V1+FCLASS=8;+VGT=100") == b"\r\nOK\r\n"
    assert bench.ask("AT+VGT?;+VGR?") == b"\r\n100\r\n\r\n128\r\n\r\nOK\r\n"


def test_an_error_drops_the_rest_but_not_what_stood_before() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("AT+VCID=1;+NO=1;+VCID=2") == b"\r\nERROR\r\n"
    assert b"\r\n1\r\n" in bench.ask("AT+VCID?")


def test_rubbish_before_at_is_skipped_and_gets_no_answer_alone() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("\x10\x03\x10^") == b""
    assert bench.ask("zzAT") == b"\r\nOK\r\n"


def test_a_slash_repeats_the_last_line() -> None:
    bench = Bench()
    bench.ask("ATE0")
    bench.ask("ATI0")
    bench.core.receive(b"A/")
    assert bench.run(0.5) == b"\r\n56000\r\n\r\nOK\r\n"


def test_registers_read_as_three_digits() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.ask("ATS0?") == b"\r\n000\r\n\r\nOK\r\n"
    bench.ask("ATS6=4")
    assert bench.ask("ATS6?") == b"\r\n004\r\n\r\nOK\r\n"


@BOTH
@pytest.mark.parametrize("line", ["AT+VTX=?", "AT+VRX=?", "AT+VTR=?", "AT+VTX", "AT+VRX", "AT+VTR"])
def test_actions_are_errors_on_hook_and_have_no_range(personality: str, line: str) -> None:
    bench = Bench(personality)
    bench.ask("AT+FCLASS=8")
    assert bench.ask(line).endswith(b"\r\nERROR\r\n")


@pytest.mark.parametrize("line", ["AT+VLS=1", "AT+VSM=?", "AT+VGT?", "AT+VTX", "AT+VIP", "AT+VTS=1"])
def test_voice_commands_are_errors_outside_class_8(line: str) -> None:
    assert Bench().ask(line).endswith(b"\r\nERROR\r\n")


def test_coding_lists_differ_by_family_and_so_do_the_numbers() -> None:
    conexant, usr = Bench(), Bench("usr5637")
    for bench in (conexant, usr):
        bench.ask("AT+FCLASS=8")
    assert b'131,"Mu-Law",8,0,8000,0,0\r\n132,"A-Law",8,0,8000,0,0\r\n' in conexant.ask("AT+VSM=?")
    assert b'128,"8-BIT LINEAR",(7200,8000,11025)\r\n' in usr.ask("AT+VSM=?")
    assert b'130,"8-BIT A-LAW",(8000)\r\n131,"8-BIT U-LAW",(8000)\r\n' in usr.ask("AT+VSM=?")


@pytest.mark.parametrize(
    ("personality", "line", "result"),
    [
        ("conexant", "AT+VSM=128,8000", b"ERROR"),
        ("conexant", "AT+VSM=1,8000", b"ERROR"),
        ("conexant", "AT+VSM=1,8000,0,0", b"OK"),
        ("conexant", "AT+VSM=131,8000", b"OK"),
        ("conexant", "AT+VSM=131,11025", b"ERROR"),
        ("usr5637", "AT+VSM=128,8000", b"OK"),
        ("usr5637", "AT+VSM=1,8000,0,0", b"ERROR"),
        ("conexant", "AT+VLS=2", b"ERROR"),
        ("conexant", "AT+VGT=256", b"ERROR"),
        ("conexant", "AT+GCI=26", b"OK"),
        ("conexant", "AT+GCI=86", b"ERROR"),
        ("usr5637", "AT-STE=7", b"ERROR"),
        ("conexant", "AT-STE=7", b"OK"),
        ("conexant", "AT+VEM=0", b"ERROR"),
        ("conexant", "AT+VNH=1", b"OK"),
        ("usr5637", "AT+VNH=1", b"ERROR"),
    ],
)
def test_what_the_real_part_takes_and_refuses(personality: str, line: str, result: bytes) -> None:
    bench = Bench(personality)
    bench.ask("AT+FCLASS=8")
    assert bench.ask(line).endswith(b"\r\n" + result + b"\r\n")


def test_conexant_takes_vsd_and_does_nothing() -> None:
    bench = Bench()
    bench.ask("ATE0")
    bench.ask("AT+FCLASS=8")
    assert bench.ask("AT+VSD=128,50") == b"\r\nOK\r\n"
    assert bench.ask("AT+VSD?") == b"\r\n128,0\r\n\r\nOK\r\n"


def test_on_hook_takes_usr_back_to_class_0() -> None:
    usr, conexant = Bench("usr5637"), Bench()
    for bench in (usr, conexant):
        bench.ask("ATE0")
        bench.ask("AT+FCLASS=8")
        bench.ask("ATH")
    assert usr.ask("AT+FCLASS?") == b"\r\n0\r\n\r\nOK\r\n"
    assert conexant.ask("AT+FCLASS?") == b"\r\n8\r\n\r\nOK\r\n"


def test_what_comes_while_a_command_works_is_lost() -> None:
    bench = Bench()
    bench.ask("ATE0")
    bench.core.receive(b"ATI0\rATI3\r")
    assert bench.run(1) == b"\r\n56000\r\n\r\nOK\r\n"


def test_late_lost_and_swallowed() -> None:
    bench = Bench(faults=Faults(late_ok=2.0, lost_ok=1))
    assert bench.ask("ATE0", 3.0) == b"ATE0\r"
    assert bench.ask("AT", 1.5) == b""
    assert bench.run(1.0) == b"\r\nOK\r\n"
    bench.faults.swallowed_commands = 2
    assert bench.ask("AT", 3.0) + bench.ask("AT", 3.0) == b""
    assert bench.ask("AT", 3.0) == b"\r\nOK\r\n"


def test_a_silent_modem_says_nothing_until_it_wakes() -> None:
    bench = Bench(faults=Faults(modem_silent=True))
    assert bench.ask("AT", 5.0) == b""
    bench.faults.modem_silent = False
    assert bench.ask("AT") == b"AT\r\r\nOK\r\n"


def test_garbage_is_the_same_for_a_seed() -> None:
    first, second = (Bench(faults=Faults(garbage=5.0, seed=7)).run(5) for _ in range(2))
    assert first == second != b""
    assert Bench(faults=Faults(garbage=5.0, seed=8)).run(5) != first
