"""What the kernel keeps from a socket, tried with real packets on loopback."""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Network

import pytest

from drivers.sip.rtp_senders import senders
from drivers.sip.socket_filter import attach, detach, own_sockets, passing

pytestmark = pytest.mark.unit


def udp(host: str) -> socket.socket:
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind((host, 0))
    return port


@pytest.fixture
def port() -> Iterator[socket.socket]:
    with udp("127.0.0.1") as port:
        port.setblocking(False)
        yield port


def came(port: socket.socket, *hosts: str, times: int = 1) -> list[str]:
    """Who got through of those who sent; on loopback a packet is there or dropped when sendto() returns."""
    for host in hosts:
        with udp(host) as sender:
            for _ in range(times):
                sender.sendto(b"x", port.getsockname())
    found = []
    while True:
        try:
            found.append(port.recvfrom(9)[1][0])
        except BlockingIOError:
            return found


def test_networks_pass_and_others_do_not(port: socket.socket) -> None:
    attach(port, passing([IPv4Network("127.1.0.0/16"), IPv4Network("127.0.0.3")]))
    assert came(port, "127.0.0.1", "127.1.2.3", "127.0.0.3", "127.2.0.1") == ["127.1.2.3", "127.0.0.3"]
    detach(port)
    assert came(port, "127.0.0.1") == ["127.0.0.1"]
    detach(port)


def test_who_is_shut_out_of_a_network(port: socket.socket) -> None:
    attach(port, passing([IPv4Network("127.0.0.0/8")], but=["127.0.0.3"]))
    assert came(port, "127.0.0.1", "127.0.0.3", "127.0.0.4") == ["127.0.0.1", "127.0.0.4"]


def test_a_sample_of_the_others(port: socket.socket) -> None:
    attach(port, passing([], one_in=16))
    assert 5 <= len(came(port, "127.0.0.9", times=1600)) <= 400  # 100 ± 10 on an even die


def test_nobody_and_as_many_as_there_may_be(port: socket.socket) -> None:
    attach(port, passing([]))
    assert came(port, "127.0.0.1") == []
    many = [IPv4Network((10 << 24) + n) for n in range(400)]
    attach(port, passing([IPv4Network("127.0.0.1"), *many], but=[str(n.network_address) for n in many], one_in=16))
    assert came(port, "127.0.0.1") == ["127.0.0.1"]


def test_the_sockets_of_this_process_are_found_by_port_and_kind(port: socket.socket) -> None:
    number = port.getsockname()[1]
    (found,) = own_sockets((number,), socket.SOCK_DGRAM)
    with found:
        attach(found, passing([]))
    assert came(port, "127.0.0.1") == [], "the duplicate's filter is the socket's"
    assert not own_sockets((number,), socket.SOCK_STREAM)


@pytest.mark.parametrize(
    ("media", "signalling", "expected"),
    [
        ("8.8.8.8", "8.8.4.4", {"8.8.8.8", "8.8.4.4"}),
        ("8.8.8.8", "8.8.8.8", {"8.8.8.8"}),
        ("10.0.0.7", "10.0.0.1", {"10.0.0.7", "10.0.0.1"}),
        ("10.0.0.7", "8.8.8.8", set()),
        ("0.0.0.0", "8.8.8.8", set()),
        ("8.8.8.8", None, set()),
        ("", "8.8.8.8", set()),
    ],
)
def test_whose_audio_is_taken(media: str, signalling: str | None, expected: set[str]) -> None:
    assert senders(media, signalling) == expected
