"""What wakes the owner thread before its time: SIP over UDP and the gateway's orders."""

import socket
import time
from collections.abc import Iterator

import pytest

from drivers.sip.waking import Waking

pytestmark = pytest.mark.unit

LONG = 20_000
"""Milliseconds, far more than a test may take."""


@pytest.fixture
def sip() -> Iterator[socket.socket]:
    """A socket bound as pjsip's is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


@pytest.fixture
def waking(sip: socket.socket) -> Iterator[Waking]:
    waking = Waking()
    waking.open(sip.getsockname()[1])
    yield waking
    waking.close()


def test_a_datagram_for_sip_wakes(waking: Waking, sip: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"OPTIONS", sip.getsockname())
        began = time.monotonic()
        waking.wait(LONG)
        assert time.monotonic() - began < LONG / 2000


def test_an_order_wakes_until_it_is_no_longer_watched(waking: Waking) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        waking.watch(theirs.fileno())
        ours.send(b"order")
        began = time.monotonic()
        waking.wait(LONG)
        assert time.monotonic() - began < LONG / 2000
        waking.forget(theirs.fileno())
        began = time.monotonic()
        waking.wait(30)
        assert time.monotonic() - began >= 0.02
