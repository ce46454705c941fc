"""Nobody but these makes a telephone ring (JS-7): toll fraud needs a second door, and there is none."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

DOORS = {
    "Dial": {"gateway/call/engine.py", "gateway/runner/agent_telephones.py"},
    "DialOrder": {"gateway/runner/call_backs.py"},
    "Dialable": {"gateway/tickets/permit.py"},
    "number_of_used": {"gateway/tickets/call_backs.py"},
    "issue": {"gateway/tickets/call_backs.py"},
    "dial": {
        "gateway/app.py",
        "gateway/runner/line_group.py",
        "gateway/runner/line_runner.py",
        "gateway/tickets/book.py",
    },
}
"""Who calls what: the customer's call and the agents' telephones; the call-backs; what a used permit gives."""


def called(path: Path) -> set[str]:
    """The names of all that a file calls, those under which it was imported taken for the true ones."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    true = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [
        f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else "" for f in functions
    ]
    return {true.get(name, name) for name in names}


def test_who_dials() -> None:
    files = {path.as_posix(): called(path) for path in Path("gateway").rglob("*.py")}
    found = {door: {path for path, names in files.items() if door in names} for door in DOORS}
    assert found == DOORS
