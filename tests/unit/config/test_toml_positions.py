"""Every key of any valid TOML is found on the line where it stands."""

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.toml_positions import find_positions

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("\n# [x]\n[t]\nk = 1", ("t",), 3),
        ("[t]\n\nk = 1", ("t", "k"), 3),
        ('a = """\nb = 1\n"""\nb = 2', ("b",), 4),
        ("a = '''\n]]\n'''\nb = 2", ("b",), 4),
        ('a = """x\\"""" \nb = 2', ("b",), 2),
        ('a = """x"""""\nb = 2', ("b",), 2),
        ("a.b . c = 1", ("a", "b", "c"), 1),
        ("[a]\nb.c = 1\nb.d = 2", ("a", "b", "d"), 3),
        ("[[l]]\nk = 1\n[[l]]\nk = 2", ("l", 1, "k"), 4),
        ("[[l]]\n[[l]]", ("l", 1), 2),
        ("[[l]]\n[l.t]\nk = 1\n[[l]]\n[l.t]\nk = 2", ("l", 1, "t", "k"), 6),
        ("[[l]]\n[[l.m]]\nk = 1\n[[l.m]]\nk = 2", ("l", 0, "m", 1, "k"), 5),
        ("t = { a = 1, b = { c = [1, 2] } }", ("t", "b", "c", 1), 1),
        ("a = [ # one\n 1,\n [2,\n 3],\n]", ("a", 1, 1), 4),
        ("a = [\n {k = 1},\n {k = 2},\n]", ("a", 1, "k"), 3),
        ("\"a b\".'c.d' = 1", ("a b", "c.d"), 1),
        ('x = 1\n"\\u4f60\\"" = 1', ('你"',), 2),
        ("a = 1979-05-27 07:32:00 # x\nb = 1", ("b",), 2),
        ("a = 1\r\nb = '#'\r\nc = 1\r\n", ("c",), 3),
        ("[ a . b ]\nc = 1", ("a", "b", "c"), 2),
    ],
)
def test_a_key_is_found_on_its_own_line(text: str, path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(text)
    assert find_positions(text)[path] == line


# Every key of a generated document is unique, and no value holds anything like it: so the text itself tells where
# each key must be found.
_MARKS = st.text(alphabet="\"'#[]{}=,.\\ \n\té你", max_size=8)
_SCALARS = st.one_of(st.booleans(), st.integers(-5, 5), _MARKS)


class _Writer:
    """Writes values in whichever of TOML's spellings `draw` picks."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw
        self._keys = 0

    def key(self) -> str:
        self._keys += 1
        return f"k{self._keys}k"

    def scalar(self) -> str:
        value = self._draw(_SCALARS)
        if not isinstance(value, str):
            return str(value).lower()
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        if self._draw(st.booleans()):
            return f'"""\n{escaped}"""'
        if "'" not in value and "\n" not in value:
            return f"'{value}'"
        return '"' + escaped.replace("\n", "\\n") + '"'

    def value(self, depth: int) -> str:
        kind = self._draw(st.sampled_from(["scalar", "list", "table"])) if depth else "scalar"
        if kind == "scalar":
            return self.scalar()
        count = self._draw(st.integers(0, 3))
        if kind == "table":
            return "{ " + ", ".join(f"{self.key()} = {self.value(depth - 1)}" for _ in range(count)) + " }"
        gap = self._draw(st.sampled_from([" ", "\n", " # ]}\n"]))
        return "[" + gap + "".join(f"{self.value(depth - 1)},{gap}" for _ in range(count)) + "]"

    def pairs(self) -> str:
        lines = []
        for _ in range(self._draw(st.integers(0, 3))):
            key = ".".join(self.key() for _ in range(self._draw(st.integers(1, 2))))
            lines.append(f"{key} = {self.value(2)}\n")
        return "".join(lines)

    def document(self) -> str:
        parts = [self.pairs()]
        for _ in range(self._draw(st.integers(0, 4))):
            name = self.key()
            if self._draw(st.booleans()):
                parts.append(f"[{name}]\n{self.pairs()}[{name}.{self.key()}] # [\n{self.pairs()}")
            else:
                parts += [f"[[{name}]]\n{self.pairs()}" for _ in range(self._draw(st.integers(1, 3)))]
        return "\n".join(parts)


@st.composite
def documents(draw: Any) -> str:
    return _Writer(draw).document()


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [path, *(found for key, inner in items for found in paths_of(inner, (*path, key)))]


@given(documents())
def test_every_key_of_a_document_is_found_where_the_text_has_it(text: str) -> None:
    data = tomllib.loads(text)
    positions = find_positions(text)
    lines = text.split("\n")
    for path in paths_of(data):
        assert path in positions
        if path and isinstance(path[-1], str):
            assert re.search(rf"\b{path[-1]}\b", lines[positions[path] - 1])
