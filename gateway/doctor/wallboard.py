"""Whether the wallboard could be opened, and by whom: its port, its certificate."""

import errno
import ipaddress
import time
from collections.abc import Iterator
from pathlib import Path

from gateway.config.certificates import CertificateWrong
from gateway.config.places import page
from gateway.doctor.certificate_end import end_of
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.doctor.sockets import taken
from gateway.wallboard.settings import Settings, settings_of
from gateway.wallboard.tls import Certificate

CHECK = "wallboard"
CERTIFICATE = "wallboard certificate"
DAY = 86_400.0
SOON = 14.0
"""Days before its end by which a certificate should have been renewed: certbot does so 30 days before."""


def check_wallboard(scene: Scene) -> list[Finding]:
    """Looks at `[wallboard]`; nothing where it listens nowhere."""
    settings = settings_of(scene.config) if scene.config is not None else None
    if settings is None:
        return []
    return [*_address(scene, settings), *_certificate(settings)]


def _address(scene: Scene, settings: Settings) -> Iterator[Finding]:
    where = f"{settings.host}:{settings.port}"
    found = taken(scene, "tcp", settings.host, settings.port)
    if found is not None and not found.ours:
        told = f"no wallboard, calls go on: {found.reason}"
        if found.number == errno.EADDRNOTAVAIL:
            cure = f"{settings.host} is not this machine's: ip -brief address; correct [wallboard] listen"
        elif found.number == errno.EACCES:
            cure = (
                f"ports below 1024 are root's: another one, and a reverse proxy before it: {page('wallboard.md')}"
            )
        else:
            cure = "end that program, or choose another port: [wallboard] listen"
        yield fault(CHECK, where, told, cure)
    elif settings.certificate_file is None and not ipaddress.IPv4Address(settings.host).is_loopback:
        cure = (
            f"[wallboard] certificate_file and key_file, or 127.0.0.1 and a reverse proxy: {page('wallboard.md')}"
        )
        yield warning(CHECK, where, "passwords cross the network in clear: it is HTTP", cure)
    else:
        yield ok(CHECK, where, "free for the wallboard" if found is None else "the running gateway's wallboard")


def _certificate(settings: Settings) -> Iterator[Finding]:
    if settings.certificate_file is None:
        return
    try:
        Certificate.of(settings)
        left = (end_of(Path(settings.certificate_file).read_bytes()) - time.time()) / DAY
    except (CertificateWrong, OSError, ValueError) as wrong:
        yield fault(CERTIFICATE, settings.certificate_file, str(wrong), "name the two files of one certificate")
        return
    cure = "renew it; the running wallboard takes the new one within a minute"
    if left <= 0:
        yield fault(
            CERTIFICATE, settings.certificate_file, f"ended {-left:.0f} days ago: browsers refuse it", cure
        )
    elif left < SOON:
        yield warning(CERTIFICATE, settings.certificate_file, f"ends in {left:.0f} days", cure)
    else:
        yield ok(CERTIFICATE, settings.certificate_file, f"good for {left:.0f} days")
