"""Packets that clients of our own broker send: lengths, CONNECT, and all that follows it."""

import contextlib

from gateway.feed.own_broker.connect_packet import WrongVersion, read_connect, write_connect
from gateway.feed.own_broker.fields import Malformed
from gateway.feed.own_broker.screen import LIMITS, PUBLISH, Screen, publish_packet
from gateway.feed.packets import LONGEST_LENGTH, NoLength, length_at, length_bytes
from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    _lengths(data)
    _connect(data[1:])
    screen = Screen(lambda topic: topic.startswith("sansheng/"))
    at = 0
    while at < len(data):
        try:
            found = length_at(data, at + 1)
        except NoLength:
            return
        if found is None:
            return
        used, length = found
        rest = data[at + 1 + used : at + 1 + used + length]
        first, at = data[at], at + 1 + used + length
        if len(rest) < length or length > LIMITS.get(first >> 4, -1):
            return
        try:
            taken = screen.look(first, rest)
        except Malformed:
            return
        _check_onward(taken.onward, taken.answer, taken.count)


def _check_onward(onward: bytes, answer: bytes, count: int) -> None:
    assert count > 0
    assert len(answer) <= 4
    if not onward:
        return
    found = length_at(onward, 1)
    assert found is not None
    used, length = found
    assert len(onward) == 1 + used + length, "the broker reads one whole packet"
    if onward[0] >> 4 == PUBLISH:
        size = int.from_bytes(onward[1 + used : 3 + used])
        topic = onward[3 + used : 3 + used + size].decode()
        assert topic.startswith("sansheng/"), "what he may not send has passed"
        payload = onward[3 + used + size :]
        assert publish_packet(topic, payload, retained=bool(onward[0] & 1)) == onward


def _lengths(data: bytes) -> None:
    with contextlib.suppress(NoLength):
        found = length_at(data, 0)
        if found is not None:
            used, length = found
            assert 0 < used <= LONGEST_LENGTH
            assert length_at(length_bytes(length), 0) == (len(length_bytes(length)), length)
            assert all(length_at(data[:less], 0) is None for less in range(used)), "it was known too soon"


def _connect(data: bytes) -> None:
    try:
        connect = read_connect(data)
    except WrongVersion as wrong:
        str(wrong)
        return
    except Malformed:
        return
    written = write_connect(connect.client_id, "reader", connect.will)
    found = length_at(written, 1)
    assert found is not None
    again = read_connect(written[1 + found[0] :])
    assert (again.client_id, again.will, again.username) == (connect.client_id, connect.will, "reader")


def _text(text: bytes) -> bytes:
    return len(text).to_bytes(2) + text


def _packet(first: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes([first]) + length_bytes(len(body)) + body


CONNECT = (
    _text(b"MQTT")
    + bytes((4, 0xEE, 0, 60))
    + _text(b"me")
    + _text(b"sansheng/will")
    + _text(b"x")
    + _text(b"u")
    + _text(b"p")
)
TARGET = Target(
    "broker",
    "packets of our own broker's clients",
    attempt,
    [
        _packet(0x10, CONNECT)[1:],
        b"\x10" + CONNECT,
        b"\x10" + _text(b"MQIsdp") + bytes((3, 2, 0, 60)) + _text(b"me"),
        _packet(0x32, _text(b"sansheng/jinan/command"), b"\0\1", b'{"id":1}') + _packet(0x62, b"\0\1"),
        _packet(0x34, _text(b"sansheng/x"), b"\0\2", b"x") * 2 + _packet(0xC0),
        _packet(0x82, b"\0\3", _text(b"sansheng/#"), b"\1", _text(b"$SYS/#"), b"\0") + _packet(0xE0),
        _packet(0xA2, b"\0\4", _text(b"sansheng/+/x")),
        publish_packet("sansheng/x", bytes(200), retained=True),
    ],
    (
        b"\0\4MQTT",
        b"\x82",
        b"\x32",
        b"\x34",
        b"\0\0",
        b"\xff\xff",
        b"\x80\x01",
        b"sansheng/",
        b"#",
        b"+",
        b"\xc0\0",
        b"\xe0\0",
    ),
    longest=2048,
)
