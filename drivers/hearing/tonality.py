"""Frames that are a signalling tone and nothing else: neither voice nor noise, whatever their level."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.spectrum import HZ_PER_BIN

_BINS: Final[NDArray[np.float64]] = np.arange(129, dtype=np.float64) * HZ_PER_BIN
_LOBE: Final = 4  # bins to each side: the main lobe of the window, ±100 Hz, and a little
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


def _lobe(spectrum: NDArray[np.float64]) -> tuple[float, float]:
    """Power and centre (Hz) of the strongest lobe, which is then blanked."""
    top = int(spectrum.argmax())
    span = slice(max(0, top - _LOBE), top + _LOBE + 1)
    power = float(spectrum[span].sum())
    centre = float(spectrum[span] @ _BINS[span]) / power if power else 0.0
    spectrum[span] = 0.0
    return power, centre


def is_signalling(spectrum: NDArray[np.float64]) -> bool:
    """Whether the frame of this spectrum (drivers.hearing.spectrum) is a call-progress tone or a DTMF digit of any
    country.

    It looks at the spectrum alone and may take a pure vowel for a tone: one frame in twenty of a voice, at most.
    """
    total = float(spectrum.sum())
    top = int(spectrum.argmax())
    if total <= 0.0 or float(spectrum[max(0, top - 1) : top + 2].sum()) < _PEAK * total:
        return False  # nearly all that is not a tone ends here, at half the cost
    rest = spectrum.copy()
    first, one = _lobe(rest)
    if first >= _SHARE * total:
        return any(low <= one <= high for low, high in _SINGLES)
    second, two = _lobe(rest)
    if first + second < _SHARE * total:
        return False
    low, high = sorted((one, two))
    digit = _DTMF_LOW[0] <= low <= _DTMF_LOW[1] and _DTMF_HIGH[0] <= high <= _DTMF_HIGH[1]
    return digit or (_SINGLES[0][0] <= low and high <= _SINGLES[0][1])
