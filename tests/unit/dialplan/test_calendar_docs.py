"""docs/calendar.md: its program prints its table."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit


def test_the_pages_program_prints_the_pages_table(capsys: pytest.CaptureFixture[str]) -> None:
    page = Path("docs/calendar.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(program, "docs/calendar.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.count("\n") == 5
    assert printed in page
