"""The worker's end of the socket: never blocks, ends when the gateway is gone."""

import socket
from collections.abc import Iterator

import pytest

from drivers.sip.link import BACKLOG, GatewayGone, Link
from drivers.sip.messages import Decoder, LegReleased, Ping, Pong, encode

pytestmark = pytest.mark.unit


@pytest.fixture
def ends() -> Iterator[tuple[Link, socket.socket]]:
    gateway, worker = socket.socketpair()
    link = Link(worker)
    yield link, gateway
    link.close()
    gateway.close()


def test_messages_both_ways(ends: tuple[Link, socket.socket]):
    link, gateway = ends
    assert link.receive() == []
    gateway.sendall(encode(Ping(1)) + encode(Ping(2)))
    assert link.receive() == [Ping(1), Ping(2)]
    link.send(Pong(1))
    link.flush()
    assert Decoder().feed(gateway.recv(1000)) == [Pong(1)]


def test_closed_socket_and_nonsense_end_the_worker(ends: tuple[Link, socket.socket]):
    link, gateway = ends
    gateway.sendall(b"\xff" * 8)
    with pytest.raises(GatewayGone, match="allowed"):
        link.receive()
    gateway.close()
    with pytest.raises(GatewayGone, match="closed"):
        link.receive()


def test_a_gateway_that_never_reads_is_given_up(ends: tuple[Link, socket.socket]):
    link, _ = ends
    fact = LegReleased("x" * 1000)
    for _ in range(BACKLOG // 500):
        link.send(fact)
    with pytest.raises(GatewayGone, match="reads nothing"):
        link.flush()
