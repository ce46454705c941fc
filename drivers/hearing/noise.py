"""How far a voice stands over the noise beneath it.

Two looks at the last seconds, for each errs where the other does not. The weakest moments show the noise wherever
the speaker draws breath, but people may talk a second and more without a gap. The weakest of each band show it
under such speech too, for no sound of speech fills all bands, but not a crackle, whose pops leave every band now
and then. Biases and thresholds were chosen by what they do to the training half of the corpus
(`python -m benchmarks.hearing --split train --only verdicts`).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import frames_in
from drivers.hearing.levels import power_dbfs

_MOMENT: Final = frames_in(0.08)  # shorter than a gap between words, longer than a lost packet or between two pops
_MOMENTS_SHARE: Final = 0.05  # of the moments of a voice lie between its words
_BANDS_SHARE: Final = 0.1  # of the frames hold nothing but noise in a band
_MOMENTS_BIAS: Final = 1.6  # dB by which the weakest moments may lie under the noise's mean
_BANDS_BIAS: Final = 3.6  # dB likewise; single frames of a band waver more
_CRACKLES: Final = 7.0  # dB: that weak all over, it is noise whatever the bands say ...
_NOTHING: Final = 1e-9  # mean square, -90 dBFS: the least that 16 bits can carry
_MOST_LOST: Final = 0.15  # a line that loses more is beyond a call
_ENOUGH: Final = frames_in(2.0)  # ... if so long a voice was looked at


def voice_over_noise(voice: float, power: NDArray[np.float64], bands: NDArray[np.float64]) -> float:
    """Signal-to-noise ratio in dB.

    `voice` is the mean power of the active voice; `power` the mean squares of the frames it was heard in, pauses
    included, and `bands` the same by bands (a row a frame). Nothing heard yet: as if there were no noise.
    """
    if not len(power):
        return _ratio(voice, 0.0)
    by_moments = _ratio(voice, weakest_moment(power))
    by_bands = _ratio(voice, _weakest_bands(bands, _received(power)))
    ratio = max(by_moments - _MOMENTS_BIAS, by_bands - _BANDS_BIAS)
    return min(ratio, by_moments) if by_moments < _CRACKLES and len(power) >= _ENOUGH else ratio


def weakest_moment(power: NDArray[np.float64]) -> float:
    """Mean square of the weakest 80 ms (but for one in twenty) of these frames, given their mean squares."""
    if len(power) < _MOMENT:
        return float(power.mean())
    sums = np.zeros(len(power) + 1)
    np.add.accumulate(power, out=sums[1:])
    moments = sums[_MOMENT:] - sums[:-_MOMENT]
    rank = round(_MOMENTS_SHARE * (len(moments) - 1))
    moments.partition(rank)
    return max(0.0, float(moments[rank]) / _MOMENT)


def _received(power: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """The frames that are no lost packets: soundless, and too few for pauses of the speaker. None: all of them."""
    sound = power > _NOTHING
    count = np.count_nonzero(sound)
    return sound if (1 - _MOST_LOST) * len(power) <= count < len(power) else None


def _ratio(voice: float, noise: float) -> float:
    return power_dbfs(voice - noise) - power_dbfs(noise)


def _weakest_bands(bands: NDArray[np.float64], received: NDArray[np.bool_] | None) -> float:
    # Each band's frames side by side, which sorts in half the time; a copy, as it sorts in place.
    by_band = bands.T.copy() if received is None else bands.T.compress(received, axis=1)
    rank = round(_BANDS_SHARE * (by_band.shape[1] - 1))
    by_band.partition(rank, axis=1)
    return float(np.add.reduce(by_band[:, rank]))
