"""When a disk has no room for another recording, and when it has again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.recordings.room import LEAST_FILES, MEGABYTE, Free, Room

pytestmark = pytest.mark.unit


def megabytes(count: float) -> Free:
    return Free(round(count * MEGABYTE), None)


def test_no_under_the_limit_and_yes_only_well_over_it():
    room = Room(500)
    told = [(room.judge(megabytes(free)), room.enough) for free in (500, 499, 500, 549, 499, 550, 549, 500)]
    yes, no = True, False
    assert told == [(no, yes), (yes, no), (no, no), (no, no), (no, no), (yes, yes), (no, yes), (no, yes)]


def test_a_disk_out_of_files_is_full():
    room = Room(500)
    assert room.judge(Free(10**12, LEAST_FILES - 1))
    assert not room.judge(Free(10**12, LEAST_FILES))
    assert room.judge(Free(10**12, 2 * LEAST_FILES))


def test_without_a_limit_there_is_always_room():
    room = Room(0)
    assert not room.judge(Free(0, 0))
    assert room.enough


@given(st.lists(st.integers(0, 600)))
def test_changes_alternate(course: list[int]):
    room = Room(300)
    before = room.enough
    for free in course:
        changed = room.judge(megabytes(free))
        assert changed == (room.enough != before)
        before = room.enough
        if free < 300:
            assert not room.enough
        if free >= 330:
            assert room.enough
