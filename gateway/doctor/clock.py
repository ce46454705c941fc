"""The clock: call records are evidence, and their times are the machine's."""

import ctypes
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene

CLOCK = "clock"
ZONE = "time zone"
SERVICES = ("chronyd", "systemd-timesyncd", "ntpd", "ntp-daemon")
"""Programs that set a clock by the network: chrony, systemd's, NTP's and OpenNTPD's, ntpd-rs's."""
TIME_ERROR = 5
"""What adjtimex(2) gives while the kernel's clock is not synchronised; `timedatectl` and `chronyc` go by the same.

It is asked directly because a container has neither of them, and a time service that has lost its servers is found
out so as well.
"""
_TIMEX = 512
"""Bytes: more than struct timex on any machine. All zero, its `modes` say that nothing is to be set."""
_WATCH = {
    "chronyd": "see which servers it reaches: chronyc sources; UDP port 123 must be open to them",
    "systemd-timesyncd": "see which server it asks: timedatectl timesync-status; UDP port 123 must be open to it",
}


def kernel_clock() -> int | None:
    """What adjtimex(2) says of the kernel's clock: TIME_ERROR if nobody sets it; None if it may not be asked."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (OSError, AttributeError):
        return None  # no such call in this C library
    return state if state >= 0 else None


def check_clock(scene: Scene, state: int | None) -> list[Finding]:
    """Whether something keeps the clock right; `state` is kernel_clock's."""
    services = [name for name in SERVICES if scene.census.named(name)]
    if state is None:
        cure = "look: timedatectl, or chronyc tracking; in a container: on its host"
        return [warning(CLOCK, "", "whether the clock is synchronised could not be found out", cure)]
    if state != TIME_ERROR:
        who = f" by {services[0]}" if services else ""
        return [ok(CLOCK, "", f"synchronised{who}")]
    if services:
        found = f"{services[0]} runs, but the clock is not synchronised (yet)"
        general = "wait a minute, then look whether it reaches its servers: UDP port 123 must be open to them"
        return [fault(CLOCK, "", found, _WATCH.get(services[0], general))]
    found = "not synchronised, and nothing runs that would: the times in the call records are not to be trusted"
    cure = "sudo apt-get install systemd-timesyncd && sudo timedatectl set-ntp true; in a container: on its host"
    return [fault(CLOCK, "", found, cure)]


def check_zone(scene: Scene) -> list[Finding]:
    """Whether the site's zone is known, and what time it is there."""
    name = scene.config.timezone if scene.config is not None else "Asia/Shanghai"
    try:
        now = datetime.now(ZoneInfo(name))
    except (ZoneInfoNotFoundError, OSError):
        # Asked anew, though a config with an unknown zone does not load: the data may be only half there.
        return [fault(ZONE, name, "is not in the time-zone database", "pip install --force-reinstall tzdata")]
    return [ok(ZONE, name, f"there it is {now:%Y-%m-%d %H:%M} (UTC{now:%z})")]
