"""When a line takes no more connections over TCP."""

import pytest

from drivers.sip.connections import BURST, MOST, OF_ONE_HOST, RATE, RESERVED, Connections

pytestmark = pytest.mark.unit

PBX, OTHER = "192.0.2.1", "192.0.2.2"


def test_a_few_are_taken() -> None:
    connections = Connections(0.0, lambda host: host == PBX)
    for number in range(1, OF_ONE_HOST):
        connections.accepted([PBX] * number, float(number))
        assert not connections.full
        assert connections.crowding == ()


def test_too_many_at_once_wait_until_all_tokens_are_back() -> None:
    connections = Connections(0.0, lambda host: host == PBX)
    for number in range(1, BURST):
        connections.accepted([PBX] * number, 0.0)
        assert not connections.full
    connections.accepted([PBX] * BURST, 0.0)
    assert connections.full
    connections.turn((BURST - 1) / RATE)
    assert connections.full
    connections.turn(BURST / RATE)
    assert not connections.full


def test_what_one_host_has_too_many_of_is_its_own_affair() -> None:
    connections = Connections(0.0, lambda host: host == PBX)
    connections.counted([PBX] * OF_ONE_HOST + [OTHER])
    assert connections.crowding == (PBX,)
    assert not connections.full
    connections.counted([PBX] * (OF_ONE_HOST - 1) + [OTHER])
    assert connections.crowding == ()


def test_many_hosts_fill_it() -> None:
    connections = Connections(0.0, lambda host: host == PBX)
    connections.counted([f"192.0.2.{number}" for number in range(MOST)])
    assert connections.full
    connections.counted([f"192.0.2.{number}" for number in range(MOST - 1)])
    assert not connections.full


def test_telephones_of_a_network_do_not_keep_the_pbx_away() -> None:
    connections = Connections(0.0, lambda host: host == PBX)
    telephones = [f"198.51.100.{number}" for number in range(MOST - RESERVED)]
    connections.counted(telephones[1:])
    assert not connections.only_named
    connections.counted([*telephones[1:], PBX, PBX])
    assert not connections.only_named, "its own are not counted"
    connections.counted(telephones)
    assert connections.only_named
    assert not connections.full
