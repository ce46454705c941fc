"""What a gateway must have before it begins, and what is told where it cannot."""

import errno
import fcntl
from pathlib import Path
from typing import IO


class StartError(Exception):
    """The gateway cannot begin on this machine; the message names what is in the way and the cure."""


def lock(data_dir: Path) -> IO[str]:
    """Hold the data folder: two gateways on one folder would close each other's calls as faults."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "gateway.lock").open("w")
    except OSError as error:
        raise StartError(
            f"data_dir {data_dir} cannot be used: {error.strerror}; {_cure(error, data_dir)}"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StartError(f"another gateway uses data_dir {data_dir}; stop it, or give this one its own") from None
    return lock


def _cure(error: OSError, folder: Path) -> str:
    """What to do about a folder that cannot be made or written."""
    other = "or name another one"
    match error.errno:
        case errno.EACCES | errno.EPERM:
            give = f"install -d -o sansheng -g sansheng -m 750 {folder}"
            return f"run it as the gateway's user, give the folder to him (as root: {give}), {other}"
        case errno.EROFS:
            return f"mount it for writing, add ReadWritePaths={folder} by systemctl edit sansheng, {other}"
        case errno.ENOSPC | errno.EDQUOT:
            return f"free some room there, {other}"
    return "name a folder that can be made and written"
