"""A leg's tap, frame by frame: what is recorded of it, and what is heard of a stream that stops or jumps."""

from pathlib import Path

import numpy as np
import pytest

from drivers.hearing.ears import Ears
from drivers.hearing.wav import read_wav
from drivers.sip.arrival import Received
from drivers.sip.listening import Frames, Listening
from drivers.sip.playout import FRAME

pytestmark = pytest.mark.unit


class Tap:
    """The bridge's side: frames that count up from 1, so that every recorded one can be told."""

    def __init__(self) -> None:
        self.frames = Frames()
        self.listening = Listening(self.frames, Ears("cn"), lambda: Received(0, 0))
        self._number = 0

    def hear(self, count: int) -> None:
        """So many frames come, and are taken."""
        for _ in range(count):
            self._number += 1
            self.frames.append((np.full(FRAME, self._number, dtype="<i2").tobytes(), None))
        self.listening.hear()


def recorded(path: Path) -> list[int]:
    """The numbers of the frames in a file."""
    samples = read_wav(path).reshape(-1, FRAME)
    assert (samples == samples[:, :1]).all()
    return samples[:, 0].tolist()


def test_an_answer_is_recorded_beside_the_call(tmp_path: Path):
    tap = Tap()
    call, answer = tmp_path / "call.wav", tmp_path / "answers" / "1.wav"
    tap.listening.record(str(call))
    tap.hear(10)
    tap.listening.record(str(answer))
    tap.listening.record(str(answer))
    tap.hear(6)
    tap.listening.stop_recording(str(answer))
    tap.listening.stop_recording(str(tmp_path / "unknown.wav"))
    assert recorded(answer) == [11, 12, 13, 14, 15, 16]
    tap.hear(4)
    tap.listening.close()
    assert recorded(call) == list(range(1, 21))
    assert recorded(answer) == [11, 12, 13, 14, 15, 16]


def test_a_hold_is_silence_in_every_recording(tmp_path: Path):
    tap = Tap()
    call, answer = tmp_path / "call.wav", tmp_path / "answer.wav"
    tap.listening.record(str(call))
    tap.hear(2)
    tap.listening.hold()
    tap.hear(2)
    tap.listening.record(str(answer))
    tap.hear(2)
    tap.listening.resume()
    tap.hear(2)
    tap.listening.close()
    assert recorded(call) == [1, 2, 0, 0, 0, 0, 7, 8]
    assert recorded(answer) == [0, 0, 7, 8]


def test_a_refused_file_costs_neither_the_others_nor_the_ears(tmp_path: Path):
    tap = Tap()
    tap.listening.record(str(tmp_path / "call.wav"))
    tap.listening.record(str(tmp_path / "call.wav" / "no folder" / "a.wav"))
    tap.hear(10)
    tap.listening.close()
    assert recorded(tmp_path / "call.wav") == list(range(1, 11))
