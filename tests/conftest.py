"""Fixtures for all tests; each test module names its category."""

import re
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from hypothesis import settings

from tests.examples import examples

# Its asserts speak as those of a test file do.
pytest.register_assert_rewrite("tests.contract.suite")

# A machine that others keep busy is no failure. How many examples a property is tried with that does not say.
settings.register_profile("shared", deadline=None, max_examples=examples(50))
settings.load_profile("shared")

CATEGORIES = {"unit", "pty", "sip", "service", "process", "browser"}
PLAIN = CATEGORIES | {"and", "or", "not"}
_NAMED = re.compile(rf"mark\.({'|'.join(sorted(CATEGORIES))})\b")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module that names one category, which -m leaves out, is not imported: each worker of each phase of `make
    test` would spend seconds on what it does not run. Whatever is not so plain is left to pytest."""
    expression: str = config.option.markexpr
    if not expression or not collection_path.match("test_*.py") or set(re.findall(r"\w+", expression)) - PLAIN:
        return None
    named = set(_NAMED.findall(collection_path.read_text(encoding="utf-8")))
    wanted = Expression.compile(expression).evaluate(lambda name, **_: name in named)
    return True if len(named) == 1 and not wanted else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    bare = sorted({item.path.name for item in items if not CATEGORIES & {m.name for m in item.iter_markers()}})
    if bare:
        raise pytest.UsageError(f"no category ({', '.join(sorted(CATEGORIES))}) marked in: {', '.join(bare)}")
