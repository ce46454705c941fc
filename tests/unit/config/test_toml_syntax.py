"""What people type that is no TOML: told on its line, by what to write instead."""

import re
from pathlib import Path

import pytest

from gateway.config import ConfigErrors
from gateway.config.document import parse_document

pytestmark = pytest.mark.unit

TYPED = [
    ("site = “jinan”", 1, "quotes are straight ones"),
    ("site = ”jinan”", 1, "quotes are straight ones"),
    ("site = jinan", 1, "texts stand in double quotes"),
    ("trainee = True", 1, "true and false"),
    ("site = 'jinan\n# no more below", 1, "one more quote"),
    ('a = 1\nsite = "jinan', 2, "one more quote"),
    ("a = 1\nsite = 'jinan", 2, "one more quote"),
    ('a = 1\nsite = """jinan\n', 2, "one more quote"),
    ("site: jinan", 1, "after '='"),
    ('site = "a"\nsite = "b"', 2, "stands twice"),
    ("[mqtt]\n[mqtt]", 2, "stands twice"),
    ("ring_period = 5,0", 1, "no comma"),
    ("drain_seconds = 30s", 1, "unit"),
    ("number = 0801", 1, "zero before it"),
    ('data_dir = "C:\\sansheng"', 1, "written twice"),
    ('allow = ["127.0.0.1" "10.0.0.1"]', 1, "comma is missing"),
    ("mqtt2 = { a = 1\n", 1, "ends with }"),
    ("[mqtt2", 1, "brackets"),
    ("= 5", 1, "key = value"),
]


@pytest.mark.parametrize(("text", "line", "told"), TYPED, ids=lambda value: str(value)[:30])
def test_it_is_told_on_its_line_what_to_write(text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigErrors) as errors:
        parse_document(Path("g.toml"), text)
    (fault,) = errors.value.faults
    assert fault.line == line
    assert re.match(r"not valid TOML: .*" + re.escape(told), fault.message)


def test_a_text_that_is_not_closed_is_told_on_its_line_whatever_follows() -> None:
    with pytest.raises(ConfigErrors, match=r"g\.toml:1: not valid TOML: the text is not closed on its line"):
        parse_document(Path("g.toml"), 'site = "jinan\n[mqtt]\nurl = "mqtt://pbx"\n')
