"""A machine of files for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.doctor.tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path / "root")
    yield tree
    tree.close()
