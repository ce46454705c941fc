"""In what the families differ, byte by byte."""

import re

import pytest

from drivers.emulator import Caller
from drivers.emulator.personalities import FIRMWARES, PERSONALITIES, personality_of
from tests.unit.emulator.bench import Bench, audio_of, cleaned, steady

pytestmark = pytest.mark.unit

NAMES = ("v253", "conexant", "usr5637", "zoom3095", "multitech", "silabs", "cirrus", "generic")
ALL = pytest.mark.parametrize("personality", NAMES)
CODING = {"conexant": "131", "zoom3095": "131", "usr5637": "130", "multitech": "131", "cirrus": "0"}


def quiet(personality: str, firmware: str | None = None) -> Bench:
    bench = Bench(personality, firmware=firmware)
    bench.ask("ATE0")
    return bench


def in_call(personality: str, firmware: str | None = None) -> Bench:
    bench = Bench(personality, firmware=firmware)
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer(f"AT+VSM={CODING.get(personality, '4')},8000")
    return bench


def test_these_there_are() -> None:
    assert tuple(PERSONALITIES) == NAMES


@pytest.mark.parametrize(
    ("personality", "line", "answer"),
    [
        ("v253", "ATI0", b"V253"),
        ("zoom3095", "ATI0", b"56000"),
        ("zoom3095", "ATI3", b"CX93001-EIS_V0.2002-V92"),
        ("multitech", "ATI0", b"MT9234MU"),
        ("silabs", "ATI", b"B"),
        ("silabs", "ATI6", b"2457"),
        ("cirrus", "ATI0", b"56000"),
        ("cirrus", "ATI3", b"CL-MD56xx"),
        ("cirrus", "AT+FCLASS=?", b"0,1,8"),
    ],
)
def test_who_it_says_it_is(personality: str, line: str, answer: bytes) -> None:
    assert quiet(personality).ask(line) == b"\r\n" + answer + b"\r\n\r\nOK\r\n"


def test_cirrus_refuses_gmi_and_generic_says_nothing() -> None:
    assert quiet("cirrus").ask("AT+GMI") == b"\r\nERROR\r\n"
    bench = quiet("generic")
    assert [bench.ask(f"ATI{number}") for number in (0, 3)] == 2 * [b"\r\nOK\r\n"]
    assert bench.ask("AT+GMR") == b"\r\nERROR\r\n"
    bench.ask("AT+FCLASS=8")
    assert bench.ask("AT+VSM=?") == b"\r\nERROR\r\n"


@pytest.mark.parametrize(
    ("personality", "numbers"),
    [
        ("v253", [0, 1, 3, 4, 5]),
        ("conexant", [0, 1, 129, 130, 131, 132, 133]),
        ("usr5637", [128, 129, 130, 131, 132, 133]),
        ("multitech", [128, 129, 130, 131, 132]),
        ("silabs", [0, 1, 4, 5, 129, 131]),
        ("cirrus", [0, 1, 2, 128, 129, 132, 140, 141]),
    ],
)
def test_the_numbers_of_its_codings(personality: str, numbers: list[int]) -> None:
    bench = quiet(personality)
    bench.ask("AT+FCLASS=8")
    assert [int(number) for number in re.findall(rb"^(\d+),\"", bench.ask("AT+VSM=?"), re.M)] == numbers


@pytest.mark.parametrize(
    ("personality", "sources"),
    [
        ("conexant", "0,1,4,5,6,8,9,11,13"),
        ("usr5637", "0,1,2,3,4,5,6,7"),
        ("multitech", "0,1,2,3,4,5,6,7"),
        ("cirrus", "0,1,2,4,5,6,7,14,15"),
    ],
)
def test_what_it_can_be_connected_to(personality: str, sources: str) -> None:
    bench = quiet(personality)
    bench.ask("AT+FCLASS=8")
    listed = re.findall(rb"^(\d+),\"", bench.ask("AT+VLS=?"), re.M)
    assert ",".join(number.decode() for number in listed) == sources


@ALL
def test_each_receives_and_ends_it(personality: str) -> None:
    bench = in_call(personality)
    assert b"CONNECT" in bench.ask("AT+VRX", 0.5)
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")


@ALL
def test_duplex_or_none_and_what_ends_it(personality: str) -> None:
    bench = in_call(personality)
    has_one = personality not in ("multitech", "silabs")
    assert (b"CONNECT" in bench.ask("AT+VTR", 0.5)) == has_one
    if has_one:
        bench.core.receive(b"\x10\x03" if personality == "usr5637" else b"\x10^")
        assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")


@pytest.mark.parametrize(
    ("personality", "answer"), [("silabs", b"\x10\x1b"), ("multitech", b"\x10\x03"), ("conexant", None)]
)
def test_escape_ends_receiving_where_it_is_known(personality: str, answer: bytes | None) -> None:
    bench = in_call(personality)
    bench.ask("AT+VRX", 0.5)
    bench.core.receive(b"\x10\x1b")
    heard = bench.run(0.5)
    assert heard.endswith(answer + b"\r\nOK\r\n") if answer else b"OK" not in heard


def test_silabs_says_etx_of_its_own_after_the_last_sound() -> None:
    for personality, end in (("silabs", b"\x10\x03\r\nOK\r\n"), ("v253", b"\r\nOK\r\n")):
        bench = in_call(personality)
        bench.ask("AT+VTX", 0.3)
        bench.core.receive(bytes(160 * [0x55]) + b"\x10\x03")
        assert bench.run(0.5) == end


def test_silabs_shows_a_caller_id_as_a_packet_in_class_8() -> None:
    bench = Bench("silabs", exchange=steady())
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent())
    assert b"\r\nCIDM\r\n\r\nDATE = 0317\r\n" in bench.run(3.0)
    bench = Bench("silabs", exchange=steady())
    bench.ask("ATE0+VCID=1;+FCLASS=8")
    bench.exchange.call(Caller.silent())
    text = bench.run(3.0)
    assert text.startswith(b"\x10R\x10X\r\nCIDM\r\n")
    assert text.endswith(b"NMBR = 13812345678\r\n\x10.")


def test_keys_without_a_frame_on_a_generic_modem() -> None:
    bench = Bench("generic")
    bench.exchange.call(Caller.pressing("7"))
    bench.run(1.5)
    bench.answer("AT+VSM=4,8000")
    bench.ask("AT+VTR", 0.3)
    codes = audio_of(bench.run(40.0), PERSONALITIES["v253"].modes[3].codec)[1]
    assert cleaned(codes) == ["7"]


@pytest.mark.parametrize(("personality", "kept"), [("conexant", b"0"), ("usr5637", b"1"), ("v253", b"1")])
def test_caller_id_after_z_as_stored_or_lost(personality: str, kept: bytes) -> None:
    bench = quiet(personality)
    for line in ("AT+VCID=1", "AT&W", "ATZ"):
        bench.ask(line)
    assert bench.ask("AT+VCID?") == b"\r\n" + kept + b"\r\n\r\nOK\r\n"


def test_cirrus_writes_0_when_asked_for_c() -> None:
    bench = quiet("cirrus")
    bench.ask("AT%C3")
    assert b"%C3" in bench.ask("AT&V")
    assert bench.ask("AT%C?") == b"\r\nOK\r\n"
    assert b"%C0" in bench.ask("AT&V")
    assert quiet("conexant").ask("AT%C?") == b"\r\nERROR\r\n"


def test_a_usr5637_before_1_2_21_has_no_voice() -> None:
    bench = quiet("usr5637", "V1.2.19")
    assert bench.ask("AT+FCLASS=?") == b"\r\n0,1,2.0\r\n\r\nOK\r\n"
    assert bench.ask("AT+FCLASS=8") == b"\r\nERROR\r\n"
    assert b"V1.2.19" in bench.ask("ATI3")


def test_other_firmware_of_the_families() -> None:
    assert b"V0.2002" in quiet("conexant", "V0.2002").ask("AT+GMR")
    assert quiet("conexant", "manual").ask("AT+GMI") == b"\r\n+GMI: CONEXANT\r\n\r\nOK\r\n"
    assert b"MT5634" in quiet("multitech", "MT5634").ask("ATI3")
    bench = in_call("usr5637", "manual")
    bench.ask("AT+VRX", 0.5)
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03")


def test_an_unknown_one_is_named_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"firmware '9' of usr5637: V1\.2\.19, manual is allowed"):
        personality_of("usr5637", "9")
    with pytest.raises(ValueError, match="firmware 'manual' of cirrus: none"):
        personality_of("cirrus", "manual")
    assert all(personality_of(*key) for key in FIRMWARES)
