"""Any usual WAV to what the ears take: 8000 Hz, mono, 16 bits."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing import g711, riff
from drivers.hearing.frames import Signal
from drivers.hearing.wav import SAMPLE_RATE, WavError

_PASS: Final = 0.9  # of the lower Nyquist frequency is kept; the rest is the filter's slope
_TAPS_PER_SIDE: Final = 24  # zero crossings: over 60 dB of stop band with a Kaiser window
_KAISER_BETA: Final = 8.0
_MAX_RATE: Final = 384_000  # Hz; more is a broken header


def load_any_wav(path: str | Path) -> NDArray[np.int16]:
    """The recording at `path` as 8000 Hz mono 16-bit, from PCM of 8 to 32 bits, float, A-law or µ-law of any rate.

    Channels are averaged. Raises WavError, naming the file and the cure.
    """
    wav = riff.parse_wav(path)
    decode = _DECODERS.get((wav.coding, wav.bits))
    if decode is None or not 1000 <= wav.rate <= _MAX_RATE:
        raise WavError(
            f"{path}: coding {wav.coding} with {wav.bits} bits at {wav.rate} Hz is not read; "
            "convert it to 8000 Hz mono 16-bit PCM"
        )
    mono = decode(wav.data).reshape(-1, wav.channels).mean(axis=1)
    at_rate = resample(np.nan_to_num(mono), wav.rate, SAMPLE_RATE)
    return np.clip(np.round(at_rate * 32768), -32768, 32767).astype(np.int16)


def resample(signal: Signal, rate: int, to: int) -> Signal:
    """The signal at another sample rate (Hz), low-pass filtered so that nothing folds back."""
    if rate == to or not len(signal):
        return signal
    cutoff = _PASS * min(1.0, to / rate)
    reach = int(np.ceil(_TAPS_PER_SIDE / cutoff))
    padded = np.concatenate([np.zeros(reach), signal, np.zeros(reach + 1)])
    count = len(signal) * to // rate
    out = np.empty(count)
    offsets = np.arange(-reach, reach + 1)
    for start in range(0, count, 4096):  # in pieces: a whole hour at once would need gigabytes
        at = np.arange(start, min(start + 4096, count)) * (rate / to)
        nearest = np.floor(at).astype(np.intp)
        distance = offsets[None, :] - (at - nearest)[:, None]
        window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(1 - (distance / (reach + 1)) ** 2, 0))) / np.i0(
            _KAISER_BETA
        )
        taps = cutoff * np.sinc(cutoff * distance) * window
        out[start : start + len(at)] = np.einsum("ij,ij->i", padded[nearest[:, None] + offsets + reach], taps)
    return out


def _pcm24(data: bytes) -> Signal:
    parts = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3).astype(np.int32)
    return ((parts[:, 2] << 24 | parts[:, 1] << 16 | parts[:, 0] << 8) / 2**31).astype(np.float64)


_DECODERS: Final[dict[tuple[int, int], Callable[[bytes], Signal]]] = {
    (riff.PCM, 8): lambda data: (np.frombuffer(data, dtype=np.uint8).astype(np.float64) - 128) / 128,
    (riff.PCM, 16): lambda data: np.frombuffer(data, dtype="<i2") / 2.0**15,
    (riff.PCM, 24): _pcm24,
    (riff.PCM, 32): lambda data: np.frombuffer(data, dtype="<i4") / 2.0**31,
    (riff.FLOAT, 32): lambda data: np.frombuffer(data, dtype="<f4").astype(np.float64),
    (riff.FLOAT, 64): lambda data: np.frombuffer(data, dtype="<f8").astype(np.float64),
    (riff.ALAW, 8): lambda data: g711.decode_alaw(data) / 2.0**15,
    (riff.ULAW, 8): lambda data: g711.decode_ulaw(data) / 2.0**15,
}
