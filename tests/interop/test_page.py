"""The page names what is tried here, and the versions it is tried with."""

from pathlib import Path

import pytest

from tests.interop.page import updated

pytestmark = pytest.mark.process


def test_the_page_is_of_today():
    page = Path("docs/interoperability.md").read_text(encoding="utf-8")
    assert updated(page) == page, "run: python -m tests.interop.page docs/interoperability.md"
