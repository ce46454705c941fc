"""What callers say: a request, spoken again and again with short pauses, quiet while they are greeted; one in ten
stands in a street first."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.load.voices import KINDS, SAID, SAMPLES
from benchmarks.material import hiss, pcm
from drivers.emulator.audio import noise, to_int16
from drivers.emulator.callers import spoken
from drivers.hearing.g711 import encode_alaw
from tests.process.material import REQUEST

RATE = 8000
QUIET = -60.0
"""dBFS of the line while its caller listens."""
VOICE = -22.0
STREET = -30.0
IN_THE_STREET = 7.0
"""Seconds of noise after the greeting: the verdict takes up to 4 s."""
PAUSE = 0.6
"""Seconds between two requests: less than what ends a message."""
ONE_IN = 10
"""Callers, of whom one stands in the street."""


def kind_of(caller: int) -> str:
    """What the caller with this number, from 0, does."""
    return KINDS[1] if caller % ONE_IN == ONE_IN - 1 else KINDS[0]


def write(folder: Path, greeting: float) -> None:
    """FOLDER/said.npz, for callers who are greeted for so many seconds. Makes the folder."""
    folder.mkdir()
    listening = pcm(hiss(greeting + 0.5, QUIET))
    request = np.concatenate([to_int16(spoken(REQUEST, VOICE)), pcm(hiss(PAUSE, QUIET))])
    street = to_int16(noise("street", STREET, 7, IN_THE_STREET))
    talks, again = packets(listening, request)
    noisy, noisy_again = packets(np.concatenate([listening, street]), request)
    np.savez(folder / SAID, talks=talks, talks_again=again, noise=noisy, noise_again=noisy_again)


def packets(once: NDArray[np.int16], ever: NDArray[np.int16]) -> tuple[NDArray[np.uint8], int]:
    """A-law, a packet a row, and the row with which what is said for ever begins."""
    coded = encode_alaw(np.concatenate([padded(once), padded(ever)]))
    return np.frombuffer(coded, np.uint8).reshape(-1, SAMPLES), -(-len(once) // SAMPLES)


def padded(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """With zeros to whole packets."""
    return np.pad(samples, (0, -len(samples) % SAMPLES))
