"""`sansheng try`: a test call to a SIP line from this machine, by a softphone in a process of its own."""

import ipaddress
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from gateway.cli.exits import FAULT, GOOD, complain
from gateway.config import SipLineConfig, expand_lines, load_config
from gateway.config.forms import split_host_port
from gateway.init.words import Words, language_of

HERE = "127.0.0.1"
LIMIT = 60.0
"""Seconds for the whole call: three rings and the longest greeting take thirty."""
REFUSAL = 0.2
"""Seconds for the kernel to tell that nobody listens on a port of its own: microseconds."""
QUIET = 1.0
"""Seconds after the greeting until we hang up."""
_NO_ANSWER = (408, 503)
"""What a softphone tells itself when nobody answers its INVITE, or nothing listens there (RFC 3261 §8.1.3.1)."""


@dataclass
class _Heard:
    """What the call has brought so far."""

    answered: float | None = None
    spoken: bool = False
    status: int | None = None
    events: list[str] = field(default_factory=list)


def try_line(config: Path, line: str | None, *, as_json: bool = False) -> int:
    """Call `line`, or the first SIP line, and tell what happens. Gives 0 where it answered and spoke, else 1.
    Raises ConfigErrors."""
    words = Words(language_of(os.environ))
    lines = [one for one in expand_lines(load_config(config)) if isinstance(one, SipLineConfig)]
    if not lines:
        return complain(words("try_no_sip", config=config), FAULT)
    chosen = next((one for one in lines if line in (None, one.id)), None)
    if chosen is None:
        allowed = ", ".join(one.id for one in lines)
        return complain(words("try_no_line", config=config, allowed=allowed), FAULT)
    if not any(ipaddress.IPv4Address(HERE) in ipaddress.IPv4Network(network) for network in chosen.allow):
        return complain(words("try_forbidden", config=config, line=chosen.id), FAULT)
    host, port = split_host_port(chosen.listen)
    host = HERE if host == "0.0.0.0" else host
    user = chosen.aor.partition(":")[2].partition("@")[0]
    target = f"sip:{user}@{host}:{port}"
    if not _is_there(host, port):
        return complain(words("try_nobody", target=target, config=config), FAULT)
    if not as_json:
        print(words("try_calling", line=chosen.id, target=target), flush=True)
    return _judged(words, config, chosen.id, target, _call(words, target, as_json=as_json), as_json=as_json)


def _is_there(host: str, port: int) -> bool:
    """Whether a program listens: an empty line, which keeps connections alive (RFC 5626 §3.5.1), is refused by a
    machine of which none does. In doubt it is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(REFUSAL)
        try:
            probe.connect((host, port))
            probe.send(b"\r\n\r\n")
            probe.recv(1)
        except ConnectionRefusedError:
            return False
        except OSError:
            return True
    return True


def _call(words: Words, target: str, *, as_json: bool) -> _Heard:
    command = (sys.executable, "-m", "drivers.sip.caller", target, "--host", HERE)
    talk = ("--hang-up-after-prompt", str(QUIET), "--limit", str(LIMIT))
    heard = _Heard()
    with subprocess.Popen(
        (*command, *talk), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as caller:
        assert caller.stdout is not None
        for line in caller.stdout:
            if as_json:
                print(line, end="", flush=True)
            told = json.loads(line)
            _take(heard, told)
            key = f"try_{told['event']}"
            if not as_json and told["event"] != "calling":
                print(f"  {told['t']:5.1f} s  {words(key)}", flush=True)
    return heard


def _take(heard: _Heard, told: dict[str, object]) -> None:
    match told:
        case {"event": "answered", "t": float(when) | int(when)}:
            heard.answered = when
        case {"event": "prompt_ended"}:
            heard.spoken = True
        case {"event": "ended", "status": int(status)}:
            heard.status = status


def _judged(words: Words, config: Path, line: str, target: str, heard: _Heard, *, as_json: bool) -> int:
    if heard.answered is not None and heard.spoken:
        if not as_json:
            print(words("try_good", seconds=heard.answered))
        return GOOD
    if heard.answered is not None:
        told = words("try_silent", seconds=LIMIT)
    elif heard.status is None or heard.status in _NO_ANSWER:
        told = words("try_nobody", target=target, config=config)
    else:
        told = words("try_refused", line=line, status=heard.status)
    return complain(told, FAULT)
