"""Open files: every line needs some, and a gateway without them loses calls."""

import resource

from gateway.config import FxoLineConfig, expand_lines
from gateway.doctor.finding import Finding, ok, warning
from gateway.doctor.scene import Scene

CHECK = "open files"
ALWAYS, A_LINE, A_CALL = 64, 4, 4
"""Descriptors: the gateway's own; each line's tty or sockets; each call's recording and prompts, with room."""


def check_open_files(scene: Scene, limit: int | None = None) -> list[Finding]:
    """Judge this session's limit, or the one given, by the config's lines."""
    if scene.config is None:
        return []
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if limit is None else limit
    lines = expand_lines(scene.config)
    calls = sum(1 if isinstance(line, FxoLineConfig) else line.calls for line in lines)
    needed = ALWAYS + A_LINE * len(lines) + A_CALL * calls
    if soft != resource.RLIM_INFINITY and soft < needed:
        found = f"{soft} are allowed, and {len(lines)} lines may need {needed}"
        return [
            warning(
                CHECK, "", found, f"LimitNOFILE={needed} in the service's unit; in a shell: ulimit -n {needed}"
            )
        ]
    return [ok(CHECK, "", f"{len(lines)} lines need at most {needed} of {soft}")]
