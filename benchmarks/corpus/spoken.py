"""Scenes of speech: usual, faint, loud, and over noise."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.corpus import labels, noises
from benchmarks.corpus.draw import SOUND, Draw, Recipe, Signal, Sound
from benchmarks.corpus.line import Path
from gateway.prompts.speech_level import active_level

SNRS = (30, 20, 15, 10, 5, 0)
"""dB of speech over noise."""
_PER_SNR = 3
_FINE_CODECS = ("alaw", "alaw", "ulaw", "linear16")
_ALL_CODECS = (*_FINE_CODECS, "linear8")
_LINEAR8_FROM = -34.0
"""dBFS: below, 8 bits leave of a voice little but noise."""


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for kind, detail, count, low, high in (
        ("speech", "-12 to -20 dBFS", 40, -20, -12),
        ("speech", "-20 to -28 dBFS", 60, -28, -20),
        ("speech", "-28 to -36 dBFS", 60, -36.5, -28),
        ("faint speech", "-38 to -44 dBFS", 50, -44, -38),
        ("faint speech", "-44 to -50 dBFS", 50, -50, -44),
        ("loud speech", "-5 to -10 dBFS", 24, -10, -5),
    ):
        for i in range(count):
            yield Recipe(kind, detail, partial(_alone, recorded=bool(i % 2), low=low, high=high))
    for i in range(24):
        yield Recipe("loud speech", "clipped", partial(_clipped, recorded=bool(i % 2)))
    for snr in SNRS:
        for noise in noises.KINDS:
            for i in range(_PER_SNR):
                make = partial(_over_noise, recorded=bool(i % 2), noise=noise, snr=snr)
                yield Recipe("speech over noise", f"{snr} dB", make)


def at_level(signal: Signal, dbfs: float) -> Signal:
    """Speech at an active level (P.56) of `dbfs`."""
    return signal * 10 ** ((dbfs - active_level(signal)) / 20)


def limited(signal: Signal, dbfs: float) -> Signal:
    """Speech at an active level of `dbfs` whose peaks a limiter rounds off below full scale, as telephones do.

    The gain before it is found by iteration, as the limiter takes level away.
    """
    gain = dbfs - active_level(signal)
    for _ in range(8):
        out: Signal = 0.97 * np.tanh(signal * 10 ** (gain / 20) / 0.97)
        gain += dbfs - active_level(out)
    return out


def _alone(draw: Draw, recorded: bool, low: float, high: float, seconds: float = SOUND) -> Sound:
    level = draw.between(low, high)
    speaker = draw.speaker(recorded)
    said = speaker.say(seconds, draw.rng)
    # Over -20 dBFS peaks would clip; a limiter keeps most of such scenes beneath full scale, as telephones do.
    said = limited(said, level) if level > -20 and draw.rng.random() < 0.7 else at_level(said, level)
    path = draw.path(_ALL_CODECS if level > _LINEAR8_FROM else _FINE_CODECS)
    if path.codec != "linear8" and level < -18 and draw.rng.random() < 0.1:
        path = Path(path.codec, path.loss, path.repeats, draw.between(0.005, 0.06), path.seed)
    return _spoken(said, speaker.name, path)


def _clipped(draw: Draw, recorded: bool) -> Sound:
    speaker = draw.speaker(recorded)
    said = at_level(speaker.say(SOUND, draw.rng), -26)
    share = 10 ** draw.between(-2.2, -1.4)
    said = said / np.quantile(np.abs(said), 1 - share)
    return _spoken(np.clip(said, -1.0, 1.0), speaker.name, draw.path(_ALL_CODECS))


def _spoken(said: Signal, source: str, path: Path) -> Sound:
    heard = np.clip(said, -1.0, 1.0)
    return Sound(said, labels.voice(heard, said), source, path, voice_dbfs=active_level(heard))


def _over_noise(draw: Draw, recorded: bool, noise: str, snr: float) -> Sound:
    speaker = draw.speaker(recorded)
    level = draw.between(-32, -18) if snr >= 15 else draw.between(-30, -20)
    said = at_level(speaker.say(SOUND, draw.rng), level)
    around, how = noises.make(noise, draw, SOUND, level - snr)
    return Sound(
        said + around,
        labels.voice(said, said + around, around),
        f"{speaker.name} over {how}",
        draw.path(_FINE_CODECS),
        voice_dbfs=active_level(said),
        noise_dbfs=labels.rms_dbfs(around),
        snr_db=active_level(said) - labels.rms_dbfs(around),
    )
