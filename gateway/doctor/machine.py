"""The machine that is looked at: its file trees, and the person who looks. Tests give a tree of their own."""

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Person:
    """The user who runs the doctor, as this session knows him."""

    name: str
    uid: int
    groups: frozenset[int]
    """Group ids that are effective in this session; a new membership is not before the next login."""

    @classmethod
    def here(cls) -> "Person":
        """The user of this process."""
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)  # a container's user need not be in passwd
        return cls(name, uid, frozenset((os.getegid(), *os.getgroups())))

    @property
    def is_root(self) -> bool:
        """Whether permissions do not hold for him."""
        return self.uid == 0


@dataclass(frozen=True, slots=True)
class Machine:
    """Where to look. `root` stands for `/`: under it are proc, sys, dev, run and etc."""

    root: Path = Path("/")
    person: Person = field(default_factory=Person.here)
    may: Callable[[Path, int], bool] = os.access
    """Whether the person may use a path so (os.R_OK, os.W_OK …); the kernel's answer knows of ACLs too."""

    def at(self, path: str) -> Path:
        """The place of an absolute path of the machine."""
        return self.root / path.lstrip("/")

    def text(self, path: str) -> str | None:
        """What a small file of the machine holds; None where it cannot be read."""
        return read_text(self.at(path))


def read_text(file: Path) -> str | None:
    """What a small file holds, stripped; None where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
