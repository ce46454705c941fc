"""What the kernel keeps from a socket, tried with real packets on loopback."""

import contextlib
import socket
from collections.abc import Iterator
from ipaddress import IPv4Network

import pytest

from drivers.sip.outgoing import MOST, RATE, Outgoing
from drivers.sip.rtp_senders import senders
from drivers.sip.socket_filter import attach, detach, dialled, own_sockets, passing

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


def test_the_connections_that_this_process_has_begun_are_told_by_their_far_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = server.getsockname()
        before = len(dialled(place[1]))
        outgoing = Outgoing(place[1], 0.0)
        with contextlib.ExitStack() as stack:
            for number in range(MOST):
                assert outgoing.admits("127.0.0.1", ("127.0.0.1", 1), float(number)) is (before + number < MOST)
                stack.enter_context(socket.create_connection(place))
                stack.enter_context(server.accept()[0])
            assert dialled(place[1]).count(place) == MOST, "not the ends that have come here"
            assert not outgoing.admits("127.0.0.1", ("127.0.0.1", 1), 9.0)
            assert outgoing.admits(place[0], place, 9.0), "there it is connected"
            outgoing.choose(f"sip:801@{place[0]}:{place[1]}")
            assert outgoing.admits(place[0], place, 9.0)
            assert outgoing.admits("127.0.0.1", ("127.0.0.1", 1), 9.0) is (before < MOST), "its own do not count"
        assert len(dialled(place[1])) == before


def test_one_that_is_not_up_yet_counts() -> None:
    with socket.socket() as server, socket.socket() as early, contextlib.ExitStack() as stack:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):  # more than the queue has room for: the last is not answered
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        assert None in dialled(server.getsockname()[1])
        assert early.getsockname()[1] == 0, "one that goes nowhere does not"


def test_connections_begin_no_faster_than_they_may() -> None:
    outgoing = Outgoing(1, 0.0)
    assert sum(outgoing.admits("192.0.2.1", ("192.0.2.1", 5060), number / 100) for number in range(100)) < 2 * RATE
    assert outgoing.admits("192.0.2.1", ("192.0.2.1", 5060), 9.0)


def test_where_the_line_turns_by_itself_it_is_not_limited() -> None:
    outgoing = Outgoing(1, 0.0)
    outgoing.choose("sip:801@Desk.example;transport=tcp")
    outgoing.choose("sip:192.0.2.7:5080")
    outgoing.choose("no address")
    assert all(outgoing.admits("desk.example", ("192.0.2.8", 5060), 0.0) for _ in range(50))
    assert all(outgoing.admits("192.0.2.7", ("192.0.2.7", 5080), 0.0) for _ in range(50))
    assert sum(outgoing.admits("192.0.2.7", ("192.0.2.7", port), 0.0) for port in range(50)) <= RATE
    for number in range(300):
        outgoing.choose(f"sip:10.0.0.1:{number + 1}")
    assert sum(outgoing.admits("desk.example", ("192.0.2.8", 5060), 9.0) for _ in range(50)) <= RATE, "forgotten"
