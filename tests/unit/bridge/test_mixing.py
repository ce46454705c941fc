"""A prompt and a voice at once."""

import numpy as np
import pytest

from drivers.bridge import mixed

pytestmark = pytest.mark.unit


def audio(*samples: int) -> bytes:
    return np.array(samples, "<i2").tobytes()


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        (None, None, None),
        (audio(1, -2), None, audio(1, -2)),
        (None, audio(1, -2), audio(1, -2)),
        (b"", audio(1), audio(1)),
        (audio(1, -2), audio(10, -20), audio(11, -22)),
        (audio(32000, -32000), audio(32000, -32000), audio(32767, -32768)),
        (audio(1, 2, 3), audio(10), audio(11, 2, 3)),
        (audio(10), audio(1, 2, 3), audio(11, 2, 3)),
    ],
)
def test_two_at_once(a: bytes | None, b: bytes | None, both: bytes | None):
    assert mixed(a, b) == both
