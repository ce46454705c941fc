"""What the tone detector tells of a signal: shared by the tests of tones."""

import numpy as np

from benchmarks.material import pcm
from drivers.hearing.heard import ToneHeard
from drivers.hearing.tones import ToneDetector
from drivers.line import Tone


def heard_tones(samples) -> list[ToneHeard]:
    """Tones in a signal or in int16 samples, by the detector alone: the voice model is asked elsewhere."""
    samples = samples if samples.dtype == np.int16 else pcm(samples)
    detector, heard = ToneDetector("cn"), []
    for count, frame in enumerate(samples.reshape(-1, 160) / 32768, start=1):
        heard += [ToneHeard(count / 50, c.tone) for c in detector.hear(frame - frame.mean()) if c.sounding]
    return heard


def kinds(samples) -> list[Tone]:
    return [h.tone for h in heard_tones(samples)]
