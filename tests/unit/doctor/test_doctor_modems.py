"""Modems on real pseudo-terminals: fit, without voice, silent, held by a process; and the whole command."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from drivers.emulator import EmulatedModem, Faults, LineState
from drivers.fxo.port import SerialPort
from gateway.config import GatewayConfig
from gateway.doctor.census import Census
from gateway.doctor.examination import Examination
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.modems import CHECK, check_modem
from gateway.doctor.ports import FREE
from gateway.doctor.scene import Scene
from gateway.doctor.tty import look_at
from tests.unit.doctor.tree import config_of, cured, fxo, of

pytestmark = pytest.mark.pty

PATIENCE = 100.0
"""Seconds for the whole command on a slow, busy machine."""


async def asked(modem: EmulatedModem, deadline: float = PATIENCE) -> Finding:
    (found,) = await check_modem("fxo1", look_at(Machine(), modem.port), deadline)
    return found


async def examined(config: GatewayConfig) -> list[Finding]:
    return await Examination(Machine(), config).findings()


@contextlib.asynccontextmanager
async def command(*arguments: str | Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`sansheng doctor` as a process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli.main", "doctor", *map(str, arguments)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def somebody_holds(path: str) -> AsyncIterator[int]:
    """Another program has the file open."""
    code = "import sys; held = open(sys.argv[1], 'rb', buffering=0); print('open', flush=True); sys.stdin.read()"
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, path), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert other.stdout is not None
        await other.stdout.readline()
        yield other.pid
    finally:
        other.kill()
        await other.wait()


async def test_voice_modems_tell_who_they_are_all_at_once() -> None:
    async with EmulatedModem("conexant") as first, EmulatedModem("multitech") as second:
        found = await asyncio.gather(asked(first), asked(second))
        assert [finding.status for finding in found] == [Status.OK, Status.OK]
        assert [finding.finding.partition(" ")[0] for finding in found] == ["conexant", "multitech"]
        assert {first.exchange.state, second.exchange.state} == {LineState.IDLE}


async def test_a_firmware_without_voice_is_a_fault_with_the_firmware_that_has_it() -> None:
    async with EmulatedModem("usr5637", firmware="V1.2.19") as modem:
        found = await asked(modem)
    assert found.status is Status.FAULT
    assert "1.2.21 or later" in cured(found)


async def test_a_silent_modem_is_given_up_in_time_and_is_to_be_replugged() -> None:
    async with EmulatedModem(faults=Faults(modem_silent=True)) as modem:
        found = await asked(modem, 1.5)
    assert found.status is Status.FAULT
    assert "does not answer AT within 2 s" in found.finding
    assert "unplug it, wait five seconds" in cured(found)


async def test_dead_modems_are_faults_though_the_way_out_takes_longer_than_any_other_check(tmp_path: Path) -> None:
    silent, stuck = Faults(modem_silent=True), Faults(stuck=True, freed_by="replug")
    async with EmulatedModem(faults=silent) as first, EmulatedModem(faults=stuck) as second:
        findings = await examined(config_of(tmp_path, fxo(first.port), fxo(second.port, "fxo2")))
    told = [finding for finding in findings if finding.check == CHECK]
    assert [(finding.subject, finding.status) for finding in told] == [
        ("fxo1", Status.FAULT),
        ("fxo2", Status.FAULT),
    ]
    for finding in told:
        assert "does not answer AT within 10 s" in finding.finding
        assert "unplug it, wait five seconds" in cured(finding)


async def test_who_holds_a_port_is_asked_of_its_node_whatever_the_config_calls_it(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    async with EmulatedModem() as modem:
        link.symlink_to(modem.port)
        tty = look_at(Machine(), str(link))
        port = await SerialPort.open(modem.port, lambda _: None, lambda _: None)
        try:
            (found,) = await check_modem("fxo1", tty, PATIENCE)
        finally:
            await port.close()
    assert tty.node not in (None, link)
    assert cured(found) == f"see who has it: sudo fuser -v {tty.node}"


async def test_a_port_that_another_program_holds_is_not_touched(tmp_path: Path) -> None:
    async with EmulatedModem() as modem, somebody_holds(modem.port) as pid:
        findings = await examined(config_of(tmp_path, fxo(modem.port)))
        assert not [finding for finding in findings if finding.check == CHECK]
        found = of(findings, FREE)
        assert found.status is Status.FAULT
        assert f"(pid {pid})" in found.finding
        assert not modem.transcript


async def test_a_running_gateway_that_has_the_port_is_no_fault(tmp_path: Path) -> None:
    async with EmulatedModem() as modem:
        config = config_of(tmp_path, fxo(modem.port))
        config.data_path.mkdir()
        lock = config.data_path / "gateway.lock"
        lock.write_text("")
        # As a gateway does: one process has both.
        code = "import sys; held = [open(name, 'rb', 0) for name in sys.argv[1:]]; print(flush=True); input()"
        gateway = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, modem.port, str(lock)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert gateway.stdout is not None
            await gateway.stdout.readline()
            findings = await examined(config)
        finally:
            gateway.kill()
            await gateway.wait()
        assert of(findings, FREE).status is Status.OK
        assert f"(pid {gateway.pid})" in of(findings, "data_dir").finding
        assert not modem.transcript


async def test_the_command_in_json_leaves_no_trace(tmp_path: Path) -> None:
    async with EmulatedModem() as modem:
        file = config_file(tmp_path, modem)
        async with asyncio.timeout(PATIENCE), command("-c", file, "--json") as process:
            out, err = await process.communicate()
        findings: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        assert not err
        (modem_found,) = [finding for finding in findings if finding["check"] == CHECK]
        assert modem_found["status"] == "ok"
        assert list(modem_found) == ["check", "subject", "status", "finding", "cure"]
        assert all(finding["cure"] for finding in findings if finding["status"] == "fault")
        assert process.returncode == (1 if any(finding["status"] == "fault" for finding in findings) else 0)
        assert modem.exchange.state is LineState.IDLE
        assert names_in(tmp_path) == ["gateway.toml"]


async def test_without_modems_no_port_is_opened(tmp_path: Path) -> None:
    async with EmulatedModem() as modem:
        async with (
            asyncio.timeout(PATIENCE),
            command("-c", config_file(tmp_path, modem), "--no-modems") as process,
        ):
            out, _ = await process.communicate()
        assert "ok       serial port fxo1" in out.decode()
        assert not modem.transcript


async def test_interrupted_it_lets_go_of_the_port_with_the_line_on_hook(tmp_path: Path) -> None:
    async with EmulatedModem() as modem:
        async with asyncio.timeout(PATIENCE), command("-c", config_file(tmp_path, modem)) as process:
            opened, ended = asyncio.create_task(modem.opened()), asyncio.create_task(process.wait())
            await asyncio.wait((opened, ended), return_when=asyncio.FIRST_COMPLETED)
            assert opened.done(), (await process.communicate())[1].decode()
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
        assert process.returncode == 130, err.decode()
        assert b"Traceback" not in err
        assert modem.exchange.state is LineState.IDLE
        tty = look_at(Machine(), modem.port)
        assert tty.node is not None
        assert not Census.take(Machine()).holders(tty.node)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def config_file(folder: Path, modem: EmulatedModem) -> Path:
    file: Path = config_of(folder, fxo(modem.port)).document.file
    return file


def test_the_machine_itself_is_a_scene() -> None:
    machine = Machine()
    scene = Scene(machine, Census.take(machine))
    assert os.getpid() in scene.census.processes
    assert scene.census.processes[os.getpid()].parent == os.getppid()
