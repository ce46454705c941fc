"""`sansheng modem probe` as a process: on-hook after any signal, on a cable without DTR; bad ports."""

import asyncio
import json
import random
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import serial

from drivers.emulator import EmulatedModem, Faults
from tests.process.gateway import PATIENCE, SANSHENG, run

pytestmark = pytest.mark.process

CABLE_WITHOUT_DTR = {"no_dtr": True}


def sent(modem: EmulatedModem, text: bytes) -> bool:
    return any(text in data for _, way, data in modem.transcript if way == ">")


async def until(modem: EmulatedModem, happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not happened():
            await modem.line_time(0.02)


MOMENTS = [
    # the last thing that was seen on the wire, seconds after it, signals one after the other
    (b"ATZ\r", 0.1, [signal.SIGTERM]),
    (b"AT+VLS=1\r", 0.0, [signal.SIGINT]),
    (b"AT+VLS=1\r", 0.3, [signal.SIGINT, signal.SIGINT, signal.SIGTERM]),
    (b"AT+VTR\r", 0.0, [signal.SIGTERM]),
    (b"AT+VTR\r", random.Random(5).uniform(0.1, 2.0), [signal.SIGHUP]),
]
"""tests/unit/fxo/test_findings.py tries every fifth of a second, in virtual time."""


async def cut_short(personality: str, after: bytes, delay: float, signals: list[signal.Signals]) -> None:
    async with EmulatedModem(personality, faults=Faults(**CABLE_WITHOUT_DTR)) as modem:
        process = await asyncio.create_subprocess_exec(
            *(SANSHENG, "modem", "probe", modem.port, "--off-hook"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            await until(modem, lambda: sent(modem, after))
            await modem.line_time(delay)
            for number in signals:
                process.send_signal(number)
                await modem.line_time(0.06)
            async with asyncio.timeout(PATIENCE):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        moment = f"{signals[0].name} {delay:.2f} s after {after!r}: {err.decode()}"
        assert not modem.exchange.off_hook, moment
        assert len(modem.exchange.on_hook_times) == len(modem.exchange.off_hook_times), moment
        assert process.returncode == 128 + signals[0], moment
        assert out == b"", moment
        assert err.decode().count("put on-hook") == 1, moment
        assert "Traceback" not in err.decode(), moment
        if delay:
            assert bool(modem.exchange.off_hook_times) is (after != b"ATZ\r"), moment


async def is_told_as_json() -> None:
    async with EmulatedModem("usr5637", faults=Faults(**CABLE_WITHOUT_DTR)) as modem:
        code, out, err = await run("modem", "probe", modem.port, "--json")
        assert code == 0, err
        assert err == ""
        told = json.loads(out)
        assert (told["port"], told["profile"], told["usable"]) == (modem.port, "usr5637", True)
        assert modem.exchange.off_hook_times == [], "nothing is seized unasked"


async def warns_that_it_seizes_the_line() -> None:
    async with EmulatedModem("conexant", faults=Faults(**CABLE_WITHOUT_DTR)) as modem:
        code, out, err = await run("modem", "probe", modem.port, "--off-hook")
        assert code == 0, err
        assert "seizes the telephone line" in err
        assert "yes, tried" in out
        assert len(modem.exchange.off_hook_times) == 1
        assert not modem.exchange.off_hook


async def without_voice_exits_1() -> None:
    async with EmulatedModem("usr5637", firmware="V1.2.19") as modem:
        code, out, _ = await run("modem", "probe", modem.port)
        assert code == 1
        for part in ("1.2.19", "1.2.21", "usr5637", "caller ID"):
            assert part in " ".join(out.split())


async def test_12_17_each_modem_is_told_as_it_is_and_a_signal_at_any_moment_leaves_it_on_hook() -> None:
    """Eight at once: each waits for its modem most of the time."""
    async with asyncio.TaskGroup() as group:
        for number, moment in enumerate(MOMENTS):
            group.create_task(cut_short(("conexant", "usr5637")[number % 2], *moment))
        for work in (is_told_as_json, warns_that_it_seizes_the_line, without_voice_exits_1):
            group.create_task(work())


async def refused(*arguments: str) -> str:
    """The one line with which a bad port is refused."""
    code, out, err = await run("modem", "probe", *arguments)
    assert code == 1
    assert out == ""
    (line,) = err.splitlines()
    return line


async def test_a_bad_port_is_one_line_and_exit_1(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no modem")
    missing = tmp_path / "missing"
    lines = await asyncio.gather(*(refused(str(port)) for port in (missing, tmp_path, file, "/dev/null")))
    for port, line in zip((missing, tmp_path, file, "/dev/null"), lines, strict=True):
        assert line.startswith(f"sansheng: {port}: ")
        assert "Errno" not in line


async def test_a_port_that_another_program_holds_is_one_line_and_exit_1() -> None:
    async with EmulatedModem() as modem:
        with serial.Serial(modem.port, exclusive=True):
            assert "another program holds it" in await refused(modem.port)


async def test_wrong_usage_exits_2() -> None:
    usages = ((), ("",), ("/dev/null", "--loud"))
    for code, _, err in await asyncio.gather(*(run("modem", "probe", *arguments) for arguments in usages)):
        assert code == 2
        assert "Traceback" not in err
