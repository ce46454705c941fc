"""What a poor line makes of a tone, drawn from a seed: shared by the tests of tones."""

import numpy as np

from benchmarks.material import alaw, pcm, silence, ulaw

_CODECS = (alaw, ulaw, lambda samples: np.round(samples / 256).clip(-128, 127).astype(np.int16) * 256, lambda s: s)


def lossy(samples, share: float, rng: np.random.Generator, *, repeats: bool):
    """That share of the packets lost, filled with zeros or with the packet before."""
    frames = samples.reshape(-1, 160).copy()
    for i in np.flatnonzero(rng.random(len(frames)) < share):
        frames[i] = frames[i - 1] if repeats and i else 0
    return frames.reshape(-1)


def spoilt(signal, dbfs: float, rng: np.random.Generator, *, loss: float = 0.0, noise: float | None = None):
    """Samples of a tone of `dbfs` with noise `noise` dB under it (None: now and then, 15 dB or more), direct
    current, a codec, and packets lost."""
    under = rng.choice([15.0, 25.0, 60.0]) if noise is None else noise
    heard = (
        signal + 10 ** ((dbfs - under) / 20) * rng.standard_normal(len(signal)) + rng.choice([-0.02, 0.0, 0.02])
    )
    whole = np.concatenate([heard, silence(0.02)])
    samples = _CODECS[rng.integers(len(_CODECS))](pcm(whole))
    return lossy(samples, loss, rng, repeats=bool(rng.random() < 0.5))
