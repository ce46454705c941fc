"""Native libraries inside an environment's wheels, which no Python metadata tells: each file that is not itself a
Python extension, with its digest, and with the version that native.toml says and the file bears out."""

import hashlib
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackagePath, distributions
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("native.toml")
EXTENSION = ("cpython-", "abi3")
"""In the names of Python extensions, which are part of their distribution (PEP 3149, PEP 384)."""


class Wrong(Exception):
    """The table and the environment do not agree: a wheel is another one than the table was written of."""


def installed(environment: str) -> list[Distribution]:
    """The distributions in an environment, by name."""
    sites = [str(path) for path in Path(environment).glob("lib/python3*/site-packages")]
    return sorted(distributions(path=sites), key=lambda one: one.name.lower())


def table() -> list[dict[str, str]]:
    """native.toml's rows."""
    rows: list[dict[str, str]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["library"]
    return rows


def components(environment: str, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """CycloneDX components. Raises Wrong for a row without its file, or whose words are not in it."""
    unseen = list(rows)
    made = []
    for holder in installed(environment):
        for file in libraries(holder):
            row = next((one for one in rows if one["in"] == holder.name and file.match(one["file"])), None)
            if row is None and any(mark in file.name for mark in EXTENSION):
                continue
            if row in unseen:
                unseen.remove(row)
            made.append(component(holder, file, row))
    if unseen:
        row = unseen[0]
        raise Wrong(f"{row['name']}: {row['in']} has no {row['file']}; put {TABLE.name} right")
    return made


def libraries(holder: Distribution) -> Iterator[PackagePath]:
    """Its shared libraries; of several names of one content, as wheels have instead of links, the last."""
    by_content = {
        hashlib.sha256(file.read_binary()).digest(): file
        for file in sorted(holder.files or [])
        if ".so" in file.suffixes and file.locate().is_file()  # type: ignore[attr-defined]  # a Path, typed as less
    }
    yield from by_content.values()


def component(holder: Distribution, file: PackagePath, row: dict[str, str] | None) -> dict[str, Any]:
    """One library; without a row it is known by its name and content alone. Raises Wrong."""
    content = file.read_binary()
    if row is not None and row["words"].encode() not in content:
        raise Wrong(f"{row['name']}: {file} does not say {row['words']!r}; put {TABLE.name} right")
    stem = file.name.partition(".so")[0].partition("-")[0]
    name, version = (row["name"], row["version"]) if row else (stem, None)
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"native:{holder.name}:{file}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
        "properties": [
            {"name": "sansheng:inside", "value": f"{holder.name} {holder.version}"},
            {"name": "sansheng:file", "value": str(file)},
        ],
    }
    if row is not None:
        told |= {"version": version, "licenses": [{"license": {"id": row["licence"]}}]}
        told["cpe"] = f"cpe:2.3:a:*:{name}:{version}:*:*:*:*:*:*:*"
    return told
