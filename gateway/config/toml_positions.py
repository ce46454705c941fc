"""Where each key of a TOML document stands. Reads text that tomllib has accepted, and only that.

tomllib forgets positions, and a fault must name the key's own line. As the text is known to be valid, a scanner
that only skips values is enough.
"""

import re

KeyPath = tuple[str | int, ...]
"""Keys and list indices from the root: `("lines", 0, "port")`."""

_DEEPEST = 64
"""Levels whose positions are kept; far below any key, and values nested by the hundred would fill the memory."""
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\])*"|' + r"'[^']*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_CONTROL = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def find_positions(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which every key, table and list element of the valid TOML `text` is first named.

    The root is `()` on line 1. An element of an array of tables stands where its `[[header]]` is.
    """
    # tomllib does the same before it parses, so offsets agree with what it read.
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    """One pass over the text; `_at` is the offset of the next unread character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted_to = 0
        self._line = 1
        self._positions: dict[KeyPath, int] = {(): 1}
        self._list_lengths: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)
        return self._positions

    def _header(self) -> KeyPath:
        is_list = self._text.startswith("[[", self._at)
        line = self._line_here()
        self._at += 2 if is_list else 1
        *parents, last = self._key()
        self._at += 2 if is_list else 1
        table: KeyPath = ()
        for name in parents:
            table = self._newest((*table, name), line)
        if not is_list:
            return self._newest((*table, last), line)
        table = (*table, last)
        self._positions.setdefault(table, line)
        index = self._list_lengths.get(table, 0)
        self._list_lengths[table] = index + 1
        self._positions[*table, index] = line
        return (*table, index)

    def _newest(self, path: KeyPath, line: int) -> KeyPath:
        """`path` as a header means it: the last element, where it is an array of tables."""
        self._positions.setdefault(path, line)
        length = self._list_lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _pair(self, table: KeyPath) -> None:
        line = self._line_here()
        path = table
        for name in self._key():
            path = (*path, name)
            self._mark(path, line)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _mark(self, path: KeyPath, line: int) -> None:
        if len(path) <= _DEEPEST:
            self._positions.setdefault(path, line)

    def _key(self) -> list[str]:
        """A dotted key, up to what follows it: `=` or `]`."""
        names = []
        while True:
            self._skip(_BLANK)
            quote = self._text[self._at]
            token = self._take(_STRING if quote in "\"'" else _BARE_KEY)
            if quote == '"':
                token = _ESCAPE.sub(_unescape, token[1:-1])
            elif quote == "'":
                token = token[1:-1]
            names.append(token)
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _value(self, path: KeyPath) -> None:
        first = self._text[self._at]
        if first in "\"'":
            self._take(_STRING)
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._take(_BARE_VALUE)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        self._skip(_SPACE)
        while self._text[self._at] != "]":
            self._mark((*path, index), self._line_here())
            self._value((*path, index))
            index += 1
            self._skip_comma()
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        self._skip(_SPACE)
        while self._text[self._at] != "}":
            self._pair(path)
            self._skip_comma()
        self._at += 1

    def _skip_comma(self) -> None:
        self._skip(_SPACE)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_SPACE)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"offset {self._at}: not TOML that tomllib accepts")
        self._at = match.end()
        return match.group()

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line


def _unescape(match: re.Match[str]) -> str:
    short, long, control = match.groups()
    return _CONTROL[control] if control else chr(int(short or long, 16))
