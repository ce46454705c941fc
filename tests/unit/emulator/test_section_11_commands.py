"""What a faithful emulator must do, points 1 to 4 and 14 to 16: the interpreter, the port, seeds."""

import asyncio
import errno
import fcntl
import os
import termios
from pathlib import Path

import pytest

from drivers.emulator import Caller, EmulatedModem, Exchange, Faults, transcript
from tests.unit.emulator.bench import Bench, Client, steady


def quiet(personality: str = "conexant", **more: object) -> Bench:
    bench = Bench(personality, **more)  # type: ignore[arg-type]  # whatever Bench takes
    bench.ask("ATE0")
    return bench


@pytest.mark.unit
def test_11_01_the_line_goes_on_while_the_interpreter_is_busy_or_dead() -> None:
    bench = quiet(exchange=steady(), faults=Faults(late_ok=20.0))
    call = bench.exchange.call(Caller.ringing_off(12.5))
    bench.core.receive(b"AT\r")
    assert bench.run(11.5).count(b"RING") == 3
    bench.faults.modem_silent = True
    assert bench.run(5.0) == b""
    assert call.report is not None
    assert call.report.rings == 3


@pytest.mark.unit
def test_11_01_a_command_is_answered_whatever_the_line_does() -> None:
    bench = quiet(exchange=steady())
    bench.exchange.call(Caller.silent().hanging_up_after(0.5))
    bench.run(1.5)
    bench.exchange.go_off_hook()
    assert [bench.ask("AT") for _ in range(4)] == 4 * [b"\r\nOK\r\n"]


@pytest.mark.unit
def test_11_02_echo_is_verbatim_goes_off_with_e0_and_returns_with_z() -> None:
    bench = Bench()
    assert bench.ask("aTe0") == b"aTe0\r\r\nOK\r\n"
    assert bench.ask("AT") == b"\r\nOK\r\n"
    bench.ask("ATZ")
    assert bench.ask("AT") == b"AT\r\r\nOK\r\n"


@pytest.mark.unit
def test_11_02_v0_has_digits_and_q1_has_no_results_at_all() -> None:
    bench = quiet(exchange=steady())
    assert bench.ask("ATV0") == b"0\r"
    assert bench.ask("AT+NO") == b"4\r"
    bench.exchange.call(Caller.silent())
    assert bench.run(2.0) == b"2\r"
    assert bench.ask("ATQ1I0") == b"56000\r\n"
    assert bench.run(5.0) == b""
    assert bench.ask("ATQ0") == b"0\r"


@pytest.mark.unit
def test_11_03_commands_are_joined_and_an_error_stops_the_rest() -> None:
    bench = quiet()
    assert bench.ask("AT-SCID=1;+VCID=1;-STE=3") == b"\r\nOK\r\n"
    assert bench.ask("ATS6=9+VCID=2;+NO;S6=1") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VCID?;S6?") == b"\r\n2\r\n\r\n009\r\n\r\nOK\r\n"


@pytest.mark.unit
def test_11_03_a_character_within_125_ms_does_no_harm_and_a_later_one_aborts() -> None:
    bench = quiet()
    bench.core.receive(b"ATDT1\r")
    bench.run(0.06)
    bench.core.receive(b"\n")
    assert bench.run(1.0) == b""
    assert bench.exchange.off_hook
    bench.core.receive(b"\n")
    assert bench.run(0.2) == b"\r\nNO CARRIER\r\n"
    assert not bench.exchange.off_hook
    bench.core.receive(b"ATA\r")
    bench.run(0.2)
    bench.core.receive(b"A")
    assert bench.run(0.2) == b"\r\nNO CARRIER\r\n"


@pytest.mark.unit
def test_11_03_a_command_that_cannot_be_aborted_is_not() -> None:
    bench = quiet()
    bench.core.receive(b"ATZ\r")
    bench.run(0.2)
    bench.core.receive(b"x")
    assert bench.run(1.0) == b"\r\nOK\r\n"


@pytest.mark.unit
def test_11_03_seven_low_bits_repeat_by_a_slash_and_half_a_line_forgotten() -> None:
    bench = quiet()
    bench.core.receive(bytes(byte | 0x80 for byte in b"ATI0\r"))
    assert bench.run(0.5) == b"\r\n56000\r\n\r\nOK\r\n"
    bench.core.receive(b"A/")
    assert bench.run(0.5) == b"\r\n56000\r\n\r\nOK\r\n"
    bench.core.receive(b"AT+NON")
    bench.run(29.0)
    assert bench.ask("SENSE") == b"\r\nERROR\r\n"
    bench.core.receive(b"AT+NON")
    bench.run(31.0)
    assert bench.ask("SENSE") == b""
    assert bench.ask("AT") == b"\r\nOK\r\n"


@pytest.mark.unit
def test_11_03_registers_shape_lines_count_rings_and_answer() -> None:
    bench = quiet(exchange=steady())
    assert bench.ask("ATS3?;S4?S5?S7?") == b"\r\n013\r\n\r\n010\r\n\r\n008\r\n\r\n050\r\n\r\nOK\r\n"
    bench.ask("ATS4=33")
    assert bench.ask("AT") == b"\r!OK\r!"
    bench.ask("ATZ")
    bench.ask("ATE0")
    bench.core.receive(b"ATI9\x080\r")
    assert b"56000" in bench.run(0.5)
    bench.exchange.call(Caller.ringing_off(7.0))
    bench.run(7.0)
    assert b"002" in bench.ask("ATS1?")
    bench.run(8.0)
    assert b"000" in bench.ask("ATS1?")
    bench.ask("ATS0=2")
    bench.exchange.call(Caller.silent())
    assert not bench.run(5.9) or not bench.exchange.off_hook
    bench.run(0.5)
    assert bench.exchange.off_hook
    assert bench.run(3.0).endswith(b"\r\nNO CARRIER\r\n")


@pytest.mark.unit
def test_11_03_three_plusses_leave_no_voice_stream() -> None:
    bench = Bench()
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VRX")
    bench.run(1.2)
    bench.core.receive(b"+++")
    assert b"OK" not in bench.run(2.0)
    assert bench.core.in_voice_stream


@pytest.mark.unit
@pytest.mark.parametrize(
    ("line", "conexant", "usr5637"),
    [
        ("ATI0", b"56000", b"5601"),
        ("AT+VSM=128,8000", b"ERROR", b"OK"),
        ("AT+VTR=?", b"ERROR", b"ERROR"),
        ("AT+VSD=128,50;+VSD?", b"128,0", b"128,50"),
        ("AT+VNH=1", b"OK", b"ERROR"),
        ("AT+GCI=26;+GCI?", b"26", b"26"),
        ("AT+VLS=1;+VTS=9", b"OK", None),
        ("ATH;+FCLASS?", b"8", b"0"),
        ("AT+IFC=2,2", b"OK", b"OK"),
    ],
)
def test_11_04_the_two_main_families(line: str, conexant: bytes, usr5637: bytes | None) -> None:
    for personality, wanted in (("conexant", conexant), ("usr5637", usr5637)):
        bench = quiet(personality)
        bench.ask("AT+FCLASS=8")
        heard = bench.ask(line, 3.0)
        assert (b"\r\n" + wanted + b"\r\n" in heard) if wanted else (b"OK" not in heard)


@pytest.mark.pty
async def test_11_14_a_pty_has_no_modem_lines_and_dtr_is_dropped_by_hand() -> None:
    async with EmulatedModem() as modem:
        client = Client(modem.port)
        try:
            with pytest.raises(OSError, match="ioctl") as refused:
                fcntl.ioctl(client._fd, termios.TIOCMGET, b"\0\0\0\0")
            assert refused.value.errno == errno.ENOTTY
            flags = termios.tcgetattr(client._fd)[3]
            assert not flags & (termios.ECHO | termios.ICANON)
            for line in ("ATE0", "AT+FCLASS=8", "AT+VLS=1"):
                await client.ask(line)
            assert modem.exchange.off_hook
            modem.drop_dtr()
            assert not modem.exchange.off_hook
            await client.ask("AT")
        finally:
            client.close()


@pytest.mark.pty
async def test_11_14_unplugged_is_end_of_file_and_replugged_may_have_another_number(tmp_path: Path) -> None:
    async with EmulatedModem(link=tmp_path / "ttyACM0") as modem:
        client = Client(modem.port)
        modem.faults.stuck = True
        modem.unplug()
        await client.end_of_file()
        with pytest.raises(OSError, match=r".") as refused:
            os.write(client._fd, b"AT\r")
        assert refused.value.errno == errno.EIO
        client.close()
        assert "ttyACM0" not in os.listdir(tmp_path)  # noqa: PTH208 - names, not paths
        modem.replug(tmp_path / "ttyACM1")
        again = Client(str(tmp_path / "ttyACM1"))
        assert modem.port == str(tmp_path / "ttyACM1")
        assert await again.ask("AT") == b"AT\r\r\nOK\r\n"
        again.close()


@pytest.mark.unit
def test_11_15_a_seed_settles_everything_drawn_at_random() -> None:
    def session(seed: int) -> bytes:
        faults = Faults(seed=seed, garbage=1.0, ring_lost=0.3, ring_doubled=0.3, odd_dle=2.0, receive_overrun=0.5)
        bench = Bench(faults=faults, exchange=Exchange(cadence_spread=0.1, seed=seed))
        bench.exchange.call(Caller.noisy())
        heard = bench.run(20.0)
        bench.core.receive(b"AT+FCLASS=8;+VLS=1;+VRX\r")
        return heard + bench.run(10.0)

    assert session(3) == session(3)
    assert session(3) != session(4)


@pytest.mark.pty
async def test_11_15_every_byte_is_kept_and_can_be_sent_again(tmp_path: Path) -> None:
    exchange = Exchange(ring_on=0.2, ring_off=0.4, ring_jitter=0.0)
    async with EmulatedModem(exchange=exchange) as modem:
        client = Client(modem.port)
        await client.ask("ATE0")
        modem.exchange.call(Caller.silent())
        await client.expect(b"RING")
        for line, answer in (("AT+FCLASS=8;+VLS=1", b"OK\r\n"), ("AT+VRX", b"CONNECT\r\n")):
            await client.ask(line, answer)
        await modem.line_time(0.3)
        client.write(b"\x10!")
        await client.expect(b"\x10\x03\r\nOK\r\n")
        client.close()
        modem.save_transcript(tmp_path / "session.toml")
        kept = transcript.load(tmp_path / "session.toml")
        assert kept == [(round(at, 2), way, data) for at, way, data in modem.transcript]
    assert b"".join(data for _, way, data in kept if way == ">") == b"ATE0\rAT+FCLASS=8;+VLS=1\rAT+VRX\r\x10!"
    bench = Bench(exchange=steady())
    for at, way, data in kept:
        bench.run(max(0.0, at - bench.exchange.now))
        if way == ">":
            bench.core.receive(data)
    assert not bench.core.in_voice_stream
    assert bench.exchange.off_hook


@pytest.mark.unit
@pytest.mark.parametrize(
    ("ready", "line"),
    [
        ((), "AT+VSM?"),
        ((), "AT+VGT?"),
        ((), "AT+VIP"),
        (("AT+FCLASS=8",), "AT+VTX"),
        (("AT+FCLASS=8",), "AT+VTS=5"),
        (("AT+FCLASS=8",), "AT+VSM=128,8000"),
        (("AT+FCLASS=8",), "AT+VLS=2"),
        (("AT+FCLASS=8", "AT+VLS=1"), "AT+VTS=[3300,0,10]"),
        (("AT+FCLASS=8", "AT+VLS=1"), "AT+VTS=[199,0,10]"),
        (("AT+FCLASS=8", "AT+VLS=1"), "AT+VTX=?"),
    ],
)
def test_11_16_what_the_real_part_refuses(ready: tuple[str, ...], line: str) -> None:
    bench = quiet()
    for command in ready:
        bench.ask(command)
    assert bench.ask(line) == b"\r\nERROR\r\n"


@pytest.mark.pty
async def test_11_15_sixteen_modems_share_one_timer() -> None:
    modems = [EmulatedModem(exchange=Exchange(ring_jitter=0.0)) for _ in range(16)]
    for modem in modems:
        await modem.__aenter__()
    try:
        await asyncio.gather(*(modem.line_time(0.5) for modem in modems))
        timers = [task for task in asyncio.all_tasks() if task.get_name() == "emulated modems"]
        assert len(timers) == 1
    finally:
        for modem in modems:
            await modem.__aexit__(None, None, None)
