"""How `sansheng init` ends: the doctor's findings, and what to do next."""

import os
import pwd
import shlex
import subprocess
import sys
from pathlib import Path

from drivers.sip.config import RTP_PORTS, SipConfig
from gateway.config.forms import split_host_port
from gateway.init.answers import Answers, Pbx
from gateway.init.words import Words


def examine(config: Path, user: str | None) -> None:
    """Show what the doctor finds; as the service's `user` if there is one, since root may do everything."""
    command = [sys.executable, "-m", "gateway.cli.main", "doctor", "-c", str(config)]
    as_user: dict[str, object] = {}
    if user is not None and os.geteuid() == 0:
        try:
            person = pwd.getpwnam(user)
            groups = os.getgrouplist(user, person.pw_gid)
            as_user = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": groups, "cwd": "/"}
        except KeyError:
            pass  # it could not be made: told already
    subprocess.run(command, check=False, **as_user)  # type: ignore[call-overload]  # keywords by need


def show_next(words: Words, config: Path, answers: Answers, *, systemd: bool) -> None:
    """The next three commands, and what a firewall must let through."""
    if answers.pbx is not None and not answers.pbx.listen.startswith("127."):
        print(f"\n{words('rtp', sip=_sip_ports(answers.pbx), rtp=_rtp_ports(answers.pbx))}")
    print(f"\n{words('next')}")
    name = shlex.quote(str(config))
    start = "systemctl enable --now sansheng" if systemd else f"sansheng run -c {name}"
    if answers.service and not systemd:
        start = f"runuser -u sansheng -- {start}"
    calls = f"sansheng calls -c {name}"
    steps = [(start, "next_service" if systemd else "next_run")]
    if answers.pbx is not None:
        steps += [(f"sansheng try -c {name}", "next_try"), (calls, "next_calls")]
    else:
        steps += [(f"sansheng top -c {name}", "next_top"), (calls, "next_dial")]
    for number, (command, why) in enumerate(steps, 1):
        print(f"  {number}. {command}\n       {words(why)}")


def _sip_ports(pbx: Pbx) -> str:
    first = split_host_port(pbx.listen)[1]
    return f"{first}" if pbx.count == 1 else f"{first}–{first + pbx.count - 1}"


def _rtp_ports(pbx: Pbx) -> str:
    """All in one span: it is open to the PBX alone in any case."""
    host, first = split_host_port(pbx.listen)
    ports = [
        SipConfig("sip", f"{host}:{first + index}", f"sip:8801@{host}").rtp_port for index in range(pbx.count)
    ]
    return f"{min(ports)}–{max(ports) + RTP_PORTS - 1}"
