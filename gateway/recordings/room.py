"""Whether a disk has room for another recording. Pure."""

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1_000_000
AGAIN: Final = 1.1
"""Times the least room from which recordings begin again: a disk at the limit is no alert each minute."""
LEAST_FILES: Final = 1000
"""Files that can still be made: a disk may be out of them with many megabytes left; a busy day makes as many."""


@dataclass(frozen=True, slots=True)
class Free:
    """What a disk has left for us: bytes, and files (None: it does not count them)."""

    bytes: int
    files: int | None


class Room:
    """Yes until the disk is short, no until it has some more than that again."""

    def __init__(self, min_free_mb: int) -> None:
        """`min_free_mb`: megabytes that are to stay free; 0: recordings may fill the disk."""
        self._least = min_free_mb * MEGABYTE
        self.enough = True

    def judge(self, free: Free) -> bool:
        """Look at the disk anew; whether the answer has changed."""
        if not self._least:
            return False
        factor = 1.0 if self.enough else AGAIN
        files_left = free.files is None or free.files >= LEAST_FILES * factor
        enough = files_left and free.bytes >= self._least * factor
        changed, self.enough = enough != self.enough, enough
        return changed
