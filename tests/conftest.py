"""Fixtures for all tests; each test module names its category."""

import pytest

CATEGORIES = {"unit", "pty", "sip", "service", "process"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "process" in {marker.name for marker in item.iter_markers()}:
            # A module of these shares one gateway: it stays on one worker.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    bare = sorted({item.path.name for item in items if not CATEGORIES & {m.name for m in item.iter_markers()}})
    if bare:
        raise pytest.UsageError(f"no category ({', '.join(sorted(CATEGORIES))}) marked in: {', '.join(bare)}")
