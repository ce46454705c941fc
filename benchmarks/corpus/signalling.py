"""Scenes of machine signals that are none of China's tones: neither voice nor noise, and no hang-up."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.corpus import labels
from benchmarks.corpus.abroad import BUSY_ABROAD, Pattern
from benchmarks.corpus.draw import RATE, SOUND, Draw, Recipe, Signal, Sound, silent
from benchmarks.material import cadence, dtmf, level, tones

_CODECS = ("alaw", "alaw", "ulaw", "linear16", "linear8")
_DIAL_ABROAD = ((350.0, 440.0), (350.0, 450.0), (413.0, 438.0))
"""Hz of dial tones of two frequencies: the United States and United Kingdom, an older British one, Australia."""
_KEYS = "0123456789*#ABCD"


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for name, hertz, pattern in BUSY_ABROAD:
        yield Recipe("signalling", "busy abroad", partial(_keyed, name=name, hertz=hertz, pattern=pattern))
    for _ in range(6):
        yield Recipe(
            "signalling",
            "ringback 440+480",
            partial(_keyed, name="ringback", hertz=(440.0, 480.0), pattern=(2.0, 4.0), seconds=9.0),
        )
    for hertz in (*_DIAL_ABROAD, *_DIAL_ABROAD):
        yield Recipe("signalling", "dial abroad", partial(_keyed, name="dial", hertz=hertz, pattern=(SOUND,)))
    for _ in range(14):
        yield Recipe("signalling", "DTMF", _digits)
    for _ in range(5):
        yield Recipe("signalling", "special information tone", _special_information)
    for reversals in (False, True) * 5:
        yield Recipe("signalling", "answer tone 2100 Hz", partial(_answer, reversals=reversals))
    for hertz, pattern in (((1100.0,), (0.5, 3.0)), ((1300.0,), (0.6, 2.0)), ((2225.0,), (3.3, 4.7))) * 2:
        yield Recipe(
            "signalling",
            "fax and modem calls",
            partial(_keyed, name=f"{hertz[0]:.0f} Hz", hertz=hertz, pattern=pattern, open_=True),
        )
    for low in (980, 1650, 1080):
        yield Recipe("signalling", "modem data", partial(_modem, low=low))


def _keyed(
    draw: Draw, name: str, hertz: tuple[float, ...], pattern: Pattern, seconds: float = SOUND, open_: bool = False
) -> Sound:
    dbfs = draw.between(-28, -7)
    signal = cadence(seconds, dbfs, pattern, *hertz)
    return _signal(draw, signal, f"{name} at {dbfs:.1f} dBFS", open_)


def _signal(draw: Draw, signal: Signal, source: str, open_: bool = False) -> Sound:
    """`open_`: signals that the definitions give no name to, so that noisy is as right as silent."""
    expected = labels.OPEN if open_ else labels.SILENT
    return Sound(signal, expected, source, draw.path(_CODECS, lossy=0.1))


def keys(draw: Draw, seconds: float) -> Signal:
    """DTMF keys, each on for 0.06 to 0.5 s and then off."""
    parts: list[Signal] = []
    while sum(map(len, parts)) < seconds * RATE:
        parts.append(
            dtmf(draw.one(_KEYS), draw.between(-22, -8), draw.between(0.06, 0.5), draw.between(0.06, 0.4))
        )
    return np.concatenate(parts)[: int(seconds * RATE)]


def _digits(draw: Draw) -> Sound:
    return _signal(draw, keys(draw, SOUND), "DTMF keys")


def _special_information(draw: Draw) -> Sound:
    """ITU-T E.180: 950, 1400 and 1800 Hz (±50), 0.33 s (±0.07) each, then 1 s of silence."""
    dbfs, off, each = draw.between(-25, -8), draw.between(-50, 50), draw.between(0.26, 0.4)
    once = [*(tones(each, dbfs, hertz + off) for hertz in (950, 1400, 1800)), silent(1.0)]
    signal = np.resize(np.concatenate(once), int(SOUND * RATE))
    return _signal(draw, signal, f"special information tone, {off:+.0f} Hz at {dbfs:.1f} dBFS")


def answer_tone(draw: Draw, seconds: float, reversals: bool) -> Signal:
    """ITU-T V.25's and V.8's answer tone: 2100 Hz (±15), with `reversals` of phase each 0.45 s and 15 Hz of
    amplitude modulation, as modems and echo cancellers have it."""
    t = np.arange(int(seconds * RATE)) / RATE
    tone: Signal = np.sin(2 * np.pi * (2100 + draw.between(-15, 15)) * t)
    if reversals:
        tone *= np.where(t // 0.45 % 2, -1.0, 1.0) * (1 + 0.2 * np.sin(2 * np.pi * 15 * t))
    return tone


def _answer(draw: Draw, reversals: bool) -> Sound:
    dbfs = draw.between(-25, -8)
    signal = level(answer_tone(draw, draw.between(2.6, 4.0), reversals), dbfs)
    how = "with" if reversals else "without"
    return _signal(draw, signal, f"2100 Hz {how} phase reversals at {dbfs:.1f} dBFS", open_=True)


def _modem(draw: Draw, low: int) -> Sound:
    """ITU-T V.21's or V.23's kind of data: two frequencies 200 Hz apart, 300 bit/s."""
    bits = draw.rng.integers(0, 2, int(SOUND * 300) + 1)
    hertz = low + 200.0 * np.repeat(bits, RATE // 300 + 1)[: int(SOUND * RATE)]
    signal = level(np.sin(2 * np.pi * np.cumsum(hertz) / RATE), draw.between(-25, -10))
    return _signal(draw, signal, f"data, {low} and {low + 200} Hz", open_=True)
