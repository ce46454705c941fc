"""The page of the feed tells of every alert there is what it means and what to do."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.line import FaultCode, TroubleCode

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
RAISES = {"alert", "_alert", "_show", "Alarm"}
"""What is called with the code of a trouble of the gateway's own."""
ROW = re.compile(r"\| `(?P<code>\w+)` \| (?P<of>[a-z, ]+) \| (?P<wrong>[^|]+) \| (?P<cure>[^|]+) \|")


def told() -> dict[str, set[str]]:
    """Whose each code is, as the page tells."""
    text = (ROOT / "docs/feed.md").read_text(encoding="utf-8").partition("### Alerts\n")[2]
    rows = ROW.findall(text.partition("\n#")[0])
    assert all(len(wrong) > 10 and len(cure) > 5 for _, _, wrong, cure in rows)
    return {code: set(of.split(", ")) for code, of, _, _ in rows}


def raised() -> set[str]:
    """The codes that the gateway's own rooms raise, from their source."""
    found = set()
    for path in (ROOT / "gateway").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in source for name in RAISES):
            continue
        for argument in codes_of(ast.parse(source)):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.add(argument.value)
            elif isinstance(argument, ast.Name) and argument.id.isupper():
                found.add(constant(argument.id, source, path))
    return found


def constant(name: str, source: str, path: Path) -> str:
    """What a module's constant holds, its own or an imported one."""
    own = re.search(rf'^{name}(?:: Final)? = "(\w+)"$', source, re.MULTILINE)
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return own[1] if own else str(getattr(importlib.import_module(module), name))


def codes_of(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RAISES:
                yield node.args[0]


def test_no_alert_is_left_out_and_none_is_told_that_there_is_not() -> None:
    of_lines = {*(code.value for code in FaultCode), *(code.value for code in TroubleCode), "answer_rate_day"}
    own = raised()
    assert own >= {"records_unwritten", "records_lost", "recordings_stopped", "database_corrupt"}
    page = told()
    assert {code for code, of in page.items() if "line" in of} == of_lines
    assert {code for code, of in page.items() if "gateway" in of} == own


def test_the_operators_guide_tells_of_each_how_urgent_it_is() -> None:
    guide = (ROOT / "docs/operators-guide.md").read_text(encoding="utf-8").partition("## Alerts\n")[2]
    table = "\n".join(line for line in guide.partition("\n## ")[0].splitlines() if line.startswith("|"))
    codes = {code for code, of in told().items() if of & {"line", "gateway"}}
    assert len(codes) > 20
    assert {code for code in codes if f"`{code}`" not in table} == set()
