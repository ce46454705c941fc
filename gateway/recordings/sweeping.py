"""Deleting recordings by their age: regular .wav files below one folder, and the folders that it leaves empty."""

import errno
import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUFFIX: Final = ".wav"


@dataclass(slots=True)
class Swept:
    """What was deleted, and what could not be: how many, and the first one's reason."""

    files: int = 0
    bytes: int = 0
    folders: int = 0
    failed: int = 0
    reason: str = ""

    def fail(self, error: OSError) -> None:
        """Something could not be deleted or looked at."""
        self.failed += 1
        self.reason = self.reason or str(error)


def sweep(
    folder: Path,
    before: float,
    ended: Callable[[], bool] = lambda: False,
    *,
    needed: Collection[Path] = (),
) -> Swept:
    """Delete the recordings under `folder` that were last written before `before` (seconds since 1970), but none
    that is `needed`, by whatever path.

    Symbolic links are neither followed nor deleted, `folder` itself excepted: it may be a link to another disk. A
    folder goes when it is empty, and was emptied now or has not been touched since `before`. Returns early when
    `ended` says so. Raises nothing: what cannot be deleted is counted.
    """
    swept = Swept()
    emptied: set[str] = set()
    try:
        spared = {str(path.resolve()) for path in needed}
        for root, folders, files, descriptor in os.fwalk(folder.resolve(), topdown=False, onerror=swept.fail):
            old = [name for name in files if name.endswith(SUFFIX) and f"{root}/{name}" not in spared]
            gone = _delete_files(old, descriptor, before, swept, ended)
            for name in folders:
                gone += _delete_folder(name, descriptor, f"{root}/{name}" in emptied, before, swept)
            if gone:
                emptied.add(root)
            if ended():
                break
    except FileNotFoundError:
        pass  # nothing was recorded yet
    except OSError as error:
        swept.fail(error)
    return swept


def newest(folder: Path, before: float) -> float | None:
    """When the youngest recording under `folder` was last written, of those older than `before` (both in seconds
    since 1970); None: there is none. Raises OSError where the folder itself cannot be read."""
    found = None
    for _, _, files, descriptor in os.fwalk(folder.resolve()):
        for name in files:
            if not name.endswith(SUFFIX):
                continue
            try:
                written = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mtime
            except OSError:
                continue  # deleted this moment; or the sweep tells
            if written < before:
                found = written if found is None else max(found, written)
    return found


def _delete_files(names: list[str], folder: int, before: float, swept: Swept, ended: Callable[[], bool]) -> int:
    """By the folder's descriptor: whatever becomes of the path meanwhile, it is this folder's file that goes."""
    gone = 0
    for name in names:
        if ended():
            break
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(found.st_mode) and found.st_mtime < before:
                os.unlink(name, dir_fd=folder)
                gone += 1
                swept.bytes += found.st_size
        except OSError as error:
            swept.fail(error)
    swept.files += gone
    return gone


def _delete_folder(name: str, parent: int, emptied: bool, before: float, swept: Swept) -> int:
    try:
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode) and (emptied or found.st_mtime < before):
            os.rmdir(name, dir_fd=parent)
            swept.folders += 1
            return 1
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # rmdir(2): either says that it holds something
            swept.fail(error)
    return 0
