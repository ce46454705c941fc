"""A program: which of some files hold some bytes. Run as a process of its own (gateway.privacy.remains).

Whoever closes a file ends all locks that his process holds on it (fcntl(2)), SQLite's as well, and another
process would take away the log that is being written. Nothing of this package is imported: it starts at once.

Standard input: the bytes sought and the paths, each ended by NUL. Standard output: the paths of those that hold
them, each ended by NUL. A file that went meanwhile holds nothing; one that cannot be read is exit code 1, and told
on standard error.
"""

import os
import sys
from pathlib import Path

CHUNK = 1 << 20
"""Bytes read at once. Read, not mapped: a file that is cut meanwhile would end the process (SIGBUS)."""


def holds(path: Path, sought: bytes) -> bool:
    """Whether these bytes stand in the file. Raises OSError."""
    rest = b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            if sought in rest + chunk:
                return True
            rest = (rest + chunk)[-len(sought) :]
    return False


def main() -> int:
    """The exit code."""
    sought, *paths = sys.stdin.buffer.read().split(b"\0")[:-1]
    for path in paths:
        try:
            if holds(Path(os.fsdecode(path)), sought):
                sys.stdout.buffer.write(path + b"\0")
        except FileNotFoundError:
            continue
        except OSError as error:
            sys.stderr.write(f"{os.fsdecode(path)} cannot be read: {error.strerror}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
