"""Sound files of the kinds that libsndfile decodes: WAV in blocks (GSM 6.10, ADPCM), FLAC, MP3, Ogg, AIFF."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_BEGINNINGS: Final = (b"RIFF", b"RIFX", b"RF64", b"riff", b"fLaC", b"OggS", b"FORM", b"ID3", b".snd", b"caff")


def begins_like_sound(beginning: bytes) -> bool:
    """Whether a file whose first bytes these are (four are enough) may be given to libsndfile: it guesses at
    anything."""
    return beginning.startswith(_BEGINNINGS) or _is_mpeg(beginning)


@contextmanager
def quiet_decoder() -> Iterator[None]:
    """libmpg123 writes notes about broken files straight to standard error; what counts is raised."""
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def why_undecoded(error: BaseException) -> str:
    """What an exception of soundfile says, on one line and without the path."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    text = str(getattr(error, "error_string", error)).split("\n")[0]
    if "does not exist" in text:  # what libsndfile says when its MP3 decoder finds nothing to decode
        return "no sound is found in it"
    return text.rstrip(".")[:120] or type(error).__name__


def open_decoder(path: str | Path) -> Any:
    """soundfile.SoundFile of `path`. Raises what soundfile raises: `decoder_errors()`."""
    import soundfile  # 40 ms, for the rare file that needs it

    with quiet_decoder():
        return soundfile.SoundFile(path)


def read_block(sound: Any, frames: int) -> tuple[NDArray[np.float32], bool]:
    """At most so many frames of an open decoder, (time, channel), and whether they are the last. Raises
    `decoder_errors()` where there are none for a fault.

    soundfile reads, then seeks to where it has come to, which fails at the end of FLAC without a length: what was
    read before a fault is given all the same.
    """
    block = np.full((frames, sound.channels), np.nan, dtype=np.float32)
    try:
        with quiet_decoder():
            read = len(sound.read(out=block))
        return block[:read], not read
    except decoder_errors():
        untouched = np.isnan(block[:, 0])
        read = int(untouched.argmax()) if untouched.any() else frames
        if not read:
            raise
        return block[:read], True


def decoder_errors() -> tuple[type[Exception], ...]:
    """What soundfile raises for a file that it cannot read."""
    import soundfile

    return soundfile.SoundFileError, OSError, ValueError, TypeError


def _is_mpeg(beginning: bytes) -> bool:
    """Whether an MPEG audio frame begins here: eleven bits set, then a version and a layer that exist."""
    if len(beginning) < 4 or beginning[0] != 0xFF or beginning[1] & 0xE0 != 0xE0:
        return False
    return beginning[1] & 0x18 != 0x08 and beginning[1] & 0x06 != 0
