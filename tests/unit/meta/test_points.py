"""Every point of the modem reference's §11 (emulator) and §12 (driver) has a test that names it: `-k 12_02` finds
those of 12.2."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

POINTS = {"11": 16, "12": 18}
"""Sections, and how many points each has."""
_NUMBERED = re.compile(r"test_(1[12])_(\d+)_")


def names() -> list[str]:
    """Every test's."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(Path("tests").rglob("test_*.py")))
    functions = (node for tree in trees for node in ast.walk(tree))
    return [
        node.name
        for node in functions
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("section", POINTS)
def test_every_point_has_a_test_that_names_it(section: str) -> None:
    named = {match[2] for name in names() if (match := _NUMBERED.match(name)) and match[1] == section}
    assert named == {f"{point:02}" for point in range(1, POINTS[section] + 1)}, "two digits, and none beyond"
