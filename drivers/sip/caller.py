"""A caller to try a SIP line with: `python -m drivers.sip.caller sip:8801@127.0.0.1:5062 --say hello.wav`.

A softphone process of its own that calls, waits its turn, speaks, listens and hangs up, and prints what happens as
JSON lines: `{"t": seconds since the start, "event": …}` with calling, ringing, answered, prompt_started,
prompt_ended, speaking, spoken, giving_up, hanging_up, and at last `ended` with `by` (caller or line) and `status`.
"""

import argparse
import socket
import sys
import time

import pjsua2 as pj

from drivers.sip.config import SipConfig
from drivers.sip.endpoint import Endpoint
from drivers.sip.identity import host_of
from drivers.sip.media import LegAudio
from drivers.sip.scripted import TURN, ScriptedCall, Talk, Teller, add_talk, on_softphone, talk_of
from drivers.sip.signals import PhaseChanged
from drivers.sip.sip_call import SipCall

_RINGING = 180


def call(endpoint: Endpoint, audio: LegAudio, target: str, talk: Talk, give_up: float | None) -> None:
    """Place the call and see it through; ring off (CANCEL) after `give_up` seconds without an answer. Raises
    pj.Error, WavError or OSError."""
    endpoint.befriend(target)
    leg = SipCall(endpoint.account, pj.PJSUA_INVALID_ID, "1", endpoint.inbox, host_of(target))
    tell = Teller()
    scripted = ScriptedCall(talk, "caller", leg, audio, tell)
    leg.makeCall(target, pj.CallOpParam(True))
    tell("calling", target=target)
    while not scripted.over:
        endpoint.turn(TURN)
        now = time.monotonic()
        while endpoint.inbox:
            signal = endpoint.inbox.popleft()
            if isinstance(signal, PhaseChanged) and signal.code == _RINGING:
                tell("ringing")
            scripted.take(signal, now)
        if scripted.answered is None and give_up is not None and now - scripted.began >= give_up:
            scripted.leave("giving_up")
        scripted.turn(now)
    scripted.close()


def free_address(host: str) -> str:
    """`host` with a UDP port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return f"{host}:{probe.getsockname()[1]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m drivers.sip.caller", description="A scripted SIP caller.")
    parser.add_argument("target", help="whom to call, sip:8801@127.0.0.1:5062")
    parser.add_argument("--from", dest="user", default="13800138000", help="calling number, or anonymous")
    parser.add_argument("--host", default="127.0.0.1", help="address to call from")
    parser.add_argument("--give-up", type=float, help="ring off (CANCEL) after so long")
    add_talk(parser)
    return parser


def main(arguments: list[str]) -> int:
    """0 when the call has ended, however; 1 when it could not be placed."""
    options = _parser().parse_args(arguments)

    def config() -> SipConfig:
        aor = f"sip:{options.user}@{options.host}"
        return SipConfig("caller", listen=free_address(options.host), aor=aor, calls=1, allow=())

    talk, give_up = talk_of(options), options.give_up
    return on_softphone(config, lambda endpoint, audio: call(endpoint, audio, options.target, talk, give_up))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
