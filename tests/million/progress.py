"""What is done of a long run: a file with a line for each shift that kept every rule, so that a run that was
broken off goes on, and several machines' parts add up."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.million.shift import Shift


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a shift."""

    shift: Shift
    facts: int = 0
    seconds: float = 0.0
    """Of processor time."""
    on_records: float = 0.0
    """How many of them were the records'."""
    kilobytes: int = 0
    """The most memory that the process has had."""
    broken: str | None = None
    process: int = 0


class Progress:
    """The file; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Worked]:
        """What earlier runs have done, each shift once. A line that was cut off counts for nothing."""
        found: dict[Shift, Worked] = {}
        text = self._path.read_text() if self._path is not None and self._path.exists() else ""
        for line in text.splitlines():
            with suppress(json.JSONDecodeError):
                told = json.loads(line)
                worked = Worked(**told | {"shift": Shift(**told["shift"])})
                found[worked.shift] = worked
        yield from found.values()

    def add(self, worked: Worked) -> None:
        """This shift need not be worked again."""
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a") as file:
                file.write(f"\n{json.dumps(asdict(worked))}\n")  # the line before may have been cut off
