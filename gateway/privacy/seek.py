"""A program: which of some files hold a number's digits. Run as a process of its own (gateway.privacy.remains).

Whoever closes a file ends all locks that his process holds on it (fcntl(2)), SQLite's as well, and another
process would take away the log that is being written. Nothing of this package is imported: it starts at once.

Standard input: the digits sought and the paths, each ended by NUL. Standard output: the paths of those that hold
them, each ended by NUL. A file that went meanwhile holds nothing; one that cannot be read is exit code 1, and told
on standard error.
"""

import os
import re
import sys
from pathlib import Path

CHUNK = 1 << 20
"""Bytes read at once. Read, not mapped: a file that is cut meanwhile would end the process (SIGBUS)."""

TAIL = 64
"""Bytes that are looked at with the next ones again: more than a number and what stands before it have."""
DATABASE = b"SQLite format 3\0"
LOGS = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"))
"""How a write-ahead log begins (sqlite.org/fileformat.html, 4.1)."""
ASIDE = ".corrupt-"
"""In the name of a database that was set aside, whose beginning may be what is corrupt."""


def holds(path: Path, digits: bytes) -> bool:
    """Whether these digits stand in the file; in a text alone, but for +86, 0086 or 0 before them: with one more
    they are another number. In SQLite's files columns stand side by side, and any digits are beside any. Raises
    OSError."""
    # \u4e00 is how JSON may write a sign: its last digits are none of the number's.
    alone = rb"(?:(?<![0-9])|(?<=\\u[0-9a-fA-F]{4}))(?:(?:00)?86)?(?:00?)?" + digits + rb"(?![0-9])"
    with path.open("rb", buffering=0) as file:
        chunk = file.read(CHUNK)
        stored = chunk.startswith((DATABASE, *LOGS)) or ASIDE in path.name
        sought = re.compile(digits if stored else alone)
        seen = b""
        while chunk:
            following = file.read(CHUNK)
            if _stands(sought, seen + chunk, begun=bool(seen), ended=not following):
                return True
            seen, chunk = (seen + chunk)[-TAIL:], following
    return False


def _stands(sought: re.Pattern[bytes], part: bytes, *, begun: bool, ended: bool) -> bool:
    """Whether it stands in this part. What touches an edge beyond which there is more is judged with that."""
    first = len("\\u4e00") if begun else 0
    return any(found.start() >= first and (ended or found.end() < len(part)) for found in sought.finditer(part))


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
