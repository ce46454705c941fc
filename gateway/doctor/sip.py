"""Softphones: their SIP and RTP ports."""

import errno
from collections import defaultdict
from collections.abc import Iterator

from drivers.sip.config import RTP_PORTS, SipConfig
from gateway.config import SipLineConfig
from gateway.config.expand import expand_line
from gateway.config.forms import split_host_port
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.doctor.sockets import Taken, taken

PORT = "SIP port"
AUDIO = "RTP ports"
_A_CALL = 2
"""UDP ports of a call: RTP and RTCP."""


def check_sip_ports(scene: Scene) -> list[Finding]:
    """Each softphone's ports, UDP and TCP, are free or its own; and those its calls' audio takes."""
    tables = [list(expand_line(line)) for line in scene.sip_lines]
    findings: list[Finding] = []
    for lines in tables:
        singles = [line for line in lines if isinstance(line, SipLineConfig)]
        findings += _listening(scene, singles)
        for line in singles:
            findings += _audio(scene, line)
    return [*findings, *_shared([line for lines in tables for line in lines if isinstance(line, SipLineConfig)])]


def _listening(scene: Scene, lines: list[SipLineConfig]) -> Iterator[Finding]:
    """A fault for each line of one table that cannot bind; one word for all the others."""
    good: list[str] = []
    for line in lines:
        host, port = split_host_port(line.listen)
        found = [reason for kind in ("udp", "tcp") if (reason := taken(scene, kind, host, port))]
        others = [reason for reason in found if not reason.ours]
        if others:
            yield fault(PORT, line.id, f"listen = {line.listen!r}: {others[0].reason}", _cure(others[0]))
        else:
            good.append(line.listen)
    if good:
        where = good[0] if len(good) == 1 else f"{len(good)} from {good[0]} to {good[-1]}"
        state = "held by the running gateway, or free" if scene.gateway is not None else "free, UDP and TCP"
        yield ok(PORT, lines[0].id if len(lines) == 1 else f"{lines[0].id} to {lines[-1].id}", f"{where}: {state}")


def _cure(reason: Taken) -> str:
    if reason.number == errno.EADDRNOTAVAIL:
        return "this machine has no such address: ip -brief address; correct listen, or 0.0.0.0 for all"
    if reason.number == errno.EACCES:
        return "ports below 1024 are root's: a listen above 1023"
    end = f"end it: sudo kill {reason.holders[0].pid}" if reason.holders else "see who has it: sudo ss -lunpt"
    return f"{end}; or another port in listen (a PBX on this machine has 5060)"


def _audio(scene: Scene, line: SipLineConfig) -> Iterator[Finding]:
    if scene.gateway is not None:
        return  # its calls have some of them: that tells nothing
    host, _ = split_host_port(line.listen)
    ports = _rtp_ports(line)
    reasons = [reason for port in ports if (reason := taken(scene, "udp", host, port))]
    busy = [reason for reason in reasons if reason.number == errno.EADDRINUSE]
    needed = _A_CALL * line.calls
    if RTP_PORTS - len(busy) < needed:
        found = f"{len(busy)} of UDP {ports[0]} to {ports[-1]} are taken, {needed} are needed: {busy[0].reason}"
        cure = "another port in listen: RTP's are 16384 + 16 × (listen's port mod 1000)"
        yield fault(AUDIO, line.id, found, cure)


def _shared(lines: list[SipLineConfig]) -> Iterator[Finding]:
    """Lines whose ports are a multiple of 1000 apart have the same audio ports."""
    owners: defaultdict[int, list[SipLineConfig]] = defaultdict(list)
    for line in lines:
        owners[_rtp_ports(line)[0]].append(line)
    for port, sharing in owners.items():
        if sum(_A_CALL * line.calls for line in sharing) > RTP_PORTS:
            names = ", ".join(line.id for line in sharing)
            found = f"have the same {RTP_PORTS} ports from {port} for all their calls"
            yield warning(AUDIO, names, found, "ports in listen that are no multiple of 1000 apart")


def _rtp_ports(line: SipLineConfig) -> range:
    first = SipConfig(line.id, line.listen, line.aor).rtp_port
    return range(first, first + RTP_PORTS)
