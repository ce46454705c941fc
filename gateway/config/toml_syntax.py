"""What is wrong with a file that is no TOML, in words for whoever typed it; tomllib's are for programmers."""

import re
from pathlib import Path
from typing import Final

from gateway.config.faults import Fault

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_NOT_CLOSED: Final = "the text is not closed on its line; one more quote is needed"
_SAID: Final = (
    (r"Cannot overwrite a value", "the key stands twice; keep one of the two"),
    (
        r"Cannot declare .* twice",
        "the table stands twice; keep one, or write each as [[…]] if it is one of several",
    ),
    (r"Expected '=' after a key", "a value stands after '=', as in: site = \"jinan\""),
    (
        r"Expected newline or end of document",
        "something is left over after the value; a number has a point, no comma, unit or zero before it, and "
        "texts stand in double quotes",
    ),
    (r"Unescaped '\\'", r"a backslash in a text is written twice: \\"),
    (r"(Illegal|Found invalid) character '\\[rn]'", _NOT_CLOSED),
    (r"Unterminated string|Expected \"'+\"", "the text is not closed; one more quote is needed"),
    (r"Unclosed array", "the list is not closed, or a comma is missing in it; it ends with ]"),
    (r"Unclosed inline table", "the table is not closed; it ends with } on the same line"),
    (r"Expected '\]+'", "a table's name stands in brackets, as [mqtt], or [[lines]] for one of several"),
    (r"Invalid statement", "a line is [a table], key = value, or a # comment"),
    (r"Invalid value", "that is no value; texts stand in double quotes, and yes and no are true and false"),
)
"""What tomllib's messages begin with (Lib/tomllib/_parser.py of Python 3.11 and 3.12), and our words."""
_TYPOGRAPHIC: Final = "“”„‟‘’‚＂＇«»「」"


def syntax_fault(file: Path, text: str, message: str) -> Fault:
    """The fault that tomllib's `message` tells of the file's `text`, on its line."""
    position = _POSITION.search(message)
    what = _POSITION.sub("", message)
    if position is not None and position.group(1):
        line, column = int(position.group(1)), int(position.group(2))
    else:
        line, column = _line_of_the_open_quote(text, what), 0
    if column and text.split("\n")[line - 1][column - 1 : column] in tuple(_TYPOGRAPHIC):
        said = 'quotes are straight ones, as in "jinan"'
    else:
        said = next((ours for theirs, ours in _SAID if re.match(theirs, what)), f"{what[:1].lower()}{what[1:]}")
    return Fault(file, line, "", f"not valid TOML: {said}")


def _line_of_the_open_quote(text: str, what: str) -> int:
    """Where the text begins that goes on to the end of the file; else the last line."""
    quote = {'Expected "\'"': "'", "Expected \"'''\"": "'''", "Unterminated string": '"""'}.get(what)
    at = text.rfind(quote) if quote is not None else -1
    return (text.rstrip().count("\n") if at < 0 else text.count("\n", 0, at)) + 1
