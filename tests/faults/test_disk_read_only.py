"""The file system of data_dir turns read-only in a call, as ext4 does after an error of its disk, and is mounted
anew while the gateway runs."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import alert, hangs_up, live_call, on_record, presses, undisturbed
from tests.process.gateway import Site, mqtt, sip_line
from tests.rights import may_loop
from tests.sip.conftest import free_port

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not may_loop(), reason="mounts an image of its own, which root alone may"),
]

SIZE = 48_000_000
"""Bytes; the spool's reserve is 16 MB of it."""
A_SECOND = 16_000
"""Bytes of a recording."""


@dataclass
class Disk:
    """data_dir, on an image of its own."""

    folder: Path
    image: Path

    def mount(self) -> None:
        """By a device of its own: the one before may still be in use, and dead."""
        device = run("losetup", "--find", "--show", self.image)
        run("mount", "-o", "errors=remount-ro", device, self.folder)
        run("losetup", "--detach", device)  # as soon as nobody has it open

    def umount(self) -> None:
        run("umount", "--lazy", self.folder)

    def fails(self) -> None:
        """What ext4 does at an error of its disk: no more can be written, through files that are open either."""
        run("mount", "-o", "remount,abort", self.folder)

    def recording(self, record: dict[str, Any]) -> int:
        """Its bytes."""
        return Path(record["recording"]).stat().st_size


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """There before the site, and after it."""
    disk = Disk(tmp_path / "var", tmp_path / "disk.img")
    disk.folder.mkdir()
    with disk.image.open("wb") as image:
        image.truncate(SIZE)
    run("mkfs.ext4", "-q", disk.image)
    disk.mount()
    yield disk
    while disk.folder.is_mount():
        disk.umount()


async def test_a_disk_that_turns_read_only_costs_no_call(disk: Disk, site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    target = f"sip:8801@127.0.0.1:{port}"
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), "[recordings]\nmin_free_mb = 1")
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with live_call(watcher, target) as (customer, story), undisturbed(customer):
            await asyncio.to_thread(disk.fails)
            await presses(customer, story, "1")
            await alert(watcher, "records_unwritten", raised=True)
            await gateway.logged("recording .*Read-only file system.*goes on without it")
            async with live_call(watcher, target) as (other, meanwhile):
                await hangs_up(other, meanwhile)
            await asyncio.to_thread(disk.mount)  # over it: what the gateway has open is on the one that is dead
            await alert(watcher, "records_unwritten", raised=False)
            async with live_call(watcher, target) as (other, later):
                await hangs_up(other, later)
            await gateway.logged("the spool in .* can be written again")
            await presses(customer, story, "2")
            await hangs_up(customer, story)
    for one in (story, meanwhile, later):
        record = await on_record(site, one)
    assert disk.recording(record) > A_SECOND
    assert not watcher.of("alert/records_lost")
