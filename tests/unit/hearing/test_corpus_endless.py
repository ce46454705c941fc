"""Hours of sound without a tone, and the music in them."""

import numpy as np
import pytest

from benchmarks.corpus import Split, impostors, speakers
from benchmarks.corpus import endless as hours
from benchmarks.corpus.draw import Draw
from benchmarks.corpus.endless import endless

pytestmark = pytest.mark.unit


def test_endless_has_short_pure_notes_and_no_long_ones():
    source, _, _ = hours._imitated(Draw(Split.TRAIN, np.random.default_rng(1)), impostors, count=200)
    assert "pure notes" in source
    assert "beeps of" in source
    assert "organ" not in source
    assert "electronic" not in source


def test_endless_pieces_are_whole_and_repeatable(recordings):
    pieces = list(endless(0.15))
    assert sum(len(samples) for _, samples, _ in pieces) >= 0.15 * 3600 * 8000
    assert len({samples.tobytes() for _, samples, _ in pieces}) == len(pieces)
    assert any(near is not None for _, _, near in pieces)
    for source, samples, near in pieces:
        assert len(samples) % 160 == 0, source
        assert near is None or len(near) == len(samples), source
        assert np.any(samples)
    people = {split: {speaker.name for speaker in speakers.speakers(split)} for split in Split}
    assert any(name in source for source, _, _ in pieces for name in people[Split.HELD_OUT])
    assert not [source for source, _, _ in pieces for name in people[Split.TRAIN] if name in source]
    (_, first, _), *_ = endless(0.01)
    assert np.array_equal(first, pieces[0][1])


@pytest.mark.parametrize("split", Split)
def test_music_lasts_longer_than_its_piece(split, recordings):
    for seed in range(2):
        part, _ = speakers.music(split, 500, np.random.default_rng(seed))
        assert len(part) == 500 * 8000
