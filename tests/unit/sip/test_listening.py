"""A leg's tap, frame by frame: what is recorded of it, and what is heard of a stream that stops or jumps."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.material import pcm, speech, white
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.wav import read_wav
from drivers.line import Verdict
from drivers.sip.arrival import Received
from drivers.sip.listening import AT_LEISURE, AT_ONCE, Frames, KeyHeard, Listening
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


class Caller:
    """Who says so much, a frame at a time; his leg listens when it is due."""

    def __init__(self, samples: np.ndarray, *, keys: bool = False) -> None:
        self.frames = Frames()
        self.listening = Listening(self.frames, Ears("cn"), lambda: Received(0, 0))
        self.listening.listen_for_keys(keys)
        self._samples = pcm(samples).reshape(-1, FRAME)
        self.verdicts: list[Verdict] = []
        self.taken: list[int] = []
        """How many frames were heard at a time."""
        self.pressed = ""
        self.told_at = 0
        """The place in `taken` of the last key."""

    def speaks(self) -> None:
        """All of it."""
        for samples in self._samples:
            self.frames.append((samples.astype("<i2").tobytes(), None))
            if self.listening.due:
                self.taken.append(len(self.frames))
                news = self.listening.hear()
                self.verdicts += [one.verdict for one in news if isinstance(one, VerdictHeard)]
                if digits := [one.digit for one in news if isinstance(one, KeyHeard)]:
                    self.pressed += "".join(digits)
                    self.told_at = len(self.taken) - 1


def key() -> np.ndarray:
    """The 5, pressed for 0.1 s."""
    t = np.arange(800) / 8000
    return 0.2 * (np.sin(2 * np.pi * 770 * t) + np.sin(2 * np.pi * 1336 * t))


def faint_noise(seconds: float) -> np.ndarray:
    return white(seconds, -65)


def test_a_voice_that_is_known_is_heard_at_leisure_and_its_end_as_ever():
    caller = Caller(np.concatenate([faint_noise(2), speech(3, -20), faint_noise(3)]))
    caller.speaks()
    assert caller.verdicts == [Verdict.SILENT, Verdict.SPEECH, Verdict.SILENT]
    turns = [at for at, (one, next_) in enumerate(pairwise(caller.taken)) if one != next_]
    assert [caller.taken[at] for at in turns] == [AT_ONCE, AT_LEISURE]
    assert caller.taken[-1] == AT_ONCE


def test_who_has_pressed_a_key_by_voice_is_heard_at_leisure_no_more():
    caller = Caller(np.concatenate([speech(3, -20), key(), speech(3, -20)]), keys=True)
    caller.speaks()
    assert (caller.verdicts, caller.pressed) == ([Verdict.SPEECH], "5")
    heard = np.cumsum(caller.taken) * 0.02
    told = heard[caller.told_at]
    assert 3.04 <= told <= 3.04 + 0.2
    assert [size for size, end in zip(caller.taken, heard, strict=True) if end > told and size > AT_ONCE] == []
    assert AT_LEISURE in caller.taken


def test_a_voice_that_is_cut_off_is_not_waited_for_at_leisure():
    caller = Caller(np.concatenate([speech(3, -20), np.zeros(8000)]))
    caller.speaks()
    assert caller.verdicts == [Verdict.SPEECH]
    assert AT_LEISURE in caller.taken
    assert caller.taken[-5:] == [AT_ONCE] * 5


def test_a_leg_that_is_nearly_ready_joins_the_others():
    caller = Caller(speech(1, -20))
    caller.frames.extend([(bytes(2 * FRAME), None)] * 3)
    assert not caller.listening.nearly_due
    caller.frames.append((bytes(2 * FRAME), None))
    assert caller.listening.nearly_due
    assert not caller.listening.due
