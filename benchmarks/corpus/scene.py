"""A scene: a stretch of telephone audio whose right answers are known because it was made that way."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.line import Tone, Verdict


class Split(StrEnum):
    """The two halves. They share no speaker, no piece of music, no sentence and no seed."""

    TRAIN = "train"
    """What thresholds may be tuned on."""
    HELD_OUT = "held-out"
    """What figures are published from."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Idle line, the sound in question, idle line; and what the ears must say of it."""

    name: str
    """Unique and stable."""
    split: Split
    kind: str
    """Group in the tables, one of KINDS."""
    detail: str
    """The row within the kind: "white", "15 dB", "busy", …"""
    samples: NDArray[np.int16]
    """8000 Hz, whole 20 ms frames, as the ears get them: after codec, loss, clipping, DC."""
    near_end: NDArray[np.int16] | None
    """What we play meanwhile, of the same length; None where nothing is played."""
    begins: float
    """Seconds: the sound in question begins. Before it the line is idle (hiss of about −65 dBFS), but for what
    the kind puts there: our prompt, or the speech before a tone."""
    ends: float
    """Seconds: it ends."""
    expected: frozenset[Verdict]
    """The verdicts that are right while it lasts; more than one only where the definition leaves it open."""
    voice_dbfs: float | None
    """Active level of the voice by ITU-T P.56, before codec and loss; None without a voice."""
    noise_dbfs: float | None
    """RMS of the noise while the sound lasts; None where there is only the idle line's hiss."""
    snr_db: float | None
    """Active level of voice (level of a tone while it is on) over noise; None where nothing was mixed."""
    path: str
    """The line: "alaw", "ulaw", "linear8", "linear16", and what else it did, as ", loss 5 %"."""
    source: str
    """Speaker or generator, and its parameters."""
    tone: Tone | None = None
    """The call-progress tone that must be recognised. Where None, none may be told but ringback."""
    tone_begins: float | None = None
    """Seconds: its first burst begins."""


KINDS = (
    "speech",
    "faint speech",
    "loud speech",
    "speech over noise",
    "noise",
    "silence",
    "signalling",
    "echo",
    "tone",
    "impostor",
    "steady",
)
"""Every kind, in the order in which scenes come."""
