"""What pjsip keeps of a message that has come, read from its memory: pjsua2 shows it only to some callbacks."""

import ctypes
from socket import AF_INET
from typing import Final

_PACKET: Final = 4000
"""PJSIP_MAX_PKT_LEN of the wheel."""
_NAME: Final = 46
"""PJ_INET6_ADDRSTRLEN."""


class _Received(ctypes.Structure):
    """pjsip_rx_data (sip_transport.h of 2.15), as far as the message as it was read."""

    _fields_ = (
        ("transport_info", ctypes.c_void_p * 38),
        ("timestamp", ctypes.c_long * 2),
        ("packet", ctypes.c_char * _PACKET),
        ("zero", ctypes.c_uint32),
        ("length", ctypes.c_ssize_t),
        ("family", ctypes.c_uint16),
        ("source", ctypes.c_uint8 * 26),
        ("source_length", ctypes.c_int),
        ("source_name", ctypes.c_char * _NAME),
        ("source_port", ctypes.c_int),
        ("message", ctypes.c_void_p),
        ("message_length", ctypes.c_int),
        ("parsed", ctypes.c_void_p),
    )


class NotReadable(Exception):
    """The memory is not laid out as expected: another pjsip."""


def source_of(rdata: int) -> str:
    """The IPv4 address from which it came. Raises NotReadable."""
    received = _Received.from_address(rdata)
    name: bytes = received.source_name
    if received.family != AF_INET or name.decode("ascii", "replace") != ".".join(map(str, received.source[2:6])):
        raise NotReadable
    return name.decode("ascii")


def source_of_packet(packet: int) -> str:
    """The same for where the packet lies, which is all that is told of one that is no SIP. Raises NotReadable."""
    return source_of(packet - _Received.packet.offset)


def text_of(rdata: int) -> bytes:
    """The message as it came over the wire. Raises NotReadable."""
    received = _Received.from_address(rdata)
    first = rdata + _Received.packet.offset
    inside = received.message is not None and first <= received.message < first + _PACKET
    if not inside or not 0 <= received.message_length <= first + _PACKET - received.message:
        raise NotReadable
    return ctypes.string_at(received.message, received.message_length)


def message_of(rdata: int) -> int:
    """Where what pjsip has read (pjsip_msg) lies."""
    return _Received.from_address(rdata).parsed or 0
