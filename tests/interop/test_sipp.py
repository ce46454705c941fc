"""SIPp's own scenarios, as they come with it."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker import PATIENCE, tool
from tests.interop.conftest import Hotline
from tests.sip.conftest import free_port

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

RECORDINGS = Path("/usr/share/sip-tester")
"""Debian's place for what the scenarios call pcap/."""


@contextlib.asynccontextmanager
async def sipp(
    folder: Path, scenario: str, *options: str, port: str | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """One that runs, and is ended."""
    process = await asyncio.create_subprocess_exec(
        *(
            tool("sipp", "sip-tester"),
            "-sn",
            scenario,
            "-i",
            "127.0.0.1",
            "-nostdin",
            "-s",
            "8801",
            "-p",
            port or str(free_port()),
            *options,
        ),
        cwd=folder,
        env={"TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def succeeds(process: asyncio.subprocess.Process) -> None:
    """Every call of it has gone by its scenario."""
    async with asyncio.timeout(2 * PATIENCE):
        assert await process.wait() == 0


async def test_uac(hotline: Hotline, tmp_path: Path):
    """SIPp: its built-in scenario uac, eight calls, two at a time"""
    calls = ("-m", "8", "-l", "2", "-r", "2", "-d", "500")
    async with sipp(tmp_path, "uac", f"127.0.0.1:{hotline.port}", *calls) as process:
        await succeeds(process)


async def test_uac_pcap(hotline: Hotline, tmp_path: Path):
    """SIPp: its built-in scenario uac_pcap, 8 s of A-law in 30 ms packets and a key; both are heard"""
    if os.geteuid():
        pytest.skip("only root has the raw sockets by which SIPp plays a recording: sudo make interop")
    (tmp_path / "pcap").symlink_to(RECORDINGS)
    before = len(hotline.watcher.of("line/sip1/event"))
    async with sipp(tmp_path, "uac_pcap", f"127.0.0.1:{hotline.port}", "-m", "1") as process:
        await succeeds(process)
    events = hotline.watcher.of("line/sip1/event")[before:]
    assert [event["digit"] for event in events if event["event"] == "dtmf"] == ["1"]
    assert "speech" in [event["verdict"] for event in events if event["event"] == "verdict"]


async def test_third_party_call_control(hotline: Hotline, tmp_path: Path):
    """SIPp: its built-in scenarios 3pcc, a controller that joins the line with another telephone (RFC 3725)"""
    other, twin = str(free_port()), f"127.0.0.1:{free_port()}"
    before = len(hotline.watcher.of("line/sip1/event"))
    once = ("-m", "1", "-3pcc", twin)
    async with (
        sipp(tmp_path, "3pcc-B", "-m", "1", port=other) as telephone,
        sipp(tmp_path, "3pcc-C-B", f"127.0.0.1:{other}", *once),
        sipp(tmp_path, "3pcc-C-A", f"127.0.0.1:{hotline.port}", *once),
    ):
        await succeeds(telephone)
        # The two of the controller are not asked: which ends first finds the other gone, and complains.
        events = await hotline.watcher.until(lambda watcher: ended(watcher.of("line/sip1/event")[before:]))
    assert (events[-1]["by"], events[-1]["cause"]) == ("customer", "bye")


def ended(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A call's, once it is over."""
    return events if events and events[-1]["event"] == "released" else []
