"""The recordings below a folder."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

KINDS: Final = frozenset(
    (".wav", ".wave", ".wav49", ".w64", ".rf64", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".au")
)
"""How the names of recordings end, in any case."""


@dataclass(slots=True)
class Found:
    """What lies below a folder: files in the order of their names with their sizes in bytes, and what could not be
    looked into, a line each."""

    files: dict[Path, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def find_recordings(folder: Path) -> Found:
    """Recordings in `folder` and in all folders below it, hidden ones left out. Links to folders are not followed:
    they may lead in a circle."""
    found = Found()

    def refused(error: OSError) -> None:
        found.faults.append(f"{error.filename}: cannot be read ({error.strerror}); check its permissions")

    for place, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix.lower() in KINDS and not name.startswith("."):
                found.files[path] = _size(path)
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone, or a link to nowhere: that is told when it is heard
        return 0
