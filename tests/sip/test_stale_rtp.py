"""RTP ports that telephones of a dead worker's calls still send to."""

import socket

import pytest

from drivers.sip.config import SipConfig
from drivers.sip.stale_rtp import StaleRtp
from tests.sip.conftest import free_port

pytestmark = pytest.mark.sip


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_a_port_is_shut_while_somebody_sends_to_it(monkeypatch: pytest.MonkeyPatch):
    config = SipConfig("line", f"127.0.0.1:{free_port()}", "sip:8801@127.0.0.1")
    first, second = config.rtp_port, config.rtp_port + 2
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        # In the very time in which the ports are listened to, without a second thread.
        monkeypatch.setattr("time.sleep", lambda seconds: sender.sendto(b"rtp", ("127.0.0.1", second)))
        stale = StaleRtp(config, 0.0)
        assert (is_free(first), is_free(second)) == (True, False)
        sender.sendto(b"rtp", ("127.0.0.1", second))
        stale.turn(4.0)
        stale.turn(8.0)
        assert not is_free(second)
        stale.turn(9.5)
        assert is_free(second)
        stale.close()
