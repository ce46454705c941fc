"""Frames that are a signalling tone and nothing else: neither voice nor noise, whatever their level."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.spectrum import HZ_PER_BIN

_BINS: Final = 129
_LOBE: Final = 4  # bins to each side: the main lobe of the window, ±100 Hz, and a little
_LEAST: Final = 1e-300  # power: keeps a centre of nothing finite
_SHARE: Final = 0.9  # of the power must be in one or two lobes
_PEAK: Final = 0.2  # of it in three bins: the weaker of two lines 3 dB apart has 0.3, noise 0.1
_SINGLES: Final = (
    (330.0, 640.0),  # dial, ringback, busy of every country, pairs within one lobe too (350+440, 440+480)
    (890.0, 1010.0),  # howler; first tone of SIT, ±50 Hz (ITU-T E.180)
    (1340.0, 1460.0),  # reminder, second tone of SIT
    (1740.0, 1860.0),  # third tone of SIT
)
_DTMF_LOW: Final = (680.0, 960.0)  # ITU-T Q.23: 697…941 Hz ±1.8 %
_DTMF_HIGH: Final = (1185.0, 1665.0)  # ITU-T Q.23: 1209…1633 Hz ±1.8 %


_SHAPE: Final = np.arange(-_LOBE, _LOBE + 1)
_EDGED: Final = _BINS + 2 * _LOBE


def _lobes(edged: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power and centre (Hz) of each row's strongest lobe, which is then blanked. At either end of the rows are
    _LOBE bins of nothing."""
    tops = edged.argmax(axis=1)
    # Where a lobe has been blanked everything may be nothing, and the first bin the strongest.
    spans = np.minimum(np.maximum(tops, _LOBE), _EDGED - _LOBE - 1)[:, None] + _SHAPE
    rows = np.arange(len(edged))[:, None]
    lobes = edged[rows, spans]
    powers = np.add.reduce(lobes, axis=1)
    centres = np.add.reduce(lobes * (spans - _LOBE), axis=1) * HZ_PER_BIN / np.maximum(powers, _LEAST)
    edged[rows, spans] = 0.0
    return powers, centres


def are_signalling(spectra: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the frames of these spectra (drivers.hearing.spectrum; a row each) are call-progress tones or DTMF
    digits of any country.

    It looks at the spectra alone and may take a pure vowel for a tone: one frame in twenty of a voice, at most.
    """
    totals = np.add.reduce(spectra, axis=1)
    edged = np.zeros((len(spectra), _EDGED))
    edged[:, _LOBE:-_LOBE] = spectra
    tops = edged.argmax(axis=1)
    at = np.arange(len(spectra))
    peaks = edged[at, tops - 1] + edged[at, tops] + edged[at, tops + 1]
    (maybe,) = ((totals > 0.0) & (peaks >= _PEAK * totals)).nonzero()
    found = np.zeros(len(spectra), dtype=np.bool_)
    if len(maybe):  # nearly all that is not a tone ends before this, at half the cost
        found[maybe] = _are_lobes(edged[maybe], totals[maybe])
    return found


def _are_lobes(edged: NDArray[np.float64], totals: NDArray[np.float64]) -> list[bool]:
    ones, firsts = _lobes(edged)
    pairs, seconds = _lobes(edged)
    return [
        _is_single(first) if one >= _SHARE else one + other >= _SHARE and _is_pair(first, second)
        for one, first, other, second in zip(
            (ones / totals).tolist(), firsts.tolist(), (pairs / totals).tolist(), seconds.tolist(), strict=True
        )
    ]


def _is_single(hz: float) -> bool:
    return any(low <= hz <= high for low, high in _SINGLES)


def _is_pair(one: float, two: float) -> bool:
    low, high = sorted((one, two))
    digit = _DTMF_LOW[0] <= low <= _DTMF_LOW[1] and _DTMF_HIGH[0] <= high <= _DTMF_HIGH[1]
    return digit or (_SINGLES[0][0] <= low and high <= _SINGLES[0][1])
