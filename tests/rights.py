"""What this process may do on this machine: root in a container may be less than root."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Final

NOBODY: Final = 65534
"""The user without rights, on every Linux."""


@cache
def may_mount() -> bool:
    """Whether it may make a mount namespace and mount a file system there."""
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@cache
def may_loop() -> bool:
    """Whether it may mount the image of a disk, too: `losetup` finds a device for it."""
    found = subprocess.run(["losetup", "--find"], capture_output=True, check=False).returncode == 0
    return found and may_mount()


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, which nothing is unreadable for."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
