"""Addresses on this machine, without sending anything."""

import errno
import socket

from gateway.init.forms import WrongAnswer

SIP_PORT = 5060


def split(host: str) -> tuple[str, int]:
    """A checked `host[:port]`."""
    name, _, port = host.partition(":")
    return name, int(port or SIP_PORT)


def address_of(host: str) -> str:
    """The IPv4 address of a checked `host[:port]`. Raises WrongAnswer for a name that is not known here."""
    name, port = split(host)
    try:
        return str(socket.getaddrinfo(name, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0])
    except (OSError, UnicodeError):  # UnicodeError: a label too long for any name
        raise WrongAnswer("wrong_unknown_host", host=name) from None


def is_here(address: str) -> bool:
    """Whether this machine has the IPv4 address; 0.0.0.0 stands for all that it has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError as error:
            return error.errno != errno.EADDRNOTAVAIL
        return True


def own_address(towards: str) -> str:
    """Our IPv4 address in packets to that one: connecting a UDP socket asks the routing table and sends nothing.
    127.0.0.1 where no way leads there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((towards, SIP_PORT))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
