"""What a leg says in a tick, and what the leg that is joined with it is given."""

import numpy as np
import pytest

from drivers.sip.mouth import Mouth
from drivers.sip.playout import FRAME, Playout

pytestmark = pytest.mark.unit

SILENCE = bytes(2 * FRAME)


def frame(level: int) -> bytes:
    return np.full(FRAME, level, "<i2").tobytes()


class Joined:
    """The other leg: what it says comes from `says`, what it is given is kept."""

    def __init__(self, *says: bytes | None) -> None:
        self.says = list(says)
        self.given: list[bytes] = []

    def take(self) -> bytes | None:
        return self.says.pop(0)

    def send(self, samples: bytes) -> None:
        self.given.append(samples)


def test_prompt_and_the_other_leg_are_mixed_for_both():
    playout = Playout()
    mouth = Mouth(playout)
    mouth.path = path = Joined(frame(1), frame(20), None, frame(30_000))
    assert mouth.next_frame() == frame(1)
    mouth.pass_on(frame(5))
    playout.start(1, np.full(3 * FRAME, 10_000, np.int16))
    assert mouth.next_frame() == mouth.said == frame(10_020)
    mouth.pass_on(frame(5))
    assert mouth.next_frame() == frame(10_000)
    mouth.pass_on(b"")
    assert mouth.next_frame() == frame(32_767)
    mouth.pass_on(frame(-32_768))
    assert path.given == [frame(5), frame(10_005), frame(10_000), frame(-22_768)]


def test_without_a_path_only_the_prompt_is_said():
    mouth = Mouth(Playout())
    assert mouth.next_frame() is None
    mouth.pass_on(frame(1))
    assert mouth.said is None


def test_on_hold_nothing_is_said_and_silence_passed_on_but_the_path_is_kept_empty():
    mouth = Mouth(Playout())
    mouth.path = path = Joined(frame(1), frame(2), frame(3))
    mouth.held = True
    assert mouth.next_frame() is mouth.said is None
    mouth.pass_on(frame(9))
    mouth.held = False
    assert mouth.next_frame() == frame(2)
    mouth.pass_on(b"")
    assert path.given == [SILENCE, SILENCE]


def test_who_has_nothing_to_say_need_not_be_asked():
    playout = Playout()
    mouth = Mouth(playout)
    assert mouth.idle
    playout.start(1, np.full(FRAME, 7, np.int16))
    playout.pause()
    assert not mouth.idle
    playout.resume()
    assert mouth.next_frame() == mouth.said == frame(7)
    mouth.next_frame()
    assert not mouth.idle
    playout.news()
    assert mouth.idle
    mouth.path = Joined()
    assert not mouth.idle


def test_a_mouth_that_is_shut_has_said_nothing():
    playout = Playout()
    mouth = Mouth(playout)
    playout.start(1, np.full(FRAME, 7, np.int16))
    mouth.next_frame()
    playout.stop()
    mouth.shut()
    mouth.path = path = Joined()
    mouth.pass_on(frame(1))
    assert mouth.said is None
    assert path.given == [frame(1)]
