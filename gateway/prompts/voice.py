"""Voices: who speaks the prompts that nobody has recorded."""

import hashlib
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from drivers.voice.errors import BrokenModelError
from drivers.voice.espeak import speak
from drivers.voice.piper import FASTEST, SLOWEST, PiperModel, config_file
from gateway.dialplan.language import spoken_characters
from gateway.prompts.level import spoken_part
from gateway.prompts.speech_level import RATE, Signal, as_signal

RECORDED = "recorded"
"""The voice that says nothing: every prompt is recorded by people."""
PIPER = "piper:"
"""Before a model's path."""

_SLOWEST_WORDS, _FASTEST_WORDS = 80, 300
"""espeak-ng's words a minute: its own least, and the most at which Mandarin stays clear on a telephone."""
_TRIAL_WORDS = 100
"""Words a minute; near 120 characters a minute, so that one correction is enough."""
_CORRECTIONS = 2
_SOFT = round(0.05 * RATE)
"""Samples of a consonant's soft beginning or end that a neural voice's own noise may hide."""

_READ_AS = {"重拨": "虫拨"}
"""Words that espeak-ng misreads, and homophones that it reads right: chóng, again, is not zhòng, heavy."""


class Voice(Protocol):
    """Somebody who speaks."""

    @property
    def identity(self) -> str:
        """Changes whenever the same text would sound otherwise; part of a recording's file name.

        May raise drivers.voice.errors.VoiceError.
        """

    def say(self, text: str, *, phrase: str, rate: int) -> Signal:
        """`text` at the pace that gives `phrase` `rate` characters a minute, with little silence around it.

        May raise drivers.voice.errors.VoiceError.
        """


def voice_of(name: str, folder: Path) -> Voice | None:
    """The voice that a dialplan in `folder` names; nothing is loaded yet.

    It is espeak-ng's `name`, or Piper for `piper:MODEL.onnx` with a path from `folder`, or None for `recorded`.
    """
    if name == RECORDED:
        return None
    if name.startswith(PIPER):
        return PiperVoice(folder / _at_home(Path(name.removeprefix(PIPER))))
    return EspeakVoice(name)


class EspeakVoice:
    """espeak-ng, which needs no model and no network."""

    def __init__(self, name: str = "cmn") -> None:
        """`name` is a voice of espeak-ng."""
        self._name = name

    @property
    def identity(self) -> str:
        """`espeak-<voice>-<revision of how it is driven>`."""
        return f"espeak-{self._name}-3"

    def say(self, text: str, *, phrase: str, rate: int) -> Signal:
        """As Voice.say."""
        words = _espeak_pace(phrase, self._name, rate)
        return as_signal(speak(_readable(text), voice=self._name, words_per_minute=words))


class PiperVoice:
    """A Piper model of the site's own; loaded when the first text is spoken."""

    def __init__(self, model: Path) -> None:
        """`model` is the .onnx file; its .json lies beside it."""
        self.model = model
        self._scales: dict[tuple[str, int], float] = {}

    def __eq__(self, other: object) -> bool:
        """The same model's file."""
        return isinstance(other, PiperVoice) and self.model.resolve() == other.model.resolve()

    def __hash__(self) -> int:
        """Of the model's file."""
        return hash(self.model.resolve())

    @cached_property
    def identity(self) -> str:
        """`piper-<digest of the model and its description>-<revision of how it is driven>`."""
        digest = hashlib.sha256()
        for file in (self.model, config_file(self.model)):
            try:
                with file.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
            except OSError as error:
                cure = "a Piper voice is two files, NAME.onnx and NAME.onnx.json: copy both"
                raise BrokenModelError(f"{file}: cannot be read ({error.strerror}); {cure}") from error
        return f"piper-{digest.hexdigest()[:16]}-1"

    def say(self, text: str, *, phrase: str, rate: int) -> Signal:
        """As Voice.say."""
        if (phrase, rate) not in self._scales:
            self._scales[phrase, rate] = self._scale(phrase, rate)
        return self._spoken(text, self._scales[phrase, rate])

    @cached_property
    def _loaded(self) -> PiperModel:
        return PiperModel(self.model)

    def _spoken(self, text: str, scale: float) -> Signal:
        signal = self._loaded.speak(_readable(text), length_scale=scale)
        start, end = spoken_part(signal)
        if start == end:
            return signal[:0]
        return signal[max(0, start - _SOFT) : end + _SOFT]

    def _scale(self, phrase: str, rate: int) -> float:
        def measure(scale: float) -> float:
            return len(self._spoken(phrase, scale)) / RATE

        def clamp(scale: float) -> float:
            return min(SLOWEST, max(FASTEST, scale))

        return _paced(phrase, rate, 1.0, measure, lambda scale, faster: clamp(scale / faster))


def _at_home(path: Path) -> Path:
    """`~/model.onnx` in the user's home; left as it is where there is none."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _readable(text: str) -> str:
    for word, homophone in _READ_AS.items():
        text = text.replace(word, homophone)
    return text


@lru_cache(maxsize=512)
def _espeak_pace(phrase: str, voice: str, rate: int) -> int:
    """Words a minute: espeak-ng counts words, whose length in characters differs."""

    def measure(words: float) -> float:
        return len(speak(_readable(phrase), voice=voice, words_per_minute=round(words))) / RATE

    def clamp(words: float) -> float:
        return min(_FASTEST_WORDS, max(_SLOWEST_WORDS, words))

    return round(_paced(phrase, rate, _TRIAL_WORDS, measure, lambda words, faster: clamp(words * faster)))


def _paced(
    phrase: str,
    rate: int,
    pace: float,
    measure: Callable[[float], float],
    faster_by: Callable[[float, float], float],
) -> float:
    """The pace at which `phrase` has `rate` characters a minute, pauses at its commas included.

    Pauses do not shrink with the pace: so it is measured, and measured again at the first answer. `measure` gives
    the seconds at a pace, `faster_by` the pace that is so many times as fast.
    """
    count = spoken_characters(phrase)
    if count == 0:
        return pace
    for _ in range(_CORRECTIONS):
        seconds = measure(pace)
        if seconds > 0:
            pace = faster_by(pace, rate / (count / seconds * 60))
    return pace
