"""What the tone detector tells of a signal: shared by the tests of tones."""

import numpy as np

from benchmarks.material import pcm
from drivers.hearing.heard import ToneHeard
from drivers.hearing.tones import ToneChange, ToneDetector
from drivers.line import Tone


def heard_tones(samples) -> list[ToneHeard]:
    """Tones in a signal or in int16 samples, by the detector alone: the voice model is asked elsewhere."""
    samples = samples if samples.dtype == np.int16 else pcm(samples)
    detector, heard = ToneDetector("cn"), []
    for count, frame in enumerate(samples.reshape(-1, 160) / 32768, start=1):
        heard += [ToneHeard(count / 50, c.tone) for c in hear(detector, frame) if c.sounding]
    return heard


def hear(detector: ToneDetector, line, cleaned=None, played=None) -> list[ToneChange]:
    """One frame: as it came, without our prompt's echo (None: the same), our prompt (None: nothing)."""
    rows = [None if frame is None else (frame - frame.mean())[None] for frame in (line, played)]
    (measured,) = detector.measure(rows[0], [cleaned], rows[1])
    return detector.hear(measured)


def kinds(samples) -> list[Tone]:
    return [h.tone for h in heard_tones(samples)]


def whistle(seconds: float, vibrato: float, rng: np.random.Generator) -> np.ndarray:
    """One note near 450 Hz at -19 dBFS: its pitch wanders by 1.6 Hz in six seconds, as breath does, and trembles
    by `vibrato` Hz."""
    t = np.arange(int(seconds * 8000)) / 8000
    wander = 0.6 * np.sin(2 * np.pi * 0.35 * t + rng.uniform(0, 6)) + 0.3 * np.sin(2 * np.pi * 0.9 * t)
    pitch = rng.uniform(435, 465) + wander + vibrato * np.sin(2 * np.pi * 5.5 * t)
    return 0.16 * np.sin(2 * np.pi * np.cumsum(pitch) / 8000)
