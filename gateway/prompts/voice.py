"""Voices: who speaks the prompts that nobody has recorded."""

import re
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.voice.espeak import speak
from gateway.prompts.level import RATE

_SLOWEST, _FASTEST = 80, 300
"""espeak-ng's words a minute: its own least, and the most at which Mandarin stays clear on a telephone."""
_TRIAL = 100
"""Words a minute; near 120 characters a minute, so that one correction is enough."""
_CHARACTER = re.compile(r"[\u3400-\u9fff]")
"""A Chinese character (CJK ideographs with Extension A); punctuation is not counted."""

_READ_AS = {"重拨": "虫拨"}
"""Words that espeak-ng misreads, and homophones that it reads right: chóng, again, is not zhòng, heavy."""


class Voice(Protocol):
    """Somebody who speaks."""

    @property
    def identity(self) -> str:
        """Changes whenever the same text would sound otherwise; part of a recording's file name."""

    def say(self, text: str, *, phrase: str, rate: int) -> NDArray[np.int16]:
        """`text` at 8000 Hz, no silence around it, at the pace that gives `phrase` `rate` characters a minute.

        May raise drivers.voice.errors.VoiceError.
        """


class EspeakVoice:
    """espeak-ng, which needs no model and no network."""

    def __init__(self, name: str = "cmn") -> None:
        """`name` is a voice of espeak-ng."""
        self._name = name

    @property
    def identity(self) -> str:
        """`espeak-<voice>-<revision of how it is driven>`."""
        return f"espeak-{self._name}-2"

    def say(self, text: str, *, phrase: str, rate: int) -> NDArray[np.int16]:
        """As Voice.say."""
        return speak(_readable(text), voice=self._name, words_per_minute=_pace(phrase, self._name, rate))


def characters(text: str) -> int:
    """Chinese characters in `text`."""
    return len(_CHARACTER.findall(text))


def _readable(text: str) -> str:
    for word, homophone in _READ_AS.items():
        text = text.replace(word, homophone)
    return text


@lru_cache(maxsize=256)
def _pace(phrase: str, voice: str, rate: int) -> int:
    """Words a minute at which `phrase` has `rate` characters a minute, pauses at its commas included.

    espeak-ng counts words, whose length in characters differs, and pauses do not shrink with the rate: so it is
    measured, and measured again at the first answer.
    """
    count = characters(phrase)
    if count == 0:
        return _TRIAL
    pace = _TRIAL
    for _ in range(2):
        seconds = len(speak(_readable(phrase), voice=voice, words_per_minute=pace)) / RATE
        if seconds > 0:
            pace = min(_FASTEST, max(_SLOWEST, round(pace * rate / (count / seconds * 60))))
    return pace
