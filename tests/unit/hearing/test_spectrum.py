"""Spectra of several frames at once."""

import numpy as np
import pytest

from drivers.hearing.frames import FRAME
from drivers.hearing.spectrum import BANDS, Spectra, spectrum_of

pytestmark = pytest.mark.unit


def test_frames_at_once_have_the_spectra_that_they_have_alone() -> None:
    frames = np.random.default_rng(1).normal(0, 0.1, (5, FRAME))
    at_once = Spectra(frames)
    for row, frame in enumerate(frames):
        assert (at_once.all[row] == spectrum_of(frame)).all(), "to the last bit: a verdict must not hang on it"


def test_they_are_transformed_once_and_only_if_one_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, ...]] = []
    transform = np.fft.rfft

    def counted(samples: np.ndarray, size: int) -> np.ndarray:
        calls.append(samples.shape)
        return transform(samples, size)

    monkeypatch.setattr(np.fft, "rfft", counted)
    spectra = Spectra(np.ones((5, FRAME)))
    assert not calls
    assert spectra.all.shape == (5, 129)
    assert spectra.bands.shape == (5, BANDS)
    assert calls == [(5, FRAME)]
