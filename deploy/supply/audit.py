"""Known vulnerabilities of a lock's packages, by pip-audit: audit.py LOCK [--strict].

Exit code 1: something is known against a package. A service that cannot be asked is no finding and no proof
either: it is told, with exit code 0, or 1 with --strict, as before a release. A package that is known to be
vulnerable is asked about as well: a service that knows nothing of it tells nothing of ours.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KNOWN = "requests==2.19.1"
"""CVE-2018-18074, CVE-2023-32681 and more."""


def asked(requirements: list[str]) -> dict[str, dict[str, Any]] | None:
    """What pip-audit tells of each package, by name; None where it tells nothing at all."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join([*requirements, ""]))
        file.flush()
        command = [Path(sys.executable).with_name("pip-audit"), "-r", file.name, "--no-deps", "--disable-pip"]
        told = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off"], capture_output=True, check=False
        )
    try:
        return {one["name"].lower(): one for one in json.loads(told.stdout)["dependencies"]}
    except (ValueError, KeyError):
        sys.stderr.write(told.stderr.decode(errors="replace"))
        return None


def pinned(lock: str) -> list[str]:
    """What a lock holds, without digests."""
    return sorted(re.findall(r"(?m)^[\w.-]+==[\w.+!]+", lock))


def main(lock: Path, *, strict: bool) -> int:
    """The exit code."""
    ours = pinned(lock.read_text(encoding="utf-8"))
    known = (asked([KNOWN]) or {}).get("requests", {})
    told = asked(ours) or {}
    found = [(name, one) for name, one in told.items() if one.get("vulns")]
    for name, one in found:
        ids = ", ".join(vulnerability["id"] for vulnerability in one["vulns"])
        fixed = {version for vulnerability in one["vulns"] for version in vulnerability["fix_versions"]}
        sys.stdout.write(f"{name} {one['version']}: {ids}; mended in {', '.join(sorted(fixed)) or 'no version'}\n")
    if found:
        return 1
    answered = sum("vulns" in one for one in told.values())
    if not known.get("vulns"):
        sys.stdout.write(
            f"NOT AUDITED: the service tells nothing even of {KNOWN}; run this where PyPI's is reached\n"
        )
        return int(strict)
    if answered < len(ours):
        sys.stdout.write(
            f"AUDITED IN PART: the service tells of {answered} of {len(ours)} packages; nothing is known\n"
        )
        return int(strict)
    sys.stdout.write(f"nothing is known against any of {len(ours)} packages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), strict="--strict" in sys.argv))
