"""From which hosts a call's audio is taken. pjmedia takes RTP from anywhere, and after ten packets from elsewhere
sends its own there: whoever guesses a port would be taken for the customer, and hear what is said to him.

Two hosts may send: the one that the call's SDP names, and the one that signals for it, from which a telephone
behind a router sends whatever its SDP says. The kernel drops what comes from others.
"""

import logging
import socket
from contextlib import closing
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from drivers.sip.socket_filter import attach, own_sockets, passing

_log = logging.getLogger(__name__)

_NOWHERE: Final = IPv4Address("0.0.0.0")


def senders(media: str, signalling: str | None) -> frozenset[str]:
    """The hosts that may send, from the SDP's address and the one that SIP comes from; empty: whoever does.

    A private address that a public host passes on is that of a telephone behind a router, seen through a proxy:
    from where the router sends nobody knows.
    """
    named = _address(media)
    signals = None if signalling is None else _address(signalling)
    if named is None or signals is None or (named.is_private and not signals.is_private):
        return frozenset()
    return frozenset({str(named), str(signals)})


def hear_only(hosts: frozenset[str], rtp_port: int) -> None:
    """Have RTP and RTCP of a call taken from these hosts alone; empty: from whoever sends."""
    networks = [IPv4Network(host) for host in hosts] or [IPv4Network(f"{_NOWHERE}/0")]
    for port in own_sockets((rtp_port, rtp_port + 1), socket.SOCK_DGRAM):
        with closing(port):
            try:
                attach(port, passing(networks))
            except OSError as error:
                _log.warning("RTP is taken from whoever sends it: %s", error.strerror)


def _address(text: str) -> IPv4Address | None:
    try:
        address = IPv4Address(text)
    except ValueError:
        return None
    return None if address == _NOWHERE else address
