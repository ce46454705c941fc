"""The bill of materials of an environment, CycloneDX 1.6: sbom.py ENVIRONMENT FILE. Exit code 1: not valid.

What cyclonedx-py reads of the Python packages, and the native libraries inside them that native.toml names.
"""

import json
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

TABLE = Path(__file__).with_name("native.toml")


class Missing(Exception):
    """A library of the table is not in the environment: the wheel is another one than the table is of."""


def native(library: dict[str, str], installed: dict[str, Distribution]) -> dict[str, Any]:
    """A component for one library of the table. Raises Missing."""
    holder = installed.get(library["in"])
    files = [] if holder is None else [file for file in holder.files or [] if file.match(library["file"])]
    if holder is None or not files:
        raise Missing(f"{library['name']}: {library['in']} has no {library['file']}; put {TABLE.name} right")
    return {
        "type": "library",
        "bom-ref": f"native:{library['in']}:{library['name']}",
        "name": library["name"],
        "version": library["version"],
        "licenses": [{"license": {"id": library["licence"]}}],
        "cpe": f"cpe:2.3:a:*:{library['name']}:{library['version']}:*:*:*:*:*:*:*",
        "properties": [
            {"name": "sansheng:inside", "value": f"{library['in']} {holder.version}"},
            {"name": "sansheng:file", "value": str(files[0])},
            {"name": "sansheng:source", "value": library["source"]},
        ],
    }


def main(environment: str, out: str) -> int:
    """The exit code."""
    command = [Path(sys.executable).with_name("cyclonedx-py"), "environment", f"{environment}/bin/python"]
    told = subprocess.run(
        [*command, "--spec-version", "1.6", "--output-reproducible", "--pyproject", "pyproject.toml"],
        stdout=subprocess.PIPE,
        check=True,
    )
    bill = json.loads(told.stdout)
    sites = [str(path) for path in Path(environment).glob("lib/python3*/site-packages")]
    installed = {one.name.lower().replace("_", "-"): one for one in distributions(path=sites)}
    try:
        bill["components"] += [native(one, installed) for one in tomllib.loads(TABLE.read_text())["library"]]
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        sys.stderr.write(f"{out}: not CycloneDX: {wrong}\n")
        return 1
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{out}: {len(bill['components'])} components, valid CycloneDX 1.6\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
