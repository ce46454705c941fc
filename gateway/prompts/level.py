"""What recordings are made to be: one level, little silence around, no DC; and how far one is from that."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.prompts.speech_level import RATE, Signal, active_level, as_signal

__all__ = [
    "RATE",
    "Measure",
    "active_level",
    "clipped_share",
    "finished",
    "levelled",
    "measured",
    "padded",
    "peak_level",
]

ACTIVE_LEVEL = -20.0
"""dBFS aimed at while somebody speaks (JH-15): some −14 dBm0, as 0 dBm0 is −6.2 dBFS in G.711; the usual level of
announcements, with headroom for the loudest syllables."""
PEAK = -3.0
"""dBFS that no sample passes: room for the exchange's gain and for µ-law's rounding."""
SILENCE_BELOW = 30.0
"""dB under the active level: what lies lower, before the first sound and after the last, is silence, as a quiet
room is. The softest consonants (h, s) begin below it too, for less than 0.1 s: that must stay beside the rest."""
SETTLED, SETTLED_DC = 0.1, 0.001
"""dB and share of full scale: what is so near to its aim is left as it is."""
_FRAME = 80  # samples, 10 ms: how fine silence is measured
_FADE = 40  # samples, 5 ms: no click where a recording was cut in the room's noise


@dataclass(frozen=True, slots=True)
class Measure:
    """One recording. Levels in dBFS (−inf for silence), times in seconds."""

    seconds: float
    level: float
    """While somebody speaks: ITU-T P.56 method B."""
    peak: float
    clipped: float
    """The share of samples at full scale, 0 to 1."""
    before: float
    """Silence before the first sound; for a silent recording all of it."""
    after: float
    """Silence after the last sound; for a silent recording nothing."""
    dc: float
    """The mean, as a share of full scale, −1 to 1."""


def measured(samples: NDArray[np.int16]) -> Measure:
    """All that can be measured of `samples`."""
    signal = as_signal(samples)
    level = active_level(signal)
    start, end = spoken_part(signal, level)
    return Measure(
        seconds=len(signal) / RATE,
        level=level,
        peak=peak_level(signal),
        clipped=clipped_share(samples),
        before=start / RATE,
        after=(len(signal) - end) / RATE,
        dc=float(signal.mean()) if len(signal) else 0.0,
    )


def peak_level(samples: NDArray[np.int16] | Signal) -> float:
    """dBFS of the largest sample; −inf for nothing."""
    peak = float(np.abs(as_signal(samples)).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak else float("-inf")


def clipped_share(samples: NDArray[np.int16]) -> float:
    """The share of samples at full scale, 0 to 1."""
    return float(np.mean(np.abs(samples.astype(np.int32)) >= 32767)) if len(samples) else 0.0


def spoken_part(signal: Signal, level: float | None = None) -> tuple[int, int]:
    """Where the first sound begins and the last ends, in samples, to 10 ms; the end twice for silence.

    `level` is its active level, where that is known already.
    """
    level = active_level(signal) if level is None else level
    if level == float("-inf"):
        return len(signal), len(signal)
    short = -len(signal) % _FRAME
    # Each frame without its own mean: an offset is no sound, nor is what is left of one.
    frames = np.pad(signal, (0, short), mode="edge").reshape(-1, _FRAME)
    (loud,) = np.nonzero(np.var(frames, axis=1) >= 10 ** ((level - SILENCE_BELOW) / 10))
    if not len(loud):
        return len(signal), len(signal)  # a step from one offset to another between two frames
    return int(loud[0]) * _FRAME, min(len(signal), (int(loud[-1]) + 1) * _FRAME)


def levelled(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """`samples` at ACTIVE_LEVEL, or as near to it as PEAK lets them be."""
    return _as_samples(_levelled(as_signal(samples)))


def padded(signal: Signal, margin: float) -> NDArray[np.int16]:
    """A synthesised recording as it goes on the line: nothing cut, `margin` seconds around it, at ACTIVE_LEVEL."""
    silence = np.zeros(round(margin * RATE))
    return _as_samples(_levelled(np.concatenate((silence, signal - signal.mean(), silence))))


def finished(signal: Signal, margin: float) -> NDArray[np.int16]:
    """A person's recording as it goes on the line: no DC, `margin` seconds around the speech, at ACTIVE_LEVEL.

    Silence is cut or added as it takes. What is as good as finished is left as it is: finishing twice changes
    nothing. Nothing but silence gives an empty array.
    """
    start, end = spoken_part(signal)
    if start == end:
        return np.zeros(0, dtype=np.int16)
    if not _is_finished(signal, start, end, margin):
        signal = _levelled(_with_margin(signal, start, end, round(margin * RATE)))
    return _as_samples(signal)


def _is_finished(signal: Signal, start: int, end: int, margin: float) -> bool:
    """Within what nobody hears: half to double the margin, and SETTLED, and a DC of 0.1 %."""
    silences = start / RATE, (len(signal) - end) / RATE
    kept = all(margin / 2 <= silence <= 2 * margin for silence in silences)
    return kept and abs(float(signal.mean())) < SETTLED_DC and abs(_gain(signal)) < SETTLED


def _with_margin(signal: Signal, start: int, end: int, margin: int) -> Signal:
    first, last = max(0, start - margin), min(len(signal), end + margin)
    cut = signal[first:last] - signal[first:last].mean()
    if first > 0:
        cut[:_FADE] *= np.linspace(0, 1, _FADE)
    if last < len(signal):
        cut[-_FADE:] *= np.linspace(1, 0, _FADE)
    return np.pad(cut, (max(0, margin - start), max(0, end + margin - len(signal))))


def _levelled(signal: Signal) -> Signal:
    return np.asarray(signal * 10 ** (_gain(signal) / 20))


def _gain(signal: Signal) -> float:
    """dB to ACTIVE_LEVEL, or as near to it as PEAK permits."""
    level = active_level(signal)
    return 0.0 if level == float("-inf") else min(ACTIVE_LEVEL - level, PEAK - peak_level(signal))


def _as_samples(signal: Signal) -> NDArray[np.int16]:
    return np.clip(np.rint(signal * 32768.0), -32768, 32767).astype(np.int16)
