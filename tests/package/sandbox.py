"""The unit's sandbox, read from the unit: what `confined.py` is to hold the gateway to."""

import re
import socket
from pathlib import Path
from typing import Any

from tests.package.root import command


def rules_of(unit: Path) -> dict[str, Any]:
    """From its [Service]; groups of system calls are what this machine's systemd says they are."""
    text = unit.read_text()
    calls: set[str] = set()
    for line in all_of(text, "SystemCallFilter"):
        named = {call for word in line.lstrip("~").split() for call in expanded(word)}
        calls = calls - named if line.startswith("~") else calls | named
    families = [getattr(socket, name) for name in one_of(text, "RestrictAddressFamilies").split()]
    assert one_of(text, "ProtectSystem") == "strict"
    assert one_of(text, "DevicePolicy") == "closed"
    assert one_of(text, "CapabilityBoundingSet") == ""
    return {
        "user": one_of(text, "User"),
        "groups": [one_of(text, "Group"), one_of(text, "SupplementaryGroups")],
        "umask": one_of(text, "UMask"),
        "nice": int(one_of(text, "LimitNICE")),
        "folder": one_of(text, "WorkingDirectory"),
        "writable": [f"/var/lib/{one_of(text, 'StateDirectory')}", f"/var/log/{one_of(text, 'LogsDirectory')}"],
        "no_write_execute": one_of(text, "MemoryDenyWriteExecute") == "yes",
        "calls": sorted(calls),
        "families": [int(family) for family in families],
    }


def all_of(text: str, key: str) -> list[str]:
    return re.findall(rf"(?m)^{key}=(.*)$", text)


def one_of(text: str, key: str) -> str:
    (value,) = all_of(text, key)
    return str(value)


def expanded(word: str) -> set[str]:
    """A system call, or all of a group."""
    if not word.startswith("@"):
        return {word}
    told = command("systemd-analyze", "--no-pager", "syscall-filter", word)
    words = {line.strip() for line in told.splitlines()[1:] if line.strip() and not line.strip().startswith("#")}
    return {call for one in words for call in expanded(one)}
