"""Sample-rate conversion down to the telephone's 8000 Hz, with a proper low-pass filter before it."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

TELEPHONE_RATE = 8000
"""Hz; the rate of G.711 and of every recording in this product."""
CUTOFF = 3700.0
"""Hz, -6 dB: the pass band reaches 3400 Hz, where the telephone channel ends (ITU-T G.712), and the stop band
begins at 4000 Hz, so that nothing folds back into what is heard."""
TAPS = 192
"""Filter length at 22050 Hz input for a 600 Hz transition and some 80 dB of stop band (Kaiser's formula)."""
KAISER_BETA = 7.857
"""Kaiser's window for 80 dB."""


def to_telephone_rate(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Resample `samples` from `rate` Hz (at least 8000) to 8000 Hz; the length is rounded up, levels are kept."""
    if rate == TELEPHONE_RATE or len(samples) == 0:
        return samples
    if rate < TELEPHONE_RATE:
        raise ValueError(f"rate {rate}: only rates from {TELEPHONE_RATE} Hz up can be brought down")
    divisor = math.gcd(rate, TELEPHONE_RATE)
    up, down = TELEPHONE_RATE // divisor, rate // divisor
    bank, reach = _filter_bank(rate)
    count = -(-len(samples) * up // down)
    cycles = -(-count // up)
    padded = np.zeros(cycles * down + bank.shape[1] + reach, dtype=np.float64)
    padded[reach : reach + len(samples)] = samples
    output = np.empty((cycles, up))
    for phase in range(up):
        start = phase * down // up
        windows = np.lib.stride_tricks.sliding_window_view(padded, bank.shape[1])[start::down][:cycles]
        output[:, phase] = windows @ bank[phase]
    return np.clip(np.rint(output.reshape(-1)[:count]), -32768, 32767).astype(np.int16)


@cache
def _filter_bank(rate: int) -> tuple[NDArray[np.float64], int]:
    """One windowed-sinc filter for each output phase, and how many input samples it reaches back."""
    divisor = math.gcd(rate, TELEPHONE_RATE)
    up, down = TELEPHONE_RATE // divisor, rate // divisor
    reach = TAPS // 2 * max(rate, 22050) // 22050
    taps = np.arange(-reach, reach + 1, dtype=np.float64)
    bank = np.empty((up, len(taps)))
    for phase in range(up):
        offset = taps - (phase * down / up) % 1.0
        window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (offset / (reach + 1)) ** 2, 0, None)))
        row = np.sinc(2 * CUTOFF / rate * offset) * window
        bank[phase] = row / row.sum()
    return bank, reach
