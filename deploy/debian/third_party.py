"""The Python packages in an environment, each with its version and licence: third_party.py ENVIRONMENT."""

import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path


def licence(distribution: Distribution) -> str:
    """As its metadata tell: the expression, else the classifiers, else the first line of the licence itself."""
    told = distribution.metadata.get("License-Expression")
    if told:
        return str(told)
    classified = [
        value.rpartition(" :: ")[2]
        for value in distribution.metadata.get_all("Classifier") or []
        if value.startswith("License :: ") and value != "License :: OSI Approved"
    ]
    written = (distribution.metadata.get("License") or "").strip().split("\n")[0]
    return ", ".join(classified) or written or "see its own files"


def main(environment: str) -> None:
    """Print a line a package."""
    found = distributions(path=[str(path) for path in Path(environment).glob("lib/python3*/site-packages")])
    lines = sorted(f"{one.name} {one.version}: {licence(one)}" for one in found)
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main(sys.argv[1])
