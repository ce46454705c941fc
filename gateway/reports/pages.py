"""Pages: HTML made of the templates beside this file, each one self-contained file without a script.

Every value of a template is escaped: a caller's name, an agent's words and a dialplan's texts come from outside.
A page holds customers' data, so its file is readable by its owner alone.
"""

import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


STANDARD_OUTPUT = Path("-")
"""In place of a file's name."""


class PageNotWritten(Exception):
    """A page's file cannot be written; the message names it and tells why."""


@dataclass(frozen=True, slots=True)
class Words:
    """A page's own words, in both languages; the reader chooses."""

    zh: str
    en: str

    @property
    def both(self) -> str:
        """Both at once, for what no switch reaches: tooltips."""
        return self.zh if self.zh == self.en else f"{self.zh} · {self.en}"


@cache
def _templates() -> "Environment":
    # Here, as who writes no page would wait for it all the same: it takes as long to load as some commands run.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("gateway.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page(template: str, /, **values: Any) -> str:
    """The page that a template of `gateway/reports/templates/` makes of `values`, each of them escaped."""
    return _templates().get_template(template).render(values)


def write_page(path: Path, html: str) -> None:
    """Write a page whole or not at all, over an older one, readable by its owner alone; `-` is standard output.
    Raises PageNotWritten."""
    if path.is_dir():
        raise PageNotWritten(f"{path}: it is a folder; name a file in it, as {path / 'page.html'}")
    page = html.encode(errors="replace")
    try:
        if path == STANDARD_OUTPUT:
            sys.stdout.buffer.write(page)
            sys.stdout.flush()
        elif path.exists() and not path.is_file():
            path.write_bytes(page)  # a device or a pipe, as /dev/stdout: never to be replaced by a file
        else:
            _replaced(path.resolve(), page)
    except OSError as error:
        raise PageNotWritten(f"{path}: cannot be written: {error.strerror}") from error


def _replaced(path: Path, page: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".sansheng-", dir=path.parent)  # for its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(page)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
