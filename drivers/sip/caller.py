"""A caller to try a SIP line with: `python -m drivers.sip.caller sip:8801@127.0.0.1:5062 --say hello.wav`.

A softphone process of its own that calls, waits its turn, speaks, listens and hangs up, and prints what happens as
JSON lines: `{"t": seconds since the start, "event": …}` with calling, ringing, answered, prompt_started,
prompt_ended, speaking, spoken, giving_up, hanging_up, and at last `ended` with `by` (caller or line) and `status`.
"""

import argparse
import json
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pjsua2 as pj

from drivers.hearing.wav import WavError, WavWriter, read_wav
from drivers.sip.config import SipConfig, SipConfigError
from drivers.sip.endpoint import Endpoint, EndpointError
from drivers.sip.media import LegAudio
from drivers.sip.mouth import Mouth
from drivers.sip.playout import FRAME, Began, Ended, Playout
from drivers.sip.prompt_watch import PromptWatch
from drivers.sip.signals import CallPhase, MediaChanged, PhaseChanged
from drivers.sip.sip_call import SipCall

_TURN = 10
_BUSY_HERE = 486


@dataclass(frozen=True, slots=True)
class Script:
    """What the caller does. Times in seconds; None: never."""

    target: str
    say: Path | None
    delay: float | None
    """Speak so long after the answer; None: once the first prompt has ended."""
    give_up: float | None
    hang_up: float | None
    """After the answer."""
    hang_up_after_prompt: float | None
    """After the last prompt, or after what was to be said, whichever ended later."""
    record: Path | None
    limit: float


class ScriptedCall:
    """One call from makeCall to its end."""

    def __init__(self, script: Script, endpoint: Endpoint, audio: LegAudio) -> None:
        self._script = script
        self._endpoint = endpoint
        self._audio = audio
        self._playout = Playout()
        self._frames = audio.begin(Mouth(self._playout))
        self._watch = PromptWatch()
        self._recording = None if script.record is None else WavWriter(script.record)
        self._words = None if script.say is None else read_wav(script.say)
        self._spoken = script.say is None
        self._spoken_at = 0.0
        self._started = time.monotonic()
        self._answered: float | None = None
        self._leaving = False
        self._over = False

    def run(self) -> None:
        """Place the call and see it through."""
        call = SipCall(self._endpoint.account, pj.PJSUA_INVALID_ID, "1", self._endpoint.inbox)
        call.makeCall(self._script.target, pj.CallOpParam(True))
        self._tell("calling", target=self._script.target)
        while not self._over:
            self._endpoint.turn(_TURN)
            now = time.monotonic()
            while self._endpoint.inbox:
                self._take(self._endpoint.inbox.popleft(), call, now)
            self._hear(now)
            self._speak(now)
            self._leave_if_due(call, now)
        self._audio.end()
        if self._recording is not None:
            self._recording.close()

    def _take(self, signal: object, call: SipCall, now: float) -> None:
        match signal:
            case PhaseChanged(phase=CallPhase.DISCONNECTED, code=code):
                self._over = True
                self._tell("ended", by="caller" if self._leaving else "line", status=code)
            case PhaseChanged(phase=CallPhase.CONFIRMED):
                self._answered = now
                self._tell("answered")
            case PhaseChanged(code=180):
                self._tell("ringing")
            case MediaChanged():
                media = call.audio()
                if media is not None:
                    self._audio.connect(media)

    def _hear(self, now: float) -> None:
        while self._frames:
            received, _ = self._frames.popleft()
            samples = np.frombuffer(received, dtype="<i2") if received else np.zeros(FRAME, np.int16)
            if self._recording is not None:
                self._recording.write(samples)
            event = self._watch.hear(samples, now)
            if event is not None:
                self._tell(event, prompt=self._watch.prompts)

    def _speak(self, now: float) -> None:
        for news in self._playout.news():
            match news:
                case Began():
                    self._tell("speaking")
                case Ended():
                    self._spoken, self._spoken_at = True, now
                    self._tell("spoken")
        if self._words is not None and self._answered is not None and self._my_turn(now, self._answered):
            self._playout.start(1, self._words)
            self._words = None

    def _my_turn(self, now: float, answered: float) -> bool:
        if self._script.delay is not None:
            return now - answered >= self._script.delay
        return self._watch.prompts > 0 and not self._watch.speaking

    def _leave_if_due(self, call: SipCall, now: float) -> None:
        if self._leaving or self._over:
            return
        reason = self._reason_to_leave(now)
        if reason is not None:
            self._leaving = True
            self._tell(reason)
            call.end(_BUSY_HERE)

    def _reason_to_leave(self, now: float) -> str | None:
        script, answered = self._script, self._answered
        if now - self._started >= script.limit:
            return "hanging_up"
        if answered is None:
            return "giving_up" if script.give_up is not None and now - self._started >= script.give_up else None
        if script.hang_up is not None and now - answered >= script.hang_up:
            return "hanging_up"
        after, watch = script.hang_up_after_prompt, self._watch
        done = self._spoken and watch.prompts > 0 and not watch.speaking
        quiet_since = max(watch.quiet_since, self._spoken_at)
        return "hanging_up" if after is not None and done and now - quiet_since >= after else None

    def _tell(self, event: str, **more: object) -> None:
        line = {"t": round(time.monotonic() - self._started, 3), "event": event, **more}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


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
    parser.add_argument("--say", type=Path, help="8000 Hz mono 16-bit WAV to play")
    parser.add_argument("--delay", type=float, help="play it so long after the answer, not after the first prompt")
    parser.add_argument("--give-up", type=float, help="ring off (CANCEL) after so long")
    parser.add_argument("--hang-up", type=float, help="hang up so long after the answer")
    parser.add_argument("--hang-up-after-prompt", type=float, help="hang up so long after the last prompt")
    parser.add_argument("--record", type=Path, help="WAV to write what is heard to")
    parser.add_argument("--limit", type=float, default=300.0, help="hang up after so long in any case")
    return parser


def main(arguments: list[str]) -> int:
    """0 when the call has ended, however; 1 when it could not be placed."""
    options = _parser().parse_args(arguments)
    names = ("target", "say", "delay", "give_up", "hang_up", "hang_up_after_prompt", "record", "limit")
    script = Script(**{name: getattr(options, name) for name in names})
    try:
        listen = free_address(options.host)
        config = SipConfig("caller", listen=listen, aor=f"sip:{options.user}@{options.host}", calls=1, allow=())
        endpoint = Endpoint(config, 1)
    except (SipConfigError, EndpointError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    ports = endpoint.make_audio()
    try:
        ScriptedCall(script, endpoint, ports[0]).run()
    except (pj.Error, WavError, OSError) as error:
        sys.stderr.write(f"{error.reason if isinstance(error, pj.Error) else error}\n")
        return 1
    finally:
        endpoint.inbox.clear()
        endpoint.stop_clock()
        ports.clear()
        endpoint.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
