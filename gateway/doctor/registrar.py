"""The PBX that softphones register with: known by its name, and does it answer SIP.

It is asked by REGISTER without Contact, which only fetches what is registered (RFC 3261 §10.2.3) and which every
registrar answers, be it by 401. OPTIONS would do, but some answer it to known peers alone.
"""

import re
import socket
import time
import uuid

from gateway.config import SipLineConfig
from gateway.config.registrar_calls import calls_refused
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene

CHECK = "registrar"
TIMES = (0.5, 1.0, 2.0)
"""Seconds to wait for the answer to each request: RFC 3261's T1, doubled (§17.1.2.2)."""
SIP_PORT = 5060
_NOT_TRIED = "; no password is tried here: a wrong one is the alert registration_failed"
"""Some registrars shut out who logs in wrongly a few times, and the line tries as well."""
_STATUS = re.compile(rb"SIP/2\.0 (?P<code>\d{3}) (?P<phrase>[^\r\n]{0,60})")


def registrars(scene: Scene) -> list[SipLineConfig]:
    """A line for each registrar of the config."""
    lines = {line.registrar: line for line in reversed(scene.sip_lines) if line.registrar is not None}
    return list(reversed(lines.values()))


def check_registrar(line: SipLineConfig) -> list[Finding]:
    """Blocks, at most the sum of TIMES and what the resolver takes."""
    assert line.registrar is not None
    host, port = _place(line.registrar)
    try:
        address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4]
    except OSError as error:
        cure = f"getent hosts {host}; correct registrar or the resolver"
        return [fault(CHECK, line.registrar, f"the name {host} is not known: {error.strerror}", cure)]
    try:
        answer = _ask(line, (str(address[0]), int(address[1])))
    except ConnectionRefusedError:
        cure = f"start the PBX, or correct registrar; on the PBX: sudo ss -lunp 'sport = :{port}'"
        return [fault(CHECK, line.registrar, f"nothing listens on UDP {host}:{port}", cure)]
    except OSError as error:
        cure = f"ip route get {host}; correct registrar"
        return [fault(CHECK, line.registrar, f"{host}:{port} cannot be reached: {error.strerror}", cure)]
    if answer is None:
        cure = f"ping {host}; is a firewall between, or does the PBX ban this machine (fail2ban-client status)?"
        return [fault(CHECK, line.registrar, f"{host}:{port} answers no SIP within {sum(TIMES):.1f} s", cure)]
    refused = calls_refused(line, str(address[0]))
    shut_out = (
        [] if refused is None else [warning(CHECK, line.registrar, refused[0], f"{refused[1]} of {line.id}")]
    )
    not_tried = _NOT_TRIED if answer.startswith(("401", "407")) else ""
    return [ok(CHECK, line.registrar, f"{host}:{port} answers ({answer}){not_tried}"), *shut_out]


def _place(registrar: str) -> tuple[str, int]:
    """Host and port of a checked `sip:host[:port]`."""
    host, _, port = registrar.partition(":")[2].partition(":")
    return host, int(port or SIP_PORT)


def _ask(line: SipLineConfig, address: tuple[str, int]) -> str | None:
    """The registrar's status line; None: it says nothing. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.connect(address)
        here = "{}:{}".format(*wire.getsockname())
        request = _request(line, here)
        for seconds in TIMES:
            wire.send(request)
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                wire.settimeout(left)
                try:
                    found = _STATUS.match(wire.recv(65535))
                except TimeoutError:
                    break
                if found:
                    phrase = found["phrase"].decode(errors="replace")
                    return f"{found['code'].decode()} {phrase}"
    return None


def _request(line: SipLineConfig, here: str) -> bytes:
    call, branch, tag = (uuid.uuid4().hex for _ in range(3))
    lines = (
        f"REGISTER {line.registrar} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{branch}",
        "Max-Forwards: 70",
        f"From: <{line.aor}>;tag={tag}",
        f"To: <{line.aor}>",
        f"Call-ID: {call}",
        "CSeq: 1 REGISTER",
        "User-Agent: sansheng-doctor",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()
