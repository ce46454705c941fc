"""The size budget: files of one idea, functions that fit a screen."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

FILE_LIMIT = 350
FUNCTION_LIMIT = 60

SOURCES = sorted(
    path for room in ("gateway", "drivers", "tests", "benchmarks", "hw_tests") for path in Path(room).rglob("*.py")
)

PAGE = sorted(
    path for kind in ("js", "css", "html") for path in Path("gateway/wallboard/static").rglob(f"*.{kind}")
)


def test_there_is_something_to_measure() -> None:
    assert len(SOURCES) > 50
    assert len(PAGE) > 30


def test_files_fit_the_budget() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES + PAGE}
    assert not [f"{path}: {n}" for path, n in lines.items() if n > FILE_LIMIT], "a file that grows holds two ideas"


def test_functions_fit_the_budget() -> None:
    functions = (
        (path, node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    sizes = ((path, f.name, (f.end_lineno or 0) - f.lineno + 1) for path, f in functions)
    assert not [f"{path}, {name}: {size}" for path, name, size in sizes if size > FUNCTION_LIMIT]
