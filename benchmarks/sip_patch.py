"""What joined legs are measured against: `python -m benchmarks.sip_patch 127.0.0.1:5090`.

A softphone that answers everybody and connects callers two by two inside the conference bridge of one process,
with nothing of ours in between: jitter buffers, codecs and clock alone. Ends with its standard input.
"""

import select
import sys
from typing import Any

from drivers.sip.config import SipConfig
from drivers.sip.endpoint import Endpoint
from drivers.sip.signals import MediaChanged, Offered
from drivers.sip.sip_call import SipCall

_OK = 200


def serve(listen: str) -> None:
    """Until the standard input ends."""
    endpoint = Endpoint(SipConfig("patch", listen=listen, aor=f"sip:8801@{listen}"), 1)
    calls: list[SipCall] = []
    connected: dict[str, Any] = {}
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        endpoint.turn(10)
        while endpoint.inbox:
            match endpoint.inbox.popleft():
                case Offered(call=call):
                    calls.append(call)
                    call.reply(_OK)
                case MediaChanged(leg=leg):
                    connect(leg, calls, connected)
    calls.clear()
    endpoint.stop_clock()
    connected.clear()
    endpoint.close()


def connect(leg: str, calls: list[SipCall], connected: dict[str, Any]) -> None:
    """Connect the call with the one before or after it, once both have audio."""
    index = next(number for number, call in enumerate(calls) if call.leg == leg)
    connected[leg] = calls[index].audio()
    other = connected.get(calls[index ^ 1].leg) if index ^ 1 < len(calls) else None
    if other is not None:
        connected[leg].startTransmit(other)
        other.startTransmit(connected[leg])


if __name__ == "__main__":
    serve(sys.argv[1])
