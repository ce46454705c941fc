"""The folder for the sockets of joined legs: short enough a path, and closed to others."""

import os
import tempfile
from pathlib import Path

LONGEST_PATH = 107
"""Bytes of a socket's path: sun_path in unix(7), less the closing zero."""
LONGEST_NAME = len("/out-9999999999a")
"""Bytes that a leg's name takes in it: thirty agents rung each second would need ten years for a longer one."""
PREFIX = "sansheng-"
RANDOM = 8
"""Letters that mkdtemp adds."""
SHORT = "/tmp"
"""Where every Linux has temporary files (Filesystem Hierarchy Standard 3.0, section 3.18)."""


def sockets_folder() -> Path:
    """A new folder (0700) where temporary files are, or in SHORT where a socket's path would be too long there.
    Raises OSError."""
    place = tempfile.gettempdir()
    needed = len(os.fsencode(place)) + 1 + len(PREFIX) + RANDOM + LONGEST_NAME
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHORT if needed > LONGEST_PATH else place))
