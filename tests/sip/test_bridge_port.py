"""Ports on the real conference bridge: what one says the other hears, and who has nothing to say is not asked."""

import ctypes
import subprocess
import sys

import pytest

from drivers.sip.bridge_port import BridgeError, _library, _Port, _prove

pytestmark = pytest.mark.sip

TALK = """
import time
from drivers.sip.bridge_port import BridgePort, connect
from drivers.sip.caller import free_address
from drivers.sip.clock_thread import ClockThread
from drivers.sip.config import SipConfig
from drivers.sip.endpoint import Endpoint

address = free_address("127.0.0.1")
endpoint = Endpoint(SipConfig("bench", listen=address, aor=f"sip:8801@{address}"), 1)
thread = ClockThread()
here, there = BridgePort(thread), BridgePort(thread)
connect(here.slot, there.slot)
"""
"""Two ports, in a process of their own: pjsua2 is loaded once and for good."""
END = """
endpoint.stop_clock()
thread.ended()
endpoint.close()
"""
WAIT = """
def wait_for(what):
    limit = time.monotonic() + 10
    while not what():
        assert time.monotonic() < limit, "nothing in 10 s"
        endpoint.turn(5)
"""


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", TALK + WAIT + script + END], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_what_one_says_the_other_hears_sample_by_sample() -> None:
    said = """
heard, numbers = [], iter(range(1, 101))
there.hear(heard.append)
here.say(lambda: next(numbers, 0).to_bytes(2, "little") * 160)
wait_for(lambda: any(frame[:1] == bytes([100]) for frame in heard))
first = next(at for at, frame in enumerate(heard) if frame[:1] == bytes([1]))
assert heard[first : first + 100] == [n.to_bytes(2, "little") * 160 for n in range(1, 101)], heard
"""
    assert run(said) == ""


def test_who_says_nothing_is_heard_as_silence_and_not_asked_any_more() -> None:
    said = """
asked, heard = [], []
there.hear(heard.append)
here.say(lambda: asked.append(1))
wait_for(lambda: len(asked) > 3 and len(heard) > 3)
here.say(None)
endpoint.turn(50)
before, listened = len(asked), len(heard)
wait_for(lambda: len(heard) > listened + 10)
assert len(asked) == before
assert not any(b"".join(heard))
there.hear(None)
endpoint.turn(50)
before = len(heard)
here.say(lambda: asked.append(1))
listened = len(asked)
wait_for(lambda: len(asked) > listened + 10)
assert len(heard) == before
"""
    assert run(said) == ""


def test_what_fails_in_python_is_logged_and_the_bridge_goes_on() -> None:
    said = """
heard = []
def fail():
    raise RuntimeError("on purpose")
there.hear(heard.append)
here.say(fail)
wait_for(lambda: len(heard) > 5)
"""
    assert "RuntimeError: on purpose" in run(said)


def test_a_library_built_otherwise_is_found_out_before_it_runs() -> None:
    with pytest.raises(BridgeError, match="another than the one known"):
        _prove(_library(), _Port())


def test_a_library_that_calls_something_else_is_found_out() -> None:
    class Deaf:
        pjmedia_port_get_frame = pjmedia_port_put_frame = staticmethod(lambda port, frame: 0)

    port = _Port(get_frame=1, put_frame=1)
    with pytest.raises(BridgeError, match="another than the one known"):
        _prove(Deaf, port)
    assert ctypes.sizeof(_Port) == 120
