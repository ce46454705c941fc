"""The datagrams of a join: what is packed is unpacked, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bridge.wire import DATAGRAM_BYTES, Frame, packed, unpacked

pytestmark = pytest.mark.unit

SAMPLES = bytes(range(160)) * 2
GOOD = packed(7, 2_000_000_000, SAMPLES)


def test_what_is_packed_is_unpacked():
    assert unpacked(GOOD) == Frame(7, 2.0, SAMPLES)
    assert unpacked(packed(2**32 + 1, 0, SAMPLES)) == Frame(1, 0.0, SAMPLES)


@pytest.mark.parametrize("bad", [GOOD[:-1], GOOD + b"\0", b"XX" + GOOD[2:], GOOD[:2] + b"\2" + GOOD[3:]])
def test_another_length_mark_or_version_is_none_of_ours(bad: bytes):
    assert unpacked(bad) is None


@given(st.binary(min_size=DATAGRAM_BYTES, max_size=DATAGRAM_BYTES) | st.binary())
def test_garbage_never_raises(datagram: bytes):
    assert unpacked(datagram) is None or datagram[:2] == b"SB"
