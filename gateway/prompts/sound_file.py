"""A voice talent's sound file, of any usual kind, as a signal of the telephone's rate."""

from pathlib import Path
from typing import Any

import numpy as np

from drivers.hearing.other_sound import begins_like_sound, quiet_decoder, why_undecoded
from drivers.hearing.riff import WavError, read_header
from drivers.voice.resample import signal_to_telephone_rate
from gateway.prompts.files import MAX_SECONDS
from gateway.prompts.judge import CLIPPED
from gateway.prompts.level import RATE
from gateway.prompts.speech_level import Signal

SOUND_FILES = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff")
"""What can be read."""
OTHER_SOUND_FILES = (".m4a", ".aac", ".wma", ".amr", ".mp4", ".caf", ".au", ".webm")
"""What is meant as a recording all the same; the rest of a folder (notes, lists) is left alone."""
_NOT_SOUND = {
    b"PK\x03\x04": "is a ZIP archive, not a sound file; unpack it and export the recording as WAV",
    b"\x1f\x8b": "is a gzip archive, not a sound file; unpack it and export the recording as WAV",
    b"%PDF": "is a PDF document, not a sound file; export the recording as WAV",
}
_MAX_CHANNELS = 2
_FULL_SCALE = 0.9999
"""What a sample at full scale reads as, of 16 bits and more."""


class SoundFileError(Exception):
    """A file that is no recording of a prompt; the message tells what it is and what to do, without its name."""


def read_sound(file: Path) -> Signal:
    """The louder channel of `file` at 8000 Hz, full scale 1.0: one channel has no echoes of the other in it.

    Raises SoundFileError. Only the header of a file that is too long is read.
    """
    _check_beginning(file)
    import soundfile

    try:
        with quiet_decoder(), soundfile.SoundFile(file) as sound:
            _check_header(sound)
            limit = sound.samplerate * MAX_SECONDS
            # A header may lie about the length: no more is read than a prompt may have.
            samples = sound.read(frames=limit + 1, dtype="float32", always_2d=True)
            rate, whole_numbers = sound.samplerate, sound.subtype not in ("FLOAT", "DOUBLE")
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as error:
        raise SoundFileError(f"cannot be read ({why_undecoded(error)}); export it again, as WAV") from error
    if len(samples) > limit:
        raise SoundFileError(f"lasts more than {MAX_SECONDS} s; cut it into one file for each prompt")
    _check_end(file)
    return _telephone_signal(samples, rate, whole_numbers)


def _check_end(file: Path) -> None:
    """A WAV that was cut short is read without complaint; the other kinds' decoders notice it themselves."""
    try:
        missing = read_header(file).missing
    except WavError:  # another kind
        return
    if missing:
        raise SoundFileError("ends in mid-recording; copy or export it again")


def _check_beginning(file: Path) -> None:
    """Before a decoder sees it: some guess at anything."""
    try:
        if file.is_dir():
            raise SoundFileError("is a folder; put the recordings straight into the folder that is imported")
        if not file.is_file():
            raise SoundFileError("is not a file; remove it")
        with file.open("rb") as stream:
            beginning = stream.read(4)
    except OSError as error:
        raise SoundFileError(f"cannot be read ({error.strerror}); permit it to yourself") from error
    if not beginning:
        raise SoundFileError("is empty; export it again")
    for magic, message in _NOT_SOUND.items():
        if beginning.startswith(magic):
            raise SoundFileError(message)
    if not begins_like_sound(beginning):
        raise SoundFileError("is no sound file, whatever its name says; export the recording as WAV, FLAC or MP3")


def _check_header(sound: Any) -> None:
    if sound.samplerate < RATE:
        raise SoundFileError(
            f"was recorded at {sound.samplerate} Hz; record it again at 44100 Hz (at least {RATE})"
        )
    if sound.channels > _MAX_CHANNELS:
        raise SoundFileError(f"has {sound.channels} channels; export it as mono or stereo")
    seconds = sound.frames / sound.samplerate
    if seconds > MAX_SECONDS:
        long = f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 3600:.1f} hours"
        raise SoundFileError(
            f"lasts {long}, a prompt at most {MAX_SECONDS} s; cut it into one file for each prompt"
        )


def _telephone_signal(samples: Any, rate: int, whole_numbers: bool) -> Signal:
    if not len(samples):
        raise SoundFileError("holds no sound; export it again")
    if not np.isfinite(samples).all():
        raise SoundFileError(
            "holds samples that are not numbers (NaN or infinite); export it again, as 16-bit WAV"
        )
    centred = samples - samples.mean(axis=0, dtype=np.float64)
    louder = int(np.argmax(np.sqrt(np.mean(centred**2, axis=0))))
    channel = samples[:, louder].astype(np.float64)
    if not np.any(np.abs(centred[:, louder]) > 1 / 32768):
        raise SoundFileError("holds nothing but silence; record it again")
    share = float(np.mean(np.abs(channel) >= _FULL_SCALE))
    if share > CLIPPED and (whole_numbers or np.abs(channel).max() <= 1.0):
        raise SoundFileError(f"{share:.1%} of its samples are clipped; record it again, softer (at most 0.1 %)")
    # Floating point has no full scale: bring it near 1, so that nothing overflows later.
    peak = float(np.abs(channel).max())
    return signal_to_telephone_rate(channel / max(peak, 1.0), rate)
