"""How many connections there may be, of one address and in all."""

import pytest

from gateway.wallboard.door import FEW, Door, is_loopback

pytestmark = pytest.mark.unit


def test_all_together_and_one_address_have_a_bound() -> None:
    door = Door(5, is_loopback)
    assert [door.enter("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert [door.enter("127.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert not door.enter("192.0.2.2"), "it is full"
    door.leave("192.0.2.1")
    assert door.enter("192.0.2.2")
    assert door.inside == 5


def test_two_that_take_all_they_can_leave_room_for_others() -> None:
    door = Door(100, is_loopback)
    for source in ("192.0.2.1", "192.0.2.2"):
        while door.enter(source):
            pass
    assert door.inside == 75
    assert all(door.enter("192.0.2.3") for _ in range(FEW))
    assert not door.enter("192.0.2.3"), "what is left is for others"
    assert door.enter("127.0.0.1")


def test_this_machine_may_have_all_there_is() -> None:
    door = Door(5, is_loopback)
    assert all(door.enter("127.0.0.9") for _ in range(5))
    assert not is_loopback("")
    assert not is_loopback("192.0.2.1")
