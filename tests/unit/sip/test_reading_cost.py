"""What a stranger writes into a packet costs no more to read than any other packet of its length: the thread that
reads it carries every call of the line."""

import time
from collections.abc import Callable

import pytest

from drivers.sip.challenges import weaker
from drivers.sip.digest import CallerSecret, Digest
from drivers.sip.identity import called_number_of, caller_id_of
from drivers.sip.in_call_request import answer_to
from drivers.sip.info_digit import info_digit

pytestmark = pytest.mark.unit

LENGTH = 3600
"""Near the most that is read of a message."""
TIMES = 25
"""Of an ordinary packet's cost; those of a quadratic reading are hundreds."""
DIGEST = Digest((CallerSecret("801", "hotline", "SHA-256", "0" * 64),), b"k" * 32)


def filled(unit: str) -> str:
    return (unit * LENGTH)[:LENGTH]


def caller(unit: str) -> object:
    return caller_id_of(f"INVITE sip:1@x SIP/2.0\r\nFrom: x{filled(unit)}\r\n\r\n")


def called(unit: str) -> object:
    return called_number_of(f"INVITE x SIP/2.0\r\nTo: x{filled(unit)}\r\n\r\n")


def key(unit: str) -> object:
    return info_digit(f"INFO sip:1@x SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\n{filled(unit)}x")


def info(unit: str) -> object:
    return answer_to("INFO", f"INFO sip:1@x SIP/2.0\r\n{filled(unit)}\r\n\r\n")


def password(unit: str) -> object:
    lines = 2 * f"Authorization: Digest {filled(unit)[: LENGTH // 2]}\r\n"
    return DIGEST.check(f"INVITE sip:1@x SIP/2.0\r\n{lines}\r\n".encode(), "INVITE", "192.0.2.1", 1.0)


def challenged(unit: str) -> object:
    return weaker([f"WWW-Authenticate: Digest {filled(unit)}"] * 2)


UNITS = (
    "\n",
    "\r\n",
    " ",
    '"',
    '\\"',
    '"\\',
    "a",
    'a="',
    'realm="\\"',
    "c\n",
    "sip:",
    "=",
    "5\n",
    "Signal",
    "\t;",
)


def cost(read: Callable[[str], object], unit: str) -> float:
    """Seconds of computing; the least of three, as other programs run beside."""
    found = []
    for _ in range(3):
        begun = time.thread_time()
        read(unit)
        found.append(time.thread_time() - begun)
    return min(found)


@pytest.mark.parametrize("read", [caller, called, key, info, password, challenged])
def test_no_packet_takes_long_to_read(read: Callable[[str], object]):
    ordinary = max(cost(read, "x, y"), 0.000_1)
    dear = {unit: taken for unit in UNITS if (taken := cost(read, unit)) > TIMES * ordinary}
    assert not dear
