"""Scenes of what people, instruments and machines make that comes near a tone of China's and is none.

Whether a whistled or hummed note is a voice the definitions leave open, so any verdict but loud is right; what
counts is that nobody is hung up on.

Some are there because the ears may fail on them: pure notes as long as no dial tone is known in, and a busy tone's
first bursts without the rest. A long pure note cannot be told from a dial tone by anyone.
"""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.corpus.draw import RATE, SOUND, Draw, Recipe, Signal, Sound, silent
from benchmarks.material import cadence, white
from drivers.line import Verdict

LONG_NOTE = "long pure note"
"""The detail of notes that are told as a dial tone, and released like one: a known limit, measured by itself."""
_ANY = frozenset({Verdict.SILENT, Verdict.NOISY, Verdict.FAINT, Verdict.SPEECH})
_CODECS = ("alaw", "alaw", "ulaw", "linear16", "linear8")


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for detail, count, make in _IMPOSTORS:
        for _ in range(count):
            yield Recipe("impostor", detail, _scene(make))


def _scene(make: Callable[[Draw], tuple[Signal, str]]) -> Callable[[Draw], Sound]:
    def made(draw: Draw) -> Sound:
        signal, how = make(draw)
        dbfs = draw.between(-30, -10)
        signal = signal * 10 ** (dbfs / 20) / _loud_rms(signal)
        return Sound(signal, _ANY, f"{how} at {dbfs:.1f} dBFS", draw.path(_CODECS, lossy=0.1))

    return made


def _loud_rms(signal: Signal) -> float:
    """RMS of the 20 ms frames that are not pauses."""
    frames = signal[: len(signal) // 160 * 160].reshape(-1, 160)
    power = np.mean(frames**2, axis=1)
    return float(np.sqrt(power[power > power.max() / 100].mean()))


def note(draw: Draw, hertz: float, seconds: float, vibrato: float, glide: float = 0.0) -> Signal:
    """A sung or whistled note without harmonics: it wavers by `vibrato` Hz 4 to 7 times a second, slides by
    `glide` Hz and drifts as breath does."""
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    drift = np.interp(
        t, np.arange(0, seconds + 0.2, 0.1), draw.rng.normal(0, 1.5, len(np.arange(0, seconds + 0.2, 0.1)))
    )
    pitch = hertz + vibrato * np.sin(2 * np.pi * draw.between(4, 7) * t + draw.between(0, 6)) + drift
    pitch = pitch + glide * (t / seconds - 0.5)
    edge = np.minimum(1, np.minimum(t, seconds - t) / draw.between(0.02, 0.08))
    swell = 1 + 0.2 * np.sin(2 * np.pi * draw.between(0.5, 5) * t)
    out: Signal = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * edge * swell
    return out


def _whistle(draw: Draw) -> tuple[Signal, str]:
    """Notes of 0.3 to 2.5 s about 450 Hz, with breath."""
    vibrato, breath = draw.between(3, 12), draw.between(-35, -18)
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        one = note(draw, 450 + draw.between(-20, 20), draw.between(0.3, 2.5), vibrato)
        parts += [one + white((len(one) + 0.5) / RATE, breath, draw.seed()), silent(draw.between(0.1, 0.8))]
    return np.concatenate(parts)[: int(SOUND * RATE)], f"whistle about 450 Hz, vibrato {vibrato:.0f} Hz"


def _hummed(draw: Draw) -> tuple[Signal, str]:
    """A voice's note of 450 Hz with its harmonics."""
    vibrato, second = draw.between(2, 10), draw.between(-26, -8)
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        seconds, hertz = draw.between(0.3, 3.0), 450 + draw.between(-20, 20)
        one = note(draw, hertz, seconds, vibrato)
        for k in (2, 3):
            one = one + 10 ** ((k - 1) * second / 20) * note(draw, k * hertz, seconds, k * vibrato)
        parts += [one, silent(draw.between(0.1, 0.6))]
    return np.concatenate(parts)[: int(SOUND * RATE)], f"hummed 450 Hz, second harmonic {second:.0f} dB"


def _gliding(draw: Draw) -> tuple[Signal, str]:
    """Notes that slide through 450 Hz."""
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        slide = draw.between(60, 300) * draw.one((-1, 1))
        parts += [note(draw, 450, draw.between(0.4, 2.0), 2.0, slide), silent(draw.between(0.1, 0.5))]
    return np.concatenate(parts)[: int(SOUND * RATE)], "whistle that glides through 450 Hz"


def _steady(draw: Draw) -> tuple[Signal, str]:
    """One steady note of at most 0.9 s, now and then."""
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        parts += [
            note(draw, 450 + draw.between(-10, 10), draw.between(0.5, 0.9), 0.5),
            silent(draw.between(1.2, 3.0)),
        ]
    return np.concatenate(parts)[: int(SOUND * RATE)], "steady notes of 450 Hz, at most 0.9 s"


def _pure(draw: Draw, shortest: float, longest: float, second: float | None = None) -> Signal:
    """A note as a machine makes it, 440 to 460 Hz, that neither wavers nor swells; `second` is the level of its
    second harmonic in dB, the third's is as much again below."""
    seconds, hertz = draw.between(shortest, longest), draw.between(440, 460)
    t = np.arange(int(seconds * RATE)) / RATE
    out: Signal = np.sin(2 * np.pi * hertz * t)
    if second is not None:
        for k in (2, 3):
            out = out + 10 ** ((k - 1) * second / 20) * np.sin(2 * np.pi * k * hertz * t + draw.between(0, 6))
    edge: Signal = np.minimum(1, np.minimum(t, seconds - t) / draw.between(0.005, 0.03))
    return out * edge


def _pure_notes(draw: Draw) -> tuple[Signal, str]:
    """Notes of an instrument tuner, a pitch pipe, an appliance."""
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        parts += [_pure(draw, 1.2, 2.4), silent(draw.between(1.2, 3.0))]
    # Cut at a pause: half a note would be another one.
    return np.concatenate(parts), "pure notes of 440 to 460 Hz, 1.2 to 2.4 s"


def _long_note(draw: Draw) -> tuple[Signal, str]:
    """An electronic note, or one of an organ's flute stops. Until it ends nothing tells it from a dial tone."""
    second = draw.one((None, draw.between(-40, -25)))
    note = _pure(draw, 3.0, 6.0, second)
    how = "electronic" if second is None else f"organ, second harmonic {second:.0f} dB"
    return np.concatenate([note, silent(SOUND - len(note) / RATE)]), f"{how}, {len(note) / RATE:.1f} s"


def _melody(draw: Draw) -> tuple[Signal, str]:
    """A tune on few notes about A4 (440 Hz) with an instrument's harmonics, in a tempo of its own."""
    beat = draw.between(0.2, 0.5)
    parts: list[Signal] = []
    while sum(map(len, parts)) < SOUND * RATE:
        hertz, seconds = draw.one((392.0, 415.3, 440.0, 440.0, 466.2, 493.9)), beat * draw.one((1, 1, 2, 3))
        t = np.arange(int(seconds * RATE)) / RATE
        tone = np.sum([np.sin(2 * np.pi * hertz * k * t) / k**2 for k in (1, 2, 3, 4)], axis=0)
        parts.append(tone * np.exp(-t * draw.between(1, 6)))
    return np.concatenate(parts)[: int(SOUND * RATE)], f"tune about A4, beat of {beat:.2f} s"


def _two_beeps(draw: Draw) -> tuple[Signal, str]:
    """Two bursts of about a busy tone's length and no third."""
    on, off, hertz = draw.between(0.3, 0.4), draw.between(0.3, 0.4), 450 + draw.between(-20, 20)
    beeps = cadence(2 * on + off, -20, (on, off), hertz)
    parts = [part for _ in range(3) for part in (beeps, silent(draw.between(1.6, 2.2)))]
    return np.concatenate(parts)[: int(SOUND * RATE)], f"two beeps of {hertz:.0f} Hz, {on:.2f}/{off:.2f} s"


def _few_beeps(draw: Draw) -> tuple[Signal, str]:
    """Three or four beeps with a busy tone's own frequency and cadence, and then no more."""
    count, length, hertz = draw.one((3, 4)), draw.between(0.3, 0.4), 450 + draw.between(-5, 5)
    beeps = cadence((2 * count - 1) * length, -20, (length, length), hertz)
    rest = silent(SOUND - len(beeps) / RATE)
    return np.concatenate([beeps, rest]), f"{count} beeps of {hertz:.0f} Hz, {length:.2f}/{length:.2f} s"


def _alert(draw: Draw) -> tuple[Signal, str]:
    """Beeps of telephones and other things in a room."""
    name, hertz, pattern = draw.one(
        (
            ("call waiting, United States", (440.0,), (0.3, 4.7)),  # ITU-T E.180 Supplement 2; off-time shortened
            ("call waiting, Germany", (425.0,), (0.2, 0.2, 0.2, 5.0)),
            ("recording warning", (1400.0,), (0.4, 4.6)),  # GB/T 3380: each 10 s
            ("empty battery", (2000.0,), (0.08, 0.08, 0.08, 2.0)),
            ("microwave oven", (2048.0,), (0.5, 0.5)),
            ("lorry in reverse", (1250.0,), (0.5, 0.5)),
            ("alarm clock", (1000.0, 2000.0), (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5)),
            ("trimphone", (1900.0, 2100.0), (0.4, 0.2, 0.4, 2.0)),
        )
    )
    return cadence(SOUND, -20, pattern, *(f * draw.between(0.99, 1.01) for f in hertz)), name


_IMPOSTORS = (
    ("whistle 450 Hz", 14, _whistle),
    ("hummed 450 Hz", 14, _hummed),
    ("whistle gliding", 8, _gliding),
    ("steady note", 8, _steady),
    ("pure note", 12, _pure_notes),
    (LONG_NOTE, 8, _long_note),
    ("tune", 10, _melody),
    ("two beeps", 8, _two_beeps),
    ("three or four beeps", 12, _few_beeps),
    ("alert beeps", 12, _alert),
)
