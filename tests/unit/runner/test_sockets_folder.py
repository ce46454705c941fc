"""Where the sockets of joined calls are: in a folder whose path leaves room for their names."""

import stat
import tempfile
from pathlib import Path

import pytest

from drivers.bridge.path import AudioPath
from gateway.runner.sockets_folder import sockets_folder

pytestmark = pytest.mark.unit

LAST = "out-9999999999"
"""The leg of a desk that has rung somebody thirty times a second for ten years."""


def joins(folder: Path) -> None:
    """Raises OSError where two legs cannot be joined there."""
    ours, theirs = str(folder / f"{LAST}a"), str(folder / f"{LAST}b")
    path = AudioPath(ours, theirs)
    path.close()


def test_it_lies_where_temporary_files_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        folder = sockets_folder()
        assert folder.parent == Path(short)
        joins(folder)


@pytest.mark.parametrize("length", [60, 73, 74, 107, 200])
def test_calls_can_be_joined_however_long_the_path_of_temporary_files_is(
    monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        place = Path(base, "t" * (length - len(base) - 1))
        place.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(place))
        folder = sockets_folder()
        try:
            joins(folder)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        finally:
            folder.rmdir()
