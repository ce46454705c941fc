"""`python -m tests.docs.until PATTERN MEANWHILE COMMAND…`: the command, ended once what it prints matches.

Exit code 0 if it then ends; 1 if it ended by itself first, or never printed it."""

import os
import re
import signal
import subprocess
import sys
import threading

PATIENCE = 180.0
"""Seconds until what never prints it is given up: a gateway's start on a busy machine and much more."""
ENDS_WITHIN = 40.0
"""Seconds within which what was told to end has ended: longer than a gateway drains."""


def main(pattern: str, meanwhile: str, command: list[str]) -> int:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    assert process.stdout is not None
    too_late = threading.Timer(PATIENCE, process.kill)
    too_late.start()
    if meanwhile:
        subprocess.Popen(["bash", "-c", meanwhile])
    told = b""
    seen = False
    while not seen and (more := os.read(process.stdout.fileno(), 65536)):
        told += more
        sys.stdout.buffer.write(more)
        sys.stdout.flush()
        seen = re.search(pattern.encode(), told) is not None
    too_late.cancel()
    if not seen:
        print(f"never printed {pattern!r}", file=sys.stderr)
        return 1
    os.killpg(process.pid, signal.SIGTERM)
    rest, _ = process.communicate(timeout=ENDS_WITHIN)
    sys.stdout.buffer.write(rest)
    return 0 if process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
