"""The locks hold what is asked for, in versions that are allowed, each with the digests of its files."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.supply.audit import pinned

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = (ROOT / "deploy/supply/product.lock").read_text(encoding="utf-8")
TOOLS = (ROOT / "deploy/supply/tools.lock").read_text(encoding="utf-8")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Versions by name. Raises AssertionError for a line that is no pin with digests."""
    found = _PIN.findall(lock)
    assert all(digests for _, _, digests in found), "a pin without a digest"
    rest = _PIN.sub("", lock)
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    return {canonicalize_name(name): version for name, version, _ in found}


def lacking(requirements: list[str], lock: str) -> list[str]:
    """Of what is asked for, what the lock does not have, or has in a version that is not allowed."""
    held = pins(lock)
    asked = [one for one in map(Requirement, requirements) if not one.marker or one.marker.evaluate(environment())]
    return [
        str(one)
        for one in asked
        if not one.specifier.contains(held.get(canonicalize_name(one.name), "0"), prereleases=True)
    ]


def environment() -> dict[str, Any]:
    """Debian 12's, whatever the tests run on."""
    return {**default_environment(), "python_version": "3.11", "python_full_version": "3.11.2", "extra": ""}


def tools() -> list[str]:
    """What the package is built, audited and listed with."""
    lines = (ROOT / "deploy/supply/requirements.txt").read_text(encoding="utf-8").splitlines()
    built: list[str] = PROJECT["build-system"]["requires"]
    return [*built, *(line for line in lines if not line.startswith("#"))]


def test_what_the_product_needs_is_locked() -> None:
    """Where this fails, dependencies have changed: `make lock`."""
    assert lacking(PROJECT["project"]["dependencies"], PRODUCT) == []


def test_what_builds_it_is_locked() -> None:
    """Where this fails, the tools have changed: `make lock`."""
    assert lacking(tools(), TOOLS) == []


def test_a_lock_that_is_behind_is_told() -> None:
    serial = next(one for one in PROJECT["project"]["dependencies"] if one.startswith("pyserial"))
    assert lacking([serial], re.sub(r"(?m)^pyserial==.*", "pyserial==99.0 \\\\", PRODUCT)) == [
        str(Requirement(serial))
    ]
    assert lacking(["nobody-has-this>=1"], PRODUCT) == ["nobody-has-this>=1"]


def test_a_pin_without_its_digest_is_told() -> None:
    with pytest.raises(AssertionError):
        pins("pyserial==3.5\n")


def test_all_that_is_locked_is_asked_about() -> None:
    assert set(pinned(PRODUCT)) == {f"{name}=={version}" for name, version in pins(PRODUCT).items()}


@pytest.mark.parametrize("lock", [PRODUCT, TOOLS])
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    assert not re.search(r"://|(?m:^-)|--(?:extra-)?index|find-links", lock)
