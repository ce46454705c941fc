"""A judge that fails costs its own clauses alone, and it is known which one did."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Found = TypeVar("Found")

Failed = Callable[[str, Exception], None]
"""Is told of a judge that failed, by its name, and of what it raised."""


class Faults:
    """The judges that failed at one call. Where nobody is to be told of them, what the first raises is raised."""

    def __init__(self, failed: Failed | None = None) -> None:
        self._failed = failed
        self._names: set[str] = set()

    def guarded(self, name: str, judge: Callable[[], Found], otherwise: Found) -> Found:
        """What `judge` gives; `otherwise` where it raises, which is told once for each name."""
        try:
            return judge()
        except Exception as error:  # whatever it is, the other judges' findings must stand
            if self._failed is None:
                raise
            if name not in self._names:
                self._names.add(name)
                self._failed(name, error)
            return otherwise

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of these judges that failed."""
        return [name for name in names if name in self._names]
