"""Words said by themselves: 喂, 好, a digit. The shortest speech there is, and often the first that a caller
says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Split, render
from benchmarks.corpus.packages import SPEAKERS, folder_of
from benchmarks.corpus.texts import WORDS
from benchmarks.hearing.metrics import VOICES, quantile
from benchmarks.hearing.page import Section, Table, percent, seconds
from benchmarks.material import Signal, active_level, alaw, pcm, silence, white
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.wav import read_wav
from drivers.line import Verdict

LEVELS: Final = (-20, -30)
_PHASES: Final = (0.0, 0.007, 0.013)  # seconds by which the word lies differently on the grid of frames
_LEAD, _TRAIL, _IDLE = 1.5, 3.0, -65.0
_CUT: Final = 0.02  # of the highest sample: what lies below it at both ends is not the word

MEANING = """\
One word, by each of the half's Mandarin voices or recorded speakers, on an idle line (hiss of -65 dBFS), A-law, at
three phases of the frame grid. *Told*: a verdict of speech, faint or loud. *After its end*: from the word's end to
that verdict, over the words told. *Silent again*: from the word's end."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was heard."""

    name: str
    voice: str
    level: int
    length: float
    told: float | None
    """Seconds from its end to the verdict of a voice; None without one."""
    silent: float | None
    """Seconds from its end to the verdict of silence after that."""


def words(split: Split) -> Iterator[tuple[str, str, Signal]]:
    """What is said, by whom, and its sound: each word by each of the half's synthesised Mandarin voices, then the
    recorded digits of its speakers."""
    for speaker, said in render.words(split).items():
        who = f"{speaker.voice}, {speaker.words_per_minute} words a minute"
        for text, one in zip(WORDS, said, strict=True):
            yield text, who, _trimmed(one)
    for package in SPEAKERS[split]:
        for path in sorted((folder_of(package) / "digits").glob("[0-9].wav")):
            yield "recorded digits", package.folder.name, _trimmed(read_wav(path))


def _trimmed(said: NDArray[np.int16]) -> Signal:
    signal: Signal = said / 32768
    loud = np.flatnonzero(np.abs(signal) > _CUT * np.abs(signal).max())
    return signal[loud[0] : loud[-1]]


def heard(split: Split) -> list[Word]:
    """All words at all levels and phases."""
    return [
        _hear(name, voice, said, level, phase)
        for name, voice, said in words(split)
        for level in LEVELS
        for phase in _PHASES
    ]


def _hear(name: str, voice: str, said: Signal, level: int, phase: float) -> Word:
    whole = np.concatenate([silence(_LEAD + phase), active_level(said, level), silence(_TRAIL)])
    reports = Ears().hear(alaw(pcm(whole + white(len(whole) / 8000, _IDLE)[: len(whole)])))
    verdicts = [one for one in reports if isinstance(one, VerdictHeard)]
    end = _LEAD + phase + len(said) / 8000
    told = next((one.t for one in verdicts if one.verdict in VOICES), None)
    after = [one.t for one in verdicts if told is not None and one.t > told and one.verdict is Verdict.SILENT]
    silent = after[0] - end if after else None
    return Word(name, voice, level, len(said) / 8000, None if told is None else told - end, silent)


def section(found: list[Word]) -> Section:
    """By word, and by who says it."""
    names = list(dict.fromkeys(one.name for one in found))
    rows = [_row(name, level, found) for name in names for level in LEVELS]
    header = ("word", "mean length", "level", "told", "after its end: median", "worst", "silent again: worst")
    voices = [_voice_row(voice, found) for voice in dict.fromkeys(one.voice for one in found)]
    tables = [
        Table("Told as speech", header, rows, MEANING),
        Table("By voice", ("voice", "mean length", "told"), voices),
    ]
    return Section("Words said by themselves", tables)


def _voice_row(voice: str, found: list[Word]) -> tuple[str, str, str]:
    mine = [one for one in found if one.voice == voice]
    return voice, _length(mine), _told(mine)


def _length(mine: list[Word]) -> str:
    return f"{np.mean([one.length for one in mine]):.2f} s"


def _told(mine: list[Word]) -> str:
    told = sum(one.told is not None for one in mine)
    return f"{percent(told, len(mine))} ({told} of {len(mine)})"


def _row(name: str, level: int, found: list[Word]) -> tuple[str, ...]:
    mine = [one for one in found if one.name == name and one.level == level]
    told = [one for one in mine if one.told is not None]
    times = [one.told for one in told]
    return (
        name,
        _length(mine),
        f"{level} dBFS",
        _told(mine),
        seconds(quantile(times, 0.5)),
        seconds(quantile(times, 1.0)),
        seconds(quantile([one.silent for one in told], 1.0)),
    )
