"""The bill of materials of an environment, CycloneDX 1.6: sbom.py ENVIRONMENT FILE [REPORT]. Exit code 1: none.

What cyclonedx-py reads of the Python packages; of each the digest of the wheel that it came in, by pip's REPORT of
the installation; and the native libraries inside them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from native import Wrong, components, table


def bill_of(environment: str) -> dict[str, Any]:
    """What cyclonedx-py tells."""
    command = [Path(sys.executable).with_name("cyclonedx-py"), "environment", f"{environment}/bin/python"]
    told = subprocess.run(
        [*command, "--spec-version", "1.6", "--output-reproducible", "--pyproject", "pyproject.toml"],
        stdout=subprocess.PIPE,
        check=True,
    )
    bill: dict[str, Any] = json.loads(told.stdout)
    return bill


def digests(report: Path) -> dict[tuple[str, str], str]:
    """By name and version, the SHA-256 of the file that pip installed."""
    found = {}
    for one in json.loads(report.read_text())["install"]:
        told = one["metadata"]
        found[plain(told["name"]), told["version"]] = one["download_info"]["archive_info"]["hashes"]["sha256"]
    return found


def plain(name: str) -> str:
    """A distribution's name as others are compared with it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(environment: str, out: Path, report: Path | None) -> int:
    """The exit code."""
    bill = bill_of(environment)
    known = digests(report) if report else {}
    for one in bill["components"]:
        # Home pages, bug trackers: the packages tell them, too, and looking at their syntax takes seconds.
        one.pop("externalReferences", None)
        if digest := known.pop((plain(one["name"]), one["version"]), None):
            one["hashes"] = [{"alg": "SHA-256", "content": digest}]
    if known:
        sys.stderr.write(f"{out}: installed, but not in {environment}: {sorted(known)}\n")
        return 1
    try:
        bill["components"] += components(environment, table())
    except Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    invalid = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if invalid is not None:
        sys.stderr.write(f"{out}: not CycloneDX: {invalid}\n")
        return 1
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{out}: {len(bill['components'])} components, valid CycloneDX 1.6\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None))
