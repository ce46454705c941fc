"""Fixtures for all tests; each test module names its category."""

import pytest
from hypothesis import settings

# Its asserts speak as those of a test file do.
pytest.register_assert_rewrite("tests.contract.suite")

settings.register_profile("shared", deadline=None)  # a machine that others keep busy is no failure
settings.load_profile("shared")

CATEGORIES = {"unit", "pty", "sip", "service", "process", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    bare = sorted({item.path.name for item in items if not CATEGORIES & {m.name for m in item.iter_markers()}})
    if bare:
        raise pytest.UsageError(f"no category ({', '.join(sorted(CATEGORIES))}) marked in: {', '.join(bare)}")
