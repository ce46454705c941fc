"""Clock, zone, disk, open files, call limit, packages: judged by what the machine says."""

import asyncio
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from gateway.database.schema import HEAD
from gateway.doctor import libraries, storage
from gateway.doctor.census import sockets_on
from gateway.doctor.clock import CLOCK, TIME_ERROR, check_clock, check_zone, kernel_clock
from gateway.doctor.database import check_database
from gateway.doctor.finding import Finding, Status
from gateway.doctor.libraries import Package, call_limit, check_packages
from gateway.doctor.limits import check_open_files
from gateway.doctor.storage import FOLDER, ROOM, check_data_dir
from gateway.records import Records, RecordsConfig
from tests.unit.doctor.tree import Tree, config_of, cured, fxo, of, sip

pytestmark = pytest.mark.unit

SYNCHRONISED = 0


def clock(tree: Tree, state: int | None) -> Finding:
    return of(check_clock(tree.scene(), state), CLOCK)


def test_a_synchronised_clock_is_good_and_who_keeps_it_is_told(tree: Tree) -> None:
    tree.process(5, "/usr/sbin/chronyd")
    assert clock(tree, SYNCHRONISED) == Finding(CLOCK, "", Status.OK, "synchronised by chronyd")


def test_a_clock_that_nobody_keeps_is_a_fault(tree: Tree) -> None:
    found = clock(tree, TIME_ERROR)
    assert found.status is Status.FAULT
    assert "sudo timedatectl set-ntp true" in cured(found)


def test_a_time_service_that_reaches_no_server_is_a_fault_with_where_to_look(tree: Tree) -> None:
    tree.process(5, "/lib/systemd/systemd-timesyncd")  # of which the kernel keeps 15 characters
    found = clock(tree, TIME_ERROR)
    assert "systemd-timesyncd runs, but the clock is not synchronised" in found.finding
    assert "timedatectl timesync-status" in cured(found)


def test_what_cannot_be_known_of_the_clock_is_a_warning(tree: Tree) -> None:
    assert clock(tree, None).status is Status.WARNING


def test_the_kernel_is_asked_without_being_told_anything() -> None:
    assert kernel_clock() in {None, *range(TIME_ERROR + 1)}


def test_the_zone_is_told_with_its_time(tree: Tree, tmp_path: Path) -> None:
    (found,) = check_zone(tree.scene(config_of(tmp_path, sip("127.0.0.1:5062"), timezone="Asia/Kolkata")))
    assert found.status is Status.OK
    assert "(UTC+0530)" in found.finding


def test_a_data_dir_that_is_not_there_yet_is_not_made(tree: Tree, tmp_path: Path) -> None:
    findings = check_data_dir(tree.scene(config_of(tmp_path, sip("127.0.0.1:5062"))))
    assert of(findings, FOLDER).finding == f"will be made in {tmp_path}"
    assert not (tmp_path / "var").exists()


def test_what_root_left_in_data_dir_is_found(tree: Tree, tmp_path: Path) -> None:
    config = config_of(tmp_path, sip("127.0.0.1:5062"))
    config.data_path.mkdir()
    (config.data_path / "calls.db").write_text("")
    (config.data_path / "gateway.lock").write_text("")
    tree.refused.add(config.data_path / "calls.db")
    found = of(check_data_dir(tree.scene(config)), FOLDER)
    assert found.finding == f"user anna may not write {config.data_path / 'calls.db'}"
    assert cured(found) == f"sudo chown -R anna: {config.data_path}"


def test_a_data_dir_that_may_not_be_made_or_is_a_file_is_a_fault(tree: Tree, tmp_path: Path) -> None:
    config = config_of(tmp_path, sip("127.0.0.1:5062"))
    tree.refused.add(tmp_path)
    assert cured(of(check_data_dir(tree.scene(config)), FOLDER)).startswith(
        f"sudo mkdir -p {config.data_path} && "
    )
    tree.refused.clear()
    config.data_path.write_text("")
    assert "is no folder" in of(check_data_dir(tree.scene(config)), FOLDER).finding


@pytest.mark.parametrize(("hours", "status"), [(0.9, Status.FAULT), (23, Status.WARNING), (25, Status.OK)])
def test_room_is_told_in_hours_of_recordings(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: float, status: Status
) -> None:
    usage = namedtuple("usage", "total used free")
    free = int(hours * storage.HOUR * storage.SPEED)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, free))
    found = of(check_data_dir(tree.scene(config_of(tmp_path, sip("127.0.0.1:5062")))), ROOM)
    assert found.status is status
    assert f"room for {hours:.0f} hours" in found.finding


def test_few_open_files_for_many_lines_are_a_warning(tree: Tree, tmp_path: Path) -> None:
    scene = tree.scene(config_of(tmp_path, fxo("/dev/ttyS0"), sip("127.0.0.1:5062", count=25, calls=4)))
    (found,) = check_open_files(scene, 256)
    assert found.status is Status.WARNING
    assert "LimitNOFILE=572" in cured(found)
    assert check_open_files(scene, 1024)[0].status is Status.OK


def test_calls_above_the_compiled_limit_are_a_warning(tree: Tree, tmp_path: Path) -> None:
    scene = tree.scene(config_of(tmp_path, sip("127.0.0.1:5062", calls=4), sip("127.0.0.1:5063", "sip2", calls=2)))
    (found,) = call_limit(scene, 2)
    assert (found.subject, found.status) == ("sip1", Status.WARNING)
    assert "calls = 2" in cured(found)


async def test_a_package_that_does_not_load_is_told_beside_those_that_do(tree: Tree) -> None:
    bad = Package("numpy", "the ears", "import no_such_module_at_all")
    crash = Package("soxr", "the voice", "import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    good = Package("rich", "this", "import json")
    first, broken, crashed = await check_packages(tree.scene(), (good, bad, crash))
    assert first.finding == "these load: rich"
    assert "No module named 'no_such_module_at_all'" in broken.finding
    assert cured(broken).endswith("-m pip install --force-reinstall numpy")
    assert crashed.finding == "cannot be used for the voice: its process was ended by signal 4"


async def test_the_products_own_packages_load_and_pjsua2_tells_its_limit(tree: Tree, tmp_path: Path) -> None:
    scene = tree.scene(config_of(tmp_path, sip("127.0.0.1:5062", calls=4)))
    (found,) = await check_packages(scene, (libraries.PJSUA2,))
    assert found.finding == "these load: pjsua2-python"


def records(tree: Tree, config_folder: Path) -> Finding:
    (found,) = check_database(tree.scene(config_of(config_folder, sip("127.0.0.1:5062"))))
    return found


def test_a_database_that_is_not_there_yet_is_not_made(tree: Tree, tmp_path: Path) -> None:
    assert records(tree, tmp_path).status is Status.OK
    assert not (tmp_path / "var").exists()


def test_a_database_is_looked_at_and_left_as_it_was(tree: Tree, tmp_path: Path) -> None:
    make_records(tmp_path / "var")
    before = sorted(file.name for file in (tmp_path / "var").iterdir())
    assert records(tree, tmp_path) == Finding("call records", str(tmp_path / "var/calls.db"), Status.OK, "reached")
    assert sorted(file.name for file in (tmp_path / "var").iterdir()) == before


def test_a_database_of_a_newer_or_an_earlier_version_is_told_so(tree: Tree, tmp_path: Path) -> None:
    make_records(tmp_path / "var")
    with sqlite3.connect(tmp_path / "var/calls.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    found = records(tree, tmp_path)
    assert found.status is Status.OK
    assert f"of an earlier version (0001); the gateway brings it to {HEAD}" in found.finding
    with sqlite3.connect(tmp_path / "var/calls.db") as database:
        database.execute("DROP TABLE alembic_version")
    assert "of an earlier version (without a number)" in records(tree, tmp_path).finding
    with sqlite3.connect(tmp_path / "var/calls.db") as database:
        database.execute("CREATE TABLE alembic_version AS SELECT '9999' AS version_num")
    found = records(tree, tmp_path)
    assert found.status is Status.FAULT
    assert "was made by a newer version of sansheng: its schema is 9999" in found.finding
    assert "install that version" in cured(found)


def test_a_file_that_is_no_database_is_a_fault(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/calls.db").write_text("site,call,line\n" * 100)
    found = records(tree, tmp_path)
    assert found.status is Status.FAULT
    assert "is corrupt: file is not a database" in found.finding


def test_a_corrupt_database_is_a_fault_and_one_set_aside_a_warning(tree: Tree, tmp_path: Path) -> None:
    make_records(tmp_path / "var")
    file = tmp_path / "var/calls.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:-8192] + bytes(reversed(whole[-8192:])))
    found = records(tree, tmp_path)
    assert found.status is Status.FAULT
    assert ("is corrupt: " in found.finding, f"{file} .dump" in cured(found)) == (True, True)
    aside = file.rename(tmp_path / "var/calls.db.corrupt-20261101T093000Z")
    config = config_of(tmp_path, sip("127.0.0.1:5062"))
    first, second = check_database(tree.scene(config))
    assert (first.status, second.status) == (Status.OK, Status.WARNING)
    assert (second.subject, second.finding) == (str(aside), "was corrupt and set aside")


def make_records(folder: Path) -> None:
    """As a gateway makes them at its start."""
    records = Records(RecordsConfig("jinan", data_dir=folder))
    asyncio.run(asyncio.to_thread(records.start))
    records.stop()


def test_a_softphone_is_told_by_its_gateway(tree: Tree) -> None:
    tree.process(40, "python", "/opt/bin/sansheng", "run", "-c", "other.toml")
    tree.process(41, "python3", "-c", "worker", parent=40, holds=("socket:[777]",))
    tree.process(50, "asterisk", holds=("socket:[778]",))
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    row = "  0: 0100007F:{} 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 {} 2 0 0"
    tree.write("proc/net/udp", "\n".join((head, row.format("13C6", 777), row.format("13C4", 778))))
    scene = tree.scene()
    (worker,) = scene.census.socket_holders(sockets_on(tree.machine, "udp", "127.0.0.1", 0x13C6))
    assert scene.census.gateway_of(worker).pid == 40
    (pbx,) = scene.census.socket_holders(sockets_on(tree.machine, "udp", "0.0.0.0", 0x13C4))
    assert scene.census.gateway_of(pbx) == pbx
    assert not sockets_on(tree.machine, "udp", "127.0.0.2", 0x13C6)
