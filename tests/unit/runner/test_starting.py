"""The data folder that a gateway begins with: what is in the way is told by its name, with the cure."""

import tempfile
from pathlib import Path

import pytest

from gateway.starting import StartError, lock
from tests.rights import as_nobody

pytestmark = pytest.mark.unit


def test_a_folder_of_somebody_else() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        with as_nobody(), pytest.raises(StartError) as error:
            lock(Path(folder))
    assert f"data_dir {folder} cannot be used: Permission denied; run it as the gateway's user" in str(error.value)
    assert f"install -d -o sansheng -g sansheng -m 750 {folder}" in str(error.value)


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(StartError, match=r"cannot be used: .*; name a folder that can be made and written"):
        lock(tmp_path / "var")


def test_one_gateway_a_folder(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(StartError, match=f"another gateway uses data_dir {tmp_path}; stop it"):
        lock(tmp_path)
    lock(tmp_path).close()
