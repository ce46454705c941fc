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


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_file_and_functions_fit_the_budget(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LIMIT, "a file that grows holds two ideas"
    functions = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [
        f"{f.name}: {size}" for f in functions if (size := (f.end_lineno or 0) - f.lineno + 1) > FUNCTION_LIMIT
    ]
    assert not long


@pytest.mark.parametrize("path", PAGE, ids=str)
def test_the_wallboards_page_fits_it_too(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LIMIT
