"""Reading and writing the recordings' files."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.riff import parse_wav
from drivers.hearing.wav import WavError, WavWriter, read_wav
from gateway.prompts.level import RATE

MAX_SECONDS = 200
"""The longest text, 300 characters, at the slowest rate that JH-15 leaves, 90 a minute."""
_MAX_BYTES = 2 * RATE * MAX_SECONDS + 1_000_000
"""With room for the tags that editors write into a file."""
_CURE = "put the original through `sansheng prompts import`"


def read_recording(file: Path) -> NDArray[np.int16]:
    """A recording that is ready for the line. Raises WavError, also for a file too large to be one."""
    try:
        if not file.is_file():
            raise WavError(f"{file}: not a file; record it, or remove it")
        size = file.stat().st_size
    except OSError as error:
        raise WavError(f"{file}: cannot be read ({error.strerror}); permit it to the gateway's user") from error
    if size > _MAX_BYTES:
        message = f"{file}: {size / 1e6:.0f} MB are no prompt of at most {MAX_SECONDS} s; {_CURE}"
        raise WavError(message)
    samples = read_wav(file)
    if parse_wav(file).missing:
        raise WavError(f"{file}: ends in mid-recording; copy or export it again")
    if len(samples) > MAX_SECONDS * RATE:
        raise WavError(f"{file}: lasts {len(samples) / RATE:.0f} s; a prompt has at most {MAX_SECONDS} s")
    return samples


def write_recording(file: Path, samples: NDArray[np.int16]) -> None:
    """Whole or not at all: another process may be reading the file, and power may fail. Missing folders are made.
    Raises OSError."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _make_folder(file.parent)
        with WavWriter(new) as writer:
            writer.write(samples)
        _give_to_its_folder(new)
        with new.open("rb") as written:
            os.fsync(written.fileno())
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True) if new.parent.is_dir() else None
        raise


def _make_folder(folder: Path) -> None:
    """With those above it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _give_to_its_folder(folder)


def _give_to_its_folder(path: Path) -> None:
    """What root makes belongs to whom the folder does: the gateway, which must be able to replace it."""
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)
