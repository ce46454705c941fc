"""The disk under data_dir fills up in a call (a small tmpfs of its own), and has room again."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import alert, hangs_up, live_call, on_record, presses, undisturbed
from tests.process.customers import Story, is_silent, placed
from tests.process.gateway import Site, mqtt, sip_line
from tests.rights import may_mount
from tests.sip.conftest import free_port

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not may_mount(), reason="mounts a file system of its own, which root alone may"),
]

SIZE_MB = 32
"""The spool's reserve is 16 of it."""
LATER = "13600000009"


@pytest.fixture
def disk(site: Site) -> Iterator[Path]:
    """data_dir, on a small disk."""
    folder = site.folder / "var"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Not one block is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    assert os.statvfs(disk).f_bavail == 0
    return ballast


async def test_a_disk_that_fills_up_costs_no_call(disk: Path, site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    target = f"sip:8801@127.0.0.1:{port}"
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), "[recordings]\nmin_free_mb = 1")
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with live_call(watcher, target) as (customer, story), undisturbed(customer):
            ballast = await asyncio.to_thread(fill, disk)
            await presses(customer, story, "1")
            await alert(watcher, "records_unwritten", raised=True)
            await gateway.logged("recording .*No space left on device.*goes on without it")
            later = Story(watcher, LATER)
            async with placed(target, LATER) as silent:
                await is_silent(silent, later)
            await later.until("released", by="standard")
            await alert(watcher, "recordings_stopped", raised=True)
            ballast.unlink()
            await alert(watcher, "records_unwritten", raised=False)
            await alert(watcher, "recordings_stopped", raised=False)
            await presses(customer, story, "2")
            await hangs_up(customer, story)
    for one in (story, later):
        await on_record(site, one)
    assert not watcher.of("alert/records_lost")
