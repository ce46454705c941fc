"""Publishing in bulk: packets as paho writes them, and acknowledgements found however the bytes come."""

import socket
from collections.abc import Iterator

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.feed import wire
from gateway.feed.encoding import Message
from gateway.feed.properties import properties_of
from gateway.feed.wire import FIRST_NUMBER, Sorter, SortingSocket, publish_packet

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("size", [0, 1, 90, 120, 16_000, 16_400, 3_000_000])
@pytest.mark.parametrize("retained", [False, True])
@pytest.mark.parametrize("protocol", [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5])
def test_a_packet_is_what_paho_would_send(size: int, retained: bool, protocol: MQTTProtocolVersion) -> None:
    message = Message("三声/line/sip1/event", b"x" * size, retained)
    properties = properties_of(message, "5" if protocol == MQTTProtocolVersion.MQTTv5 else "3.1.1")
    paho = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=protocol)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        paho._sock = ours
        paho.on_socket_register_write = lambda *_: None
        paho._send_publish(0x8001, message.topic.encode(), message.payload, 1, retained, properties=properties)
    packed = (
        None if protocol == MQTTProtocolVersion.MQTTv311 else b"\0" if properties is None else properties.pack()
    )
    sent = bytes(paho._out_packet[0]["packet"])
    assert publish_packet(message.topic, message.payload, 0x8001, retained, packed) == sent


def packet(kind: int, body: bytes) -> bytes:
    length, digits = len(body), bytearray()
    while length > 127:
        digits.append(length % 128 | 128)
        length //= 128
    return bytes((kind, *digits, length)) + body


PACKETS = st.one_of(
    st.tuples(st.just("ours"), st.integers(FIRST_NUMBER, 0xFFFF), st.sampled_from([b"", b"\x10", b"\x87\x00"])),
    st.tuples(st.just("ours"), st.integers(FIRST_NUMBER, 0xFFFF), st.just(b"\x87\xc8\x01" + b"r" * 200)),
    st.tuples(st.just("theirs"), st.integers(1, FIRST_NUMBER - 1), st.just(b"")),
    st.tuples(st.just("message"), st.sampled_from([0x30, 0x32, 0x90, 0xD0]), st.binary(max_size=300)),
)


@settings(deadline=None)
@given(st.lists(PACKETS, max_size=12), st.lists(st.integers(1, 40)))
def test_acknowledgements_are_found_however_the_bytes_come(
    packets: list[tuple[str, int, bytes]], cuts: list[int]
) -> None:
    stream, numbers, others = b"", [], b""
    for kind, number, more in packets:
        if kind == "message":
            others += packet(number, more)
            stream += packet(number, more)
            continue
        acknowledgement = packet(0x40, number.to_bytes(2) + more)
        stream += acknowledgement
        if kind == "ours":
            numbers.append(number)
        else:
            others += acknowledgement
    sorter, left = Sorter(), b""
    heard: list[int] = []
    steps: Iterator[int] = iter(cuts)
    while stream:
        step = next(steps, 1 << 16)
        other, found = sorter.sort(stream[:step])
        heard, left, stream = heard + found, left + other, stream[step:]
    assert heard == numbers
    assert left == others


@pytest.mark.parametrize("step", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("no_properties", [b"", b"\0"])
def test_of_a_message_that_is_too_large_only_its_topic_is_passed_on(
    step: int, no_properties: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST_PACKET", 1000)
    topic = b"\x00\x05a/b/c"
    large = b"x" * 1000
    answer = packet(0x40, FIRST_NUMBER.to_bytes(2))
    small = packet(0x30, topic + b"small")
    stream = packet(0x30, topic + large) + small + packet(0x32, topic + b"\x00\x07" + large) + answer + small
    sorter = Sorter(no_properties)
    sorted_ = [sorter.sort(stream[at : at + step]) for at in range(0, len(stream), step)]
    empty = packet(0x30, topic + no_properties), packet(0x32, topic + b"\x00\x07" + no_properties)
    assert b"".join(other for other, _ in sorted_) == empty[0] + small + empty[1] + small
    assert [number for _, numbers in sorted_ for number in numbers] == [FIRST_NUMBER]
    assert max(len(other) for other, _ in sorted_) < 100


def test_the_reasons_of_what_is_refused_are_told() -> None:
    bodies = b"\x80\x01", b"\x80\x02\x00", b"\x80\x03\x10", b"\x80\x04\x87", b"\x80\x05\x97\x00"
    sorter = Sorter()
    assert sorter.sort(b"".join(packet(0x40, body) for body in bodies)) == (b"", list(range(0x8001, 0x8006)))
    assert sorter.refused == {0x8004: 0x87, 0x8005: 0x97}
    sorter.sort(packet(0x40, bodies[0]))
    assert not sorter.refused


def test_what_is_no_packet_is_left_to_paho() -> None:
    other, numbers = Sorter().sort(b"\x40\xff\xff\xff\xff\xff")
    assert (other, numbers) == (b"\x40\xff\xff\xff\xff\xff", [])


class Narrow:
    """A connection that takes a few bytes, and then none until it is told to."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = b""

    def send(self, data: bytes) -> int:
        step = bytes(data[: self.room])
        if not step:
            raise BlockingIOError
        self.room -= len(step)
        self.taken += step
        return len(step)


def test_packets_of_ours_and_of_pahos_are_never_mixed() -> None:
    narrow = Narrow(3)
    shared = SortingSocket(narrow, lambda *_: None)
    shared.write(b"OURS")
    assert shared.clogged
    with pytest.raises(BlockingIOError):
        shared.send(b"paho")
    narrow.room = 3
    assert shared.send(b"paho") == 2
    shared.write(b"MORE")
    narrow.room = 100
    shared.write(b"")
    assert narrow.taken == b"OURSpa", "paho's packet is not whole yet"
    assert shared.send(b"ho") == 2
    shared.write(b"")
    assert narrow.taken == b"OURSpahoMORE"
    assert not shared.clogged
