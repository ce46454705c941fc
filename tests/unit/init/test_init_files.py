"""Files: all or none, what was there is kept, secrets are their group's alone."""

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest

from gateway.init.files import Planned, State, Unwritable, write

pytestmark = pytest.mark.unit


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_files_with_their_modes(tmp_path: Path) -> None:
    folder = tmp_path / "etc" / "sansheng"
    files = [Planned(folder / "secret", "s\n", secret=True), Planned(folder / "gateway.toml", "x = 1\n")]
    assert [file.state() for file in files] == [State.NEW, State.NEW]
    assert write(files, "no-such-group") == {}
    assert names(folder) == ["gateway.toml", "secret"]
    assert [stat.S_IMODE(file.path.stat().st_mode) for file in files] == [0o640, 0o644]
    assert [file.state() for file in files] == [State.SAME, State.SAME]
    assert write(files) == {}
    assert names(folder) == ["gateway.toml", "secret"]


def test_what_differs_is_kept_each_time_under_a_name_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text("one")
    assert write([Planned(file, "two")]) == {file: tmp_path / "gateway.toml.bak"}
    assert write([Planned(file, "three")]) == {file: tmp_path / "gateway.toml.bak2"}
    assert [(tmp_path / name).read_text() for name in names(tmp_path)] == ["three", "one", "two"]


def test_a_text_that_says_the_same_is_left(tmp_path: Path) -> None:
    file = tmp_path / "hash"
    file.write_text("other words")
    planned = Planned(file, "words", means_the_same=lambda text: text.startswith("other"))
    assert planned.state() is State.SAME
    write([planned])
    assert file.read_text() == "other words"


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    good, blocked = tmp_path / "good", tmp_path / "file" / "below"
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unwritable) as error:
        write([Planned(good, "x"), Planned(blocked, "y")])
    assert str(error.value) == os.strerror(20)
    assert names(tmp_path) == ["file"]


def test_a_folder_in_a_files_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="directory"):
        write([Planned(tmp_path, "x")])


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "two").write_text("old")
    calls: list[int] = []

    def interrupted(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write([Planned(tmp_path / "one", "1"), Planned(tmp_path / "two", "2")])
    assert names(tmp_path) == ["two"]
    assert (tmp_path / "two").read_text() == "old"


def refuse_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel does of another user's file (fs.protected_hardlinks), and a file system that has none."""

    def refused(source: Path, place: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(source))

    monkeypatch.setattr(os, "link", refused)


def test_what_differs_is_kept_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_links(monkeypatch)
    file = tmp_path / "secret"
    file.write_text("one")
    file.chmod(0o640)
    assert write([Planned(file, "two", secret=True)]) == {file: tmp_path / "secret.bak"}
    assert [(tmp_path / name).read_text() for name in names(tmp_path)] == ["two", "one"]
    assert stat.S_IMODE((tmp_path / "secret.bak").stat().st_mode) == 0o640


def test_where_one_cannot_be_kept_none_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_links(monkeypatch)
    files = [Planned(tmp_path / name, "new") for name in ("absent", "first", "second")]
    for file in files[1:]:
        file.path.write_text("old")

    def full(path: Path, place: Path) -> None:
        if path.name == "second":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copystat", full)
    with pytest.raises(Unwritable, match="No space left on device") as error:
        write(files)
    assert error.value.path == tmp_path / "second"
    assert names(tmp_path) == ["first", "second"]
    assert [file.path.read_text() for file in files[1:]] == ["old", "old"]
