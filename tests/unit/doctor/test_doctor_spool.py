"""Facts of calls that wait on the disk."""

from pathlib import Path

import pytest

from gateway.doctor.finding import Status
from gateway.doctor.spool import check_spool
from gateway.records.spool_file import SpoolFile
from tests.unit.doctor.tree import Tree, config_of, cured, sip

pytestmark = pytest.mark.unit


def test_a_file_in_the_spools_place_is_a_fault(tree: Tree, tmp_path: Path) -> None:
    scene = tree.scene(config_of(tmp_path, sip("127.0.0.1:5062")))
    (tmp_path / "var").mkdir()
    (tmp_path / "var/spool").touch()
    (found,) = check_spool(scene)
    assert (found.status, found.finding.partition(":")[0]) == (Status.FAULT, "is no folder")
    assert "spool.aside" in cured(found)


def test_facts_that_wait_are_counted_and_lines_that_are_damaged_told(tree: Tree, tmp_path: Path) -> None:
    scene = tree.scene(config_of(tmp_path, sip("127.0.0.1:5062")))
    (empty,) = check_spool(scene)
    assert empty.status is Status.OK
    assert not (tmp_path / "var").exists(), "nothing is made"
    SpoolFile(tmp_path / "var/spool/00000001-a.spool", 1_000_000)
    assert check_spool(scene)[0].status is Status.OK, "a running gateway's, and nothing waits"
    SpoolFile(tmp_path / "var/spool/00000002-b.spool", 1_000_000).append(b"one\ntwo\n")
    (tmp_path / "var/spool/00000003-c.spool.damaged").touch()
    waiting, damaged = check_spool(scene)
    assert (waiting.status, damaged.status) == (Status.WARNING, Status.WARNING)
    assert waiting.finding.startswith("2 facts of calls are not in the database")
    assert f"sansheng run -c {tmp_path}/gateway.toml" in cured(waiting)
    assert "00000003-c.spool.damaged" in damaged.finding
