"""Lengths of packets, at the boundaries that the standard names (MQTT 3.1.1 table 2.4)."""

import pytest

from gateway.feed.packets import NoLength, length_at, length_bytes

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (0, b"\x00"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
        (2_097_151, b"\xff\xff\x7f"),
        (2_097_152, b"\x80\x80\x80\x01"),
        (268_435_455, b"\xff\xff\xff\x7f"),
    ],
)
def test_a_length_is_written_and_read(length: int, written: bytes) -> None:
    assert length_bytes(length) == written
    assert length_at(b"\x30" + written + b"more", 1) == (len(written), length)
    for cut in range(len(written)):
        assert length_at(b"\x30" + written[:cut], 1) is None


def test_what_has_no_end_is_no_length() -> None:
    with pytest.raises(NoLength):
        length_at(b"\x30\xff\xff\xff\xff", 1)
