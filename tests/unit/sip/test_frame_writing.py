"""Both ways to fill a frame leave the same bytes in it."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings():
    # SWIG's own types lack __module__, of which Python 3.12 complains at import.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pjsua2 as pj

from drivers.sip.frame_access import WriteByPointers, frame_writer, write_slowly

pytestmark = pytest.mark.unit

SIZE = 320
WRITE = frame_writer(SIZE)


def test_the_fast_way_is_in_use() -> None:
    assert isinstance(WRITE, WriteByPointers)


@given(st.lists(st.binary(min_size=SIZE, max_size=SIZE) | st.binary(max_size=2 * SIZE), min_size=1, max_size=4))
def test_each_frame_keeps_what_it_was_filled_with(contents: list[bytes]) -> None:
    fast, slow = ([pj.MediaFrame() for _ in contents] for _ in range(2))
    for data, here, there in zip(contents, fast, slow, strict=True):
        WRITE(here, data)
        write_slowly(there, data)
    assert [bytes(frame.buf) for frame in fast] == [bytes(frame.buf) for frame in slow] == contents
