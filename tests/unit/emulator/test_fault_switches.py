"""Each switch does what it says, and nothing while it is off."""

import re

import pytest

from drivers.emulator import Caller, Faults
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.faults import CALLER_ID_FORMS, parse_faults
from tests.unit.emulator.bench import Bench, audio_of, cleaned, steady

pytestmark = pytest.mark.unit


def in_stream(faults: Faults, caller: Caller | None = None, action: str = "AT+VTR") -> Bench:
    bench = Bench(faults=faults, exchange=steady())
    bench.exchange.call(caller or Caller.silent())
    bench.run(1.5)
    bench.answer("AT+VSM=131,8000")
    bench.ask(action, 0.3)
    return bench


def test_connect_late_and_vcon() -> None:
    bench = Bench(faults=Faults(connect_late=2.0))
    bench.answer()
    assert bench.ask("AT+VTX", 1.9) == b""
    assert bench.run(0.3).startswith(b"\r\nCONNECT\r\n")
    bench = Bench(faults=Faults(vcon=True))
    assert bench.ask("ATE0").endswith(b"\r\nOK\r\n")
    assert bench.ask("AT+FCLASS=8") == bench.ask("AT+VLS=1") == b"\r\nVCON\r\n"
    assert bench.ask("AT+VTX").startswith(b"\r\nVCON\r\n")


@pytest.mark.parametrize("no_dtr", [False, True])
def test_a_cable_without_dtr_leaves_the_line_seized(no_dtr: bool) -> None:
    bench = in_stream(Faults(no_dtr=no_dtr))
    bench.core.drop_dtr()
    assert bench.exchange.off_hook is no_dtr


def test_ta_echo() -> None:
    assert Bench(faults=Faults(ta_echo=True)).ask("ATI0").startswith(b"TAI0\r")


def test_another_program_types_into_the_modem() -> None:
    heard = Bench(faults=Faults(other_program=1.0)).run(20)
    assert b"AT+GCAP\r\r\n+FCLASS,+MS,+ES,+DS\r\n\r\nOK\r\n" in heard


@pytest.mark.parametrize("after_voice", [True, False])
@pytest.mark.parametrize(
    ("freed_by", "rung"),
    [
        ("etx", b"\x10\x03"),
        ("stop", b"\x10!"),
        ("end", b"\x10^"),
        ("cr", b"\r"),
        ("at", b"AT\r"),
        ("reset", b"ATZ\r"),
    ],
)
def test_each_rung_of_the_ladder_frees_and_those_below_do_not(
    after_voice: bool, freed_by: str, rung: bytes
) -> None:
    order = [b"\x10\x03", b"\x10!", b"\x10^", b"\r", b"AT\r", b"ATZ\r"]
    bench = in_stream(Faults(stuck_after_voice=after_voice, freed_by=freed_by), action="AT")
    if after_voice:
        bench.ask("AT+VRX", 0.3)
    bench.faults.stuck = not after_voice
    for below in order[: order.index(rung)]:
        bench.core.receive(below)
        assert b"OK" not in bench.run(0.2)
    bench.core.drop_dtr()
    assert bench.exchange.off_hook
    bench.core.receive(rung)
    bench.run(0.5)
    assert not bench.core.in_voice_stream
    assert bench.ask("AT").endswith(b"\r\nOK\r\n")


@pytest.mark.parametrize(("freed_by", "rung"), [("at", b"AT\r"), ("reset", b"ATZ\r"), ("end", b"\x10^")])
def test_a_rung_may_come_in_pieces_and_a_command_that_frees_is_answered(freed_by: str, rung: bytes) -> None:
    bench = Bench(faults=Faults(stuck=True, freed_by=freed_by))
    for byte in b"\x00\xff" + rung:
        bench.core.receive(bytes((byte,)))
        bench.run(0.02)
    assert bench.run(1.0).endswith(b"\r\nOK\r\n") == rung.startswith(b"AT")
    assert not bench.faults.stuck


def test_what_only_a_replug_frees_keeps_the_line_whatever_is_sent() -> None:
    bench = in_stream(Faults(stuck_after_voice=True, freed_by="replug"))
    for rung in (b"\x10\x03\x10!\x10^", b"\rAT\rATZ\rATH\r"):
        bench.core.receive(rung)
        assert b"OK" not in bench.run(1.0)
    bench.core.drop_dtr()
    assert bench.exchange.off_hook
    bench.core.power_off()
    assert not bench.exchange.off_hook


CALLER = Caller("named", number="2156430144", display_name="SCHWARTZ,LAWRENCE")
FORMS = {
    "": [b"DATE = 0317", b"TIME = 1656", b"NMBR = 2156430144", b"NAME = SCHWARTZ,LAWREN"],
    "spaced": [b"DATE = 0317", b"TIME = 1656", b"NMBR = 2156430144", b"NAME = SCHWARTZ,LAWREN"],
    "tight": [b"DATE=0317", b"TIME=1656", b"NMBR=2156430144", b"NAME=SCHWARTZ,LAWREN"],
    "name-first": [b"DATE = 0317", b"TIME = 1656", b"NAME = SCHWARTZ,LAWREN", b"NMBR = 2156430144"],
    "number-only": [b"NMBR = 2156430144"],
    "no-date": [b"NMBR = 2156430144", b"NAME = SCHWARTZ,LAWREN"],
    "mesg": [b"DATE = 0317", b"TIME = 1656", b"MESG = 030A32313536343330313434", b"NAME = SCHWARTZ,LAWREN"],
    "ddn": [b"DATE = 0317", b"TIME = 1656", b"DDN_NMBR = 2156430144", b"NAME = SCHWARTZ,LAWREN"],
}


def shown(faults: Faults, caller: Caller = CALLER) -> bytes:
    bench = Bench(exchange=steady(), faults=faults)
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(caller)
    return bench.run(3.0).removeprefix(b"\r\nRING\r\n")


@pytest.mark.parametrize("form", FORMS)
def test_spellings_of_a_caller_id(form: str) -> None:
    assert shown(Faults(caller_id_form=form)) == b"".join(b"\r\n" + line + b"\r\n" for line in FORMS[form])


def test_raw_spellings_have_a_checksum_and_one_or_two_lines() -> None:
    for form in ("mdmf", "mdmf-2", "sdmf", "sdmf-2"):
        lines = re.findall(rb"\r\n([0-9A-F]+)\r\n", shown(Faults(caller_id_form=form)))
        assert len(lines) == (1 if form in ("mdmf", "sdmf") else 2), form
        message = bytes.fromhex(b"".join(lines).decode())
        assert sum(message) & 0xFF == 0
        assert message[0] == (0x80 if form.startswith("mdmf") else 0x04)
        assert b"2156430144" in message
    assert set(CALLER_ID_FORMS) == set(FORMS) - {""} | {"mdmf", "mdmf-2", "sdmf", "sdmf-2"}


def test_a_withheld_number_is_told_by_its_tag_in_the_raw_form() -> None:
    text = shown(Faults(caller_id_form="mdmf"), Caller("anonymous", number=None, presentation="private"))
    assert b"\x04\x01P\x08\x01P" in bytes.fromhex(text.strip().decode())


def test_a_caller_id_in_pieces() -> None:
    bench = Bench(exchange=steady(), faults=Faults(caller_id_split=True))
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(CALLER)
    bench.run(1.1)
    pieces = [piece for _ in range(100) if (piece := bench.run(0.02))]
    assert len(pieces) == 5
    assert b"".join(pieces) == b"".join(b"\r\n" + line + b"\r\n" for line in FORMS[""])


def test_rings_lost_and_doubled() -> None:
    def rings(faults: Faults) -> int:
        bench = Bench(exchange=steady(), faults=faults)
        bench.exchange.call(Caller.silent())
        return bench.run(58).count(b"RING")

    assert rings(Faults()) == 12
    assert rings(Faults(ring_lost=1.0)) == 0
    assert rings(Faults(ring_doubled=1.0)) == 24
    assert 2 < rings(Faults(ring_lost=0.5)) < 10
    assert rings(Faults(ring_lost=0.5)) == rings(Faults(ring_lost=0.5))


def test_a_modem_that_does_not_count_rings() -> None:
    for faults, count in ((Faults(), b"001"), (Faults(no_ring_count=True), b"000")):
        bench = Bench(exchange=steady(), faults=faults)
        bench.exchange.call(Caller.silent())
        bench.run(1.5)
        assert count in bench.ask("ATS1?")


def test_a_modem_that_minds_its_country_until_it_is_told() -> None:
    for line, told in (("AT", False), ("AT+GCI=26", True)):
        bench = Bench(exchange=steady(), faults=Faults(minds_country=True))
        bench.ask("ATE0+VCID=1")
        bench.ask(line)
        bench.exchange.call(CALLER)
        assert (b"NMBR" in bench.run(3.0)) == told


def test_own_off_hook_code_on_any_family() -> None:
    for own in (True, False):
        bench = Bench(faults=Faults(own_off_hook_code=own))
        bench.ask("ATE0+FCLASS=8")
        assert bench.ask("AT+VLS=1") == (b"\x10H" if own else b"") + b"\r\nOK\r\n"


def test_one_key_told_three_times() -> None:
    bench = in_stream(Faults(tripled_digits=True), Caller.pressing("5"))
    codes = cleaned(audio_of(bench.run(40), MU_LAW)[1])
    assert "".join(codes) == "/55~/5~/5~"


def test_odd_runs_of_dle() -> None:
    bench = in_stream(Faults(odd_dle=2.0))
    runs = [len(run) for run in re.findall(rb"\x10+", bench.run(20.0).replace(b"\x10\x1a", b""))]
    assert 20 < sum(length % 2 for length in runs) < 60


def test_lumpy_audio_comes_in_20_to_60_ms() -> None:
    bench = in_stream(Faults(lumpy_audio=True))
    sizes = [len(bench.run(0.02)) // 160 for _ in range(300)]
    assert set(sizes) == {0, 1, 2, 3}
    assert sum(sizes) == pytest.approx(300, abs=3)


def test_lumpy_audio_is_complete_at_the_end() -> None:
    for ticks in range(1, 12):
        bench = in_stream(Faults(lumpy_audio=True), action="AT+VRX")
        bench.faults.lumpy_audio = False
        bench.run(0.02)
        bench.faults.lumpy_audio = True
        heard = bench.run(ticks * 0.02)
        bench.core.receive(b"\x10!")
        heard += bench.run(0.5).removesuffix(b"\x10\x03\r\nOK\r\n")
        assert len(audio_of(heard, MU_LAW)[0]) == (ticks + 1) * 160


def test_overruns_lose_audio_and_are_told() -> None:
    bench = in_stream(Faults(receive_overrun=1.0))
    samples, codes = audio_of(bench.run(20.0), MU_LAW)
    lost = codes.count("o")
    assert 8 < lost < 35
    assert len(samples) == pytest.approx(160000 - 480 * lost, abs=480)


def test_an_underrun_told_late() -> None:
    bench = in_stream(Faults(late_underrun=1.0), action="AT+VTX")
    assert bench.run(0.6) == b""
    assert bench.run(0.4) == b"\x10u"


def test_faults_are_read_from_words() -> None:
    faults = parse_faults(["late_ok=2", "no_duplex", "keeps_ringing=3", "freed_by=replug"], seed=9)
    assert faults == Faults(seed=9, late_ok=2.0, no_duplex=True, keeps_ringing=3, freed_by="replug")


@pytest.mark.parametrize(
    ("switch", "said"),
    [
        ("late_of=2", "fault 'late_of': late_ok, lost_ok"),
        ("late_ok=soon", "fault late_ok=soon: a number is needed"),
        ("late_ok=-1", "fault late_ok=-1: 0 to 1000000"),
        ("late_ok=nan", "fault late_ok=nan: 0 to"),
        ("lost_ok=1.5", "fault lost_ok=1.5: a number"),
        ("clock_error=-1", "fault clock_error=-1: -0.1 to 0.1"),
        ("seed=4", "fault 'seed': late_ok"),
        ("no_duplex=maybe", "fault no_duplex=maybe: true or false"),
        ("freed_by=prayer", "freed_by 'prayer': etx, stop"),
        ("caller_id_form=odd", "caller_id_form 'odd': spaced, tight"),
    ],
)
def test_a_wrong_word_is_told_with_what_is_allowed(switch: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_faults([switch])
