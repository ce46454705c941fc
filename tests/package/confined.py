"""Runs a command in the unit's sandbox, as far as one can without systemd: `confined.py RULES COMMAND…`, as root,
in a mount namespace of its own. Of Debian's Python alone: it runs in the bare system.

User, groups, capabilities, niceness and file modes; all of the file system read-only but the unit's own folders,
no homes, a /tmp of its own; of /dev what DevicePolicy=closed leaves; the unit's system calls and socket families;
no memory that is both written and executed.
"""

import ctypes
import errno
import grp
import json
import os
import pwd
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
"""SCMP_ACT_ALLOW and SCMP_ACT_ERRNO (seccomp.h)."""
NO_NEW_PRIVILEGES, BOUNDING_DROP, DENY_WRITE_EXECUTE = 38, 24, 65
"""PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP, PR_SET_MDWE (prctl.h); the last since Linux 6.3."""
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
"""What DevicePolicy=closed leaves beside those that are named (systemd.resource-control(5))."""


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        *(("arg", ctypes.c_uint), ("op", ctypes.c_int)),
        *(("datum_a", ctypes.c_uint64), ("datum_b", ctypes.c_uint64)),
    )


def mounts(writable: list[str]) -> None:
    def mount(*words: str) -> None:
        subprocess.run(["mount", *words], check=True)

    for folder in writable:
        mount("--bind", folder, folder)
    mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", "/media")
    for name in DEVICES:
        Path("/media", name).touch()
        mount("--bind", f"/dev/{name}", f"/media/{name}")
    for name in ("shm", "pts"):
        Path("/media", name).mkdir()
    mount("-t", "tmpfs", "tmpfs", "/media/shm")
    mount("--rbind", "/media", "/dev")
    for home in ("/home", "/root"):
        mount("-t", "tmpfs", "-o", "mode=0,ro", "tmpfs", home)
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/tmp")
    for place in ("/sys", "/run"):
        mount("-o", "remount,bind,ro", place)
    mount("--bind", "/", "/")
    mount("-o", "remount,bind,ro", "/")


def become(rules: dict[str, Any], prctl: Any) -> None:
    user = pwd.getpwnam(rules["user"])
    limit = 20 - rules["nice"]
    try:
        resource.setrlimit(resource.RLIMIT_NICE, (limit, limit))
    except ValueError:  # a container's root may have no CAP_SYS_RESOURCE
        sys.stderr.write("confined: niceness cannot be granted here\n")
    os.umask(int(rules["umask"], 8))
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        prctl(BOUNDING_DROP, capability, 0, 0, 0)
    os.setgroups([grp.getgrnam(name).gr_gid for name in rules["groups"]])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ.update(HOME=user.pw_dir, USER=rules["user"], PATH="/usr/bin:/bin")


def filter_calls(rules: dict[str, Any]) -> None:
    seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rule = seccomp.seccomp_rule_add_array
    rule.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)
    context = seccomp.seccomp_init(ERRNO | errno.EPERM)
    for name in rules["calls"]:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0 and name != "socket":
            assert rule(context, ALLOW, number, 0, None) == 0, name
    for family in rules["families"]:
        is_one = Comparison(0, 4, family, 0)  # SCMP_CMP_EQ
        number = seccomp.seccomp_syscall_resolve_name(b"socket")
        assert rule(context, ALLOW, number, 1, ctypes.byref(is_one)) == 0
    assert seccomp.seccomp_load(ctypes.c_void_p(context)) == 0


def main(rules_file: str, *command: str) -> None:
    rules = json.loads(Path(rules_file).read_text())
    mounts(rules["writable"])
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    become(rules, prctl)
    assert prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    if rules["no_write_execute"] and prctl(DENY_WRITE_EXECUTE, 1, 0, 0, 0) != 0:
        sys.stderr.write("confined: memory that is written and executed cannot be denied here\n")
    os.chdir(rules["folder"])
    filter_calls(rules)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
