"""The recordings: Debian packages, taken from where they are installed or else downloaded into a cache folder.

`python -m benchmarks.corpus.packages` fetches all that are missing. No root is needed: `apt-get download` and
`dpkg-deb -x` are enough; where root, the package lists are brought up to date first if a package is not found.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.scene import Split

_SOUNDS = Path("usr/share/asterisk/sounds")


class RecordingsError(Exception):
    """A package is neither installed nor to be had; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package with recordings of one speaker, or with music."""

    name: str
    folder: Path
    """Where its files are, beneath the root."""
    language: str = ""


SPEAKERS = {
    # The Spanish prompts are by the speaker of the English ones, so both are on one side.
    Split.TRAIN: (
        Package("asterisk-core-sounds-en-wav", _SOUNDS / "en_US_f_Allison", "en"),
        Package("asterisk-core-sounds-es-wav", _SOUNDS / "es_MX_f_Allison", "es"),
    ),
    Split.HELD_OUT: (
        Package("asterisk-core-sounds-fr-wav", _SOUNDS / "fr_CA_f_June", "fr"),
        Package("asterisk-core-sounds-ru-wav", _SOUNDS / "ru_RU_f_IvrvoiceRU", "ru"),
        Package("asterisk-core-sounds-it-wav", _SOUNDS / "it_IT_m_Carlo", "it"),
        Package("asterisk-prompt-it-menardi-wav", _SOUNDS / "it_IT_f_Menardi", "it"),
    ),
}
"""Recorded speakers of each half."""
MUSIC = Package("asterisk-moh-opsound-wav", Path("usr/share/asterisk/moh"))


def folder_of(package: Package) -> Path:
    """Where the package's recordings lie, after downloading it if it must be. Raises RecordingsError."""
    cached = cache_folder() / "packages" / package.name
    for root in (Path("/"), cached):
        if any((root / package.folder).glob("*.wav")):
            return root / package.folder
    _fetch(package.name, cached)
    return cached / package.folder


def cache_folder() -> Path:
    """The folder for what is downloaded or synthesised once: `sansheng-corpus` in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sansheng-corpus"


def _fetch(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        fault = _run(["apt-get", "download", "-q", name], scratch)
        if fault and os.geteuid() == 0 and not _run(["apt-get", "update", "-q"], scratch):
            fault = _run(["apt-get", "download", "-q", name], scratch)
        found = list(Path(scratch).glob("*.deb"))
        fault = fault or ("" if found else "no file came")
        fault = fault or _run(["dpkg-deb", "-x", str(found[0]), "tree"], scratch)
        if fault:
            raise RecordingsError(
                f"{name}: not installed and not to be downloaded ({fault}); run: sudo apt-get install {name}"
            )
        if not target.exists():  # another process may have been faster
            (Path(scratch) / "tree").rename(target)


def _run(command: list[str], folder: str) -> str:
    """What went wrong, in one line; empty if nothing did."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"{command[0]} ended with {done.returncode}"])[-1]


if __name__ == "__main__":
    try:
        for wanted in (*SPEAKERS[Split.TRAIN], *SPEAKERS[Split.HELD_OUT], MUSIC):
            print(f"{wanted.name}: {folder_of(wanted)}")
    except RecordingsError as error:
        sys.exit(str(error))
