"""A call's recordings on the modem's streams: what comes before the first, and between two."""

from pathlib import Path

import numpy as np
import pytest

from drivers.fxo.recording import CallRecording
from drivers.hearing.wav import read_wav
from drivers.line import Record, StopRecording

pytestmark = pytest.mark.unit

WORDS = np.full(8000, 1000, dtype=np.int16)
SILENCE = np.zeros(8000, dtype=np.int16)


def test_what_is_ordered_while_it_rings_begins_with_the_first_stream(tmp_path: Path):
    recording = CallRecording()
    call, dropped = tmp_path / "call.wav", tmp_path / "dropped.wav"
    recording.execute(Record("1", str(call)), 100.0)
    recording.execute(Record("1", str(dropped)), 100.0)
    recording.execute(StopRecording("1", str(dropped)), 104.0)
    recording.stream_began(110.0)
    recording.write(WORDS)
    recording.close(111.0)
    assert np.array_equal(read_wav(call), WORDS)
    assert len(read_wav(dropped)) == 0


def test_what_was_deaf_between_two_streams_is_silence_to_each_by_its_own_time(tmp_path: Path):
    recording = CallRecording()
    call, answer = tmp_path / "call.wav", tmp_path / "answer.wav"
    recording.stream_began(10.0)
    recording.execute(Record("1", str(call)), 10.0)
    recording.write(WORDS)
    recording.execute(Record("1", str(answer)), 12.0)  # a prompt plays since 11.0
    recording.stream_began(13.0)
    recording.write(WORDS)
    recording.execute(StopRecording("1", str(answer)), 14.0)
    assert np.array_equal(read_wav(answer), np.concatenate((SILENCE, WORDS)))
    recording.write(WORDS)
    recording.close(15.0)
    assert np.array_equal(read_wav(call), np.concatenate((WORDS, SILENCE, SILENCE, WORDS, WORDS)))
    assert len(read_wav(answer)) == 16000


def test_a_call_that_was_never_answered_leaves_an_empty_file(tmp_path: Path):
    recording = CallRecording()
    recording.execute(Record("1", str(tmp_path / "call.wav")), 1.0)
    recording.close(30.0)
    assert len(read_wav(tmp_path / "call.wav")) == 0
