"""Hours of telephone audio without any call-progress tone, to count false ones in.

Pieces of about two minutes, one kind after the other: a half's people who speak, music, DTMF, noises,
prompts with their echo, signals of machines and impostors. People, music and noises go at another speed and pitch
(±10 %) each time, all at another level, codec and loss, so that hours are no repetition. A minute costs less than
a tenth of a second: recordings are loaded and levelled once.
"""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks.corpus import impostors, noises, signalling
from benchmarks.corpus.draw import RATE, Draw, Signal, silent
from benchmarks.corpus.scene import Split
from benchmarks.corpus.speakers import music
from benchmarks.material import echo, pcm, white

PIECE = 120.0
"""Seconds of a piece, before its speed is changed."""
_PITCH = 0.1
"""How much faster and higher, or slower and deeper, a piece may be."""
_IDLE_DBFS = -65.0
_CODECS = ("alaw", "ulaw", "linear16", "linear8")
Piece = tuple[str, Signal, Signal | None]
"""What it is, what is heard, and what we play meanwhile."""


def endless(
    hours: float, split: Split = Split.HELD_OUT, seed: int = 1
) -> Iterator[tuple[str, NDArray[np.int16], NDArray[np.int16] | None]]:
    """At least `hours` of audio from one half, piece by piece: what it is, 8000 Hz samples in whole 20 ms frames,
    and our prompt of the same length where one plays. Nothing in it is a call-progress tone of China's.

    The same half and seed give the same pieces. Raises RecordingsError when a package is not to be had.
    """
    left, number = round(hours * 3600 * RATE), 0
    while left > 0:
        draw = Draw(split, np.random.default_rng([seed, zlib.crc32(split.encode()), number]))
        source, heard, near = _KINDS[number % len(_KINDS)](draw)
        samples, played = _carried(draw, heard, near)
        yield f"{number:04d} {draw.split} {source}", samples, played
        left -= len(samples)
        number += 1


def _carried(draw: Draw, heard: Signal, near: Signal | None) -> tuple[NDArray[np.int16], NDArray[np.int16] | None]:
    """What is heard at some level and through a line, and our prompt beside it."""
    if near is None:  # else the levels of prompt and echo belong together
        heard = heard * 10 ** ((draw.between(-40, -8) - _rms_dbfs(heard)) / 20)
    out = heard + white((len(heard) + 0.5) / RATE, _IDLE_DBFS, draw.seed())
    samples = draw.path(_CODECS, lossy=0.3).carry(out)
    return samples, None if near is None else pcm(near)[: len(samples)]


def _altered(draw: Draw, signal: Signal, speed: float | None = None) -> Signal:
    """The signal at another speed and pitch. Never for the signals of machines: some would become China's."""
    speed = speed or draw.between(1 - _PITCH, 1 + _PITCH)
    out: Signal = soxr.resample(signal, RATE * speed, RATE, quality="MQ")
    return out


def _rms_dbfs(signal: Signal) -> float:
    return 10 * float(np.log10(np.mean(signal**2) + 1e-12))


def _spoken(draw: Draw, recorded: bool) -> Piece:
    """A few people, one after the other, with pauses between."""
    parts: list[Signal] = []
    names = []
    while sum(map(len, parts)) < PIECE * RATE:
        speaker = draw.speaker(recorded)
        names.append(speaker.name)
        parts += [_altered(draw, speaker.say(draw.between(5, 40), draw.rng)), silent(draw.between(0, 3))]
    return "speech of " + ", ".join(dict.fromkeys(names)), np.concatenate(parts)[: round(PIECE * RATE)], None


def _music(draw: Draw) -> Piece:
    parts, names = zip(*(music(draw.split, draw.between(30, 60), draw.rng) for _ in range(3)), strict=True)
    return "music, " + ", ".join(names), np.concatenate([_altered(draw, part) for part in parts]), None


def _keys(draw: Draw) -> Piece:
    return "DTMF", signalling.keys(draw, PIECE), None


def _noise(draw: Draw) -> Piece:
    """Noises that come and go."""
    made = [noises.make(draw.one(tuple(noises.KINDS)), draw, PIECE / 4, draw.between(-32, -20)) for _ in range(4)]
    parts = [_altered(draw, noise) for noise, _ in made]
    return "noise: " + ", ".join(how for _, how in made), np.concatenate(parts), None


def _over_noise(draw: Draw) -> Piece:
    _, said, _ = _spoken(draw, bool(draw.rng.random() < 0.7))
    noise, how = noises.make(draw.one(tuple(noises.KINDS)), draw, PIECE, -26 - draw.between(0, 25))
    return f"speech over {how}", said + noise, None


def _echoed(draw: Draw) -> Piece:
    """Prompts, their echo, and a customer who answers and sometimes talks over them."""
    loss, delay, speed = draw.between(10, 30), draw.between(0, 0.3), draw.between(1 - _PITCH, 1 + _PITCH)
    speaker, customer = draw.speaker(), draw.speaker()
    prompts: list[Signal] = []
    while sum(map(len, prompts)) < PIECE * RATE:
        prompts += [_altered(draw, speaker.say(draw.between(3, 12), draw.rng), speed), silent(draw.between(2, 8))]
    near = np.concatenate(prompts)[: round(PIECE * RATE)] * 10 ** (draw.between(0, 8) / 20)
    far = echo(near, loss, delay, int(draw.rng.integers(16, 97)), draw.seed())
    at = 0
    while (at := at + int(draw.between(4, 15) * RATE)) < len(far) - 6 * RATE:
        said = customer.say(draw.between(1, 5), draw.rng) * 10 ** (draw.between(-8, 8) / 20)
        far[at : at + len(said)] += said
        at += len(said)
    return f"prompts of {speaker.name}, echo {loss:.0f} dB, customer {customer.name}", far, near


def _imitated(draw: Draw, group: ModuleType, count: int) -> Piece:
    """Scenes of impostors or of machine signals, drawn anew, with pauses between; no note that is a dial tone to
    all who hear it."""
    recipes = [recipe for recipe in group.recipes() if recipe.detail != impostors.LONG_NOTE]
    made = [draw.one(recipes).make(draw) for _ in range(count)]
    parts = [part for sound in made for part in (sound.signal, silent(draw.between(1, 3)))]
    return ", ".join(sound.source for sound in made), np.concatenate(parts), None


_KINDS: tuple[Callable[[Draw], Piece], ...] = (
    partial(_spoken, recorded=True),
    _music,
    partial(_spoken, recorded=False),
    _noise,
    _echoed,
    partial(_imitated, group=impostors, count=12),
    partial(_spoken, recorded=True),
    _over_noise,
    _keys,
    partial(_imitated, group=signalling, count=12),
    _echoed,
    _music,
)
"""One piece of each in turn."""
