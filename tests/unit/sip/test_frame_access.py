"""Both ways to read a frame give the same bytes, and the fast one is proved in this very build."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings():
    # SWIG's own types lack __module__, of which Python 3.12 complains at import.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pjsua2 as pj

from drivers.sip.frame_access import frame_reader, read_by_pointers, read_slowly

pytestmark = pytest.mark.unit


def test_the_fast_way_is_in_use():
    assert frame_reader() is read_by_pointers


@given(st.binary(max_size=2000))
def test_both_ways_agree(data: bytes):
    vector = pj.ByteVector(data)
    assert read_by_pointers(vector) == read_slowly(vector) == data
