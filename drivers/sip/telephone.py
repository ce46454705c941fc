"""A telephone to try a desk with: `python -m drivers.sip.telephone 127.0.0.1:5080 --say hello.wav`.

A softphone process of its own that is called: it registers nowhere, answers OPTIONS, rings, is picked up, waits
its turn, speaks, listens and hangs up, one call after another until it is told to end (SIGTERM). It prints what
happens as JSON lines: `{"t": seconds since the start, "event": …}` with ready, rung, answered, prompt_started,
prompt_ended, speaking, spoken, hanging_up, and `ended` with `by` (telephone or line) and `status`.
"""

import argparse
import sys
import time

from drivers.sip.config import SipConfig
from drivers.sip.endpoint import Endpoint
from drivers.sip.media import LegAudio
from drivers.sip.scripted import TURN, ScriptedCall, Talk, Teller, add_talk, on_softphone, talk_of
from drivers.sip.signals import Offered
from drivers.sip.sip_call import SipCall

_OK = 200


class Telephone:
    """On its cradle, or with one call. Another caller meanwhile is told by pjsip that it is busy."""

    def __init__(self, endpoint: Endpoint, audio: LegAudio, talk: Talk, answer_after: float | None) -> None:
        """`answer_after`: seconds of ringing; None: nobody is there."""
        self._endpoint = endpoint
        self._audio = audio
        self._talk = talk
        self._answer_after = answer_after
        self._tell = Teller()
        self._call: SipCall | None = None
        self._gone: list[SipCall] = []
        """Calls that have ended, until their slot is free: dropping one hangs up whoever has its slot by then."""
        self._scripted: ScriptedCall | None = None
        self._picked_up = False

    def run(self) -> None:
        """Serve for ever. Raises pj.Error, WavError or OSError."""
        self._tell("ready")
        while True:
            self._endpoint.turn(TURN)
            now = time.monotonic()
            while self._endpoint.inbox:
                signal = self._endpoint.inbox.popleft()
                if isinstance(signal, Offered):
                    self._rings(signal.call)
                elif self._scripted is not None:
                    self._scripted.take(signal, now)
            self._goes_on(now)
            self._gone = [call for call in self._gone if call.isActive()]

    def _rings(self, call: SipCall) -> None:
        self._put_down()
        self._call, self._picked_up = call, False
        self._scripted = ScriptedCall(self._talk, "telephone", call, self._audio, self._tell)
        self._tell("rung")

    def _put_down(self) -> None:
        """The call is over, if there was one."""
        if self._call is not None and self._scripted is not None:
            self._scripted.close()
            self._gone.append(self._call)
        self._call = self._scripted = None

    def _goes_on(self, now: float) -> None:
        scripted, after = self._scripted, self._answer_after
        if self._call is None or scripted is None:
            return
        if scripted.over:
            self._put_down()
            return
        if not self._picked_up and after is not None and now - scripted.began >= after:
            self._picked_up = True
            self._call.reply(_OK)
        scripted.turn(now)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m drivers.sip.telephone", description="A scripted SIP telephone that is called."
    )
    parser.add_argument("listen", help="IPv4 address:port where it is called, 127.0.0.1:5080")
    parser.add_argument("--user", default="801", help="its extension's number")
    parser.add_argument("--answer-after", type=float, help="pick up after so long; left out: never")
    add_talk(parser)
    return parser


def main(arguments: list[str]) -> int:
    """1 when it cannot serve (any longer); else it ends by a signal."""
    options = _parser().parse_args(arguments)

    def config() -> SipConfig:
        return SipConfig("telephone", listen=options.listen, aor=f"sip:{options.user}@{options.listen}", calls=1)

    talk, after = talk_of(options), options.answer_after
    return on_softphone(config, lambda endpoint, audio: Telephone(endpoint, audio, talk, after).run())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
