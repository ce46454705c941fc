"""The tone that says that no telephone has the dialled number: three short bursts and a long one (GB/T 3380)."""

import numpy as np
import pytest

from benchmarks.material import alaw, cadence, pcm, silence, white
from drivers.hearing.clearing import CLEARING_TONES
from drivers.line import Tone
from tests.unit.hearing.telling import heard_tones, kinds

pytestmark = pytest.mark.unit

FIGURE = (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4)


def vacant(seconds: float, level: float = -15, stretch: float = 1.0, hertz: float = 450) -> np.ndarray:
    return cadence(seconds, level, tuple(stretch * part for part in FIGURE), hertz)


@pytest.mark.parametrize("begins", [0.0, 0.05, 0.2, 0.5, 0.75, 1.2])
def test_told_once_wherever_in_its_figure_it_begins(begins):
    (tone,) = heard_tones(np.concatenate([silence(0.5), vacant(8)[int(8000 * begins) :]]))
    assert tone.tone is Tone.VACANT
    assert tone.t <= 0.5 + 3.0


@pytest.mark.parametrize("stretch", [0.9, 1.1])
@pytest.mark.parametrize("hertz", [425, 475])
@pytest.mark.parametrize("level", [-30, -5])
def test_within_its_tolerances_on_a_line(stretch, hertz, level):
    line = vacant(6, level, stretch, hertz) + white(6, level - 15)
    assert kinds(alaw(pcm(line))) == [Tone.VACANT]


@pytest.mark.parametrize(
    "figure",
    [
        (0.1, 0.1),
        (0.1, 0.1, 0.4, 0.4),
        (0.1, 0.1, 0.1, 0.1, 0.4, 0.4),
        (0.2, 0.2, 0.2, 0.6),
        (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4),
        (0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.4, 0.4),
    ],
)
def test_another_figure_is_no_vacant_number(figure):
    assert Tone.VACANT not in kinds(cadence(8, -15, figure, 450))


def test_nobody_is_released_for_it():
    assert Tone.VACANT not in CLEARING_TONES
