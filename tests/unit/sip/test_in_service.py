"""When the softphone takes a new call, and when it says 503."""

import pytest

from drivers.sip.in_service import CATCH_UP, HELD_UP, SILENCE, InService

pytestmark = pytest.mark.unit

TURN = 0.05


def turned(service: InService, since: float, until: float, *, heard: bool = True) -> None:
    """It turns regularly, and hears the gateway's pings or none."""
    for step in range(round((until - since) / TURN) + 1):
        service.turn(since + step * TURN)
        if heard:
            service.hear(since + step * TURN)


def test_while_the_gateway_speaks_it_takes_calls():
    service = InService(100.0)
    turned(service, 100.0, 130.0)
    assert service.takes(130.0)


def test_a_gateway_that_hangs_gets_no_more_calls_until_it_speaks_again():
    service = InService(100.0)
    service.hear(100.0)
    turned(service, 100.0, 100.0 + SILENCE - 0.1, heard=False)
    assert service.takes(100.0 + SILENCE - 0.1)
    turned(service, 100.0 + SILENCE, 100.0 + SILENCE + 1, heard=False)
    assert not service.takes(100.0 + SILENCE + 1)
    service.hear(100.0 + SILENCE + 1.1)
    assert service.takes(100.0 + SILENCE + 1.1)


def test_calls_that_waited_while_it_was_held_up_are_not_taken():
    service = InService(100.0)
    turned(service, 100.0, 101.0)
    thawed = 101.0 + HELD_UP + 60.0
    assert not service.takes(thawed)  # read in the very turn in which it was frozen
    service.turn(thawed + 0.01)
    assert not service.takes(thawed + CATCH_UP / 2)
    turned(service, thawed + 0.05, thawed + CATCH_UP + 0.1, heard=False)
    assert service.takes(thawed + CATCH_UP + 0.1)


def test_a_short_stall_turns_nobody_away():
    service = InService(100.0)
    turned(service, 100.0, 101.0)
    service.turn(101.0 + HELD_UP)
    assert service.takes(101.0 + HELD_UP)


def test_at_the_end_it_takes_none():
    service = InService(100.0)
    service.end()
    assert not service.takes(100.0)


def test_a_softphone_without_a_gateway_takes_calls():
    service = InService(100.0)
    turned(service, 100.0, 100.0 + 3 * SILENCE, heard=False)
    assert service.takes(100.0 + 3 * SILENCE)
