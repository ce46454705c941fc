"""Beside a SQLite file: which runs of a site live, told by files that are locked as long as they do."""

from pathlib import Path

import pytest

from gateway.database.run_lock import FileRunLock

pytestmark = pytest.mark.unit


def run(folder: Path, name: str, site: str = "jinan") -> FileRunLock:
    """It lives, and has looked."""
    lock = FileRunLock(folder / "calls.db", site, name)
    lock.look()
    return lock


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_run_knows_the_others_and_leaves_nothing(tmp_path: Path) -> None:
    first, second = run(tmp_path, "a"), run(tmp_path, "b")
    first.look()
    for lock in (first, second):
        assert (lock.shared, lock.company) == (True, True)
        assert [one for one in ("a", "b", "c") if lock.lives(one)] == ["a", "b"]
        assert lock.lives(None), "it may be the other's"
    second.close()
    first.look()
    assert not first.company
    assert not first.lives("b")
    assert not first.lives(None)
    first.close()
    assert files(tmp_path) == []


def test_other_sites_are_none_of_ours(tmp_path: Path) -> None:
    mine, near = run(tmp_path, "a"), run(tmp_path, "b", site="jinan.east")
    for lock in (mine, near):
        lock.look()
        assert not lock.company
    assert len(files(tmp_path)) == 2


def test_a_file_that_a_dead_run_left_goes(tmp_path: Path) -> None:
    (tmp_path / ".calls.db.jinan.dead.lock").touch()
    lock = run(tmp_path, "a")
    assert not lock.lives("dead")
    assert files(tmp_path) == [".calls.db.jinan.a.lock"]


def test_a_file_that_somebody_has_deleted_is_there_again(tmp_path: Path) -> None:
    first, second = run(tmp_path, "a"), run(tmp_path, "b")
    (tmp_path / ".calls.db.jinan.a.lock").unlink()
    first.look()
    second.look()
    assert second.lives("a")


def test_where_no_file_can_be_nobody_else_is(tmp_path: Path) -> None:
    lock = run(tmp_path / "is not there", "a")
    assert lock.lives("a")
    assert not lock.company
    lock.close()
    memory = FileRunLock(None, "jinan", "a")
    memory.look()
    assert (memory.lives("a"), memory.lives("b")) == (True, False)
    memory.close()
