"""What a fuzzing target is, and how one input is tried: within its time, with nothing raised."""

import signal
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOUND: Final = Path(__file__).parent / "found"
"""By target, the inputs that something was found with: `make test` tries each ever since."""
LIMIT: Final = 3.0
"""Seconds of the processor that one input may take. Instrumented code is some five times slower than the product's
own, whose inputs take a millisecond and less; what is quadratic over some kilobytes takes longer than this."""


class TooSlow(Exception):
    """An input took longer than LIMIT: a finding as any other."""


@dataclass(frozen=True)
class Target:
    """Something that reads what others wrote. `attempt` takes an input, and raises whatever is wrong with what
    becomes of it; what the product refuses as it should is not raised."""

    name: str
    reads: str
    """What it is, in words for a table."""
    attempt: Callable[[bytes], None]
    seeds: Iterable[bytes]
    """Good inputs, from which others are made."""
    tokens: tuple[bytes, ...] = ()
    """What is put in between."""
    longest: int = 4096
    """Bytes of an input."""
    found: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seeds", [seed[: self.longest] for seed in self.seeds])
        folder = FOUND / self.name
        kept = sorted(folder.iterdir()) if folder.is_dir() else []
        object.__setattr__(self, "found", [path.read_bytes() for path in kept])


def tried(target: Target, data: bytes, limit: float = LIMIT) -> None:
    """Try one input. Raises what the target raises, and TooSlow. On the main thread alone."""

    def late(_: int, __: types.FrameType | None) -> None:
        raise TooSlow(f"{target.name}: {len(data)} bytes took more than {limit:g} s of the processor")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        target.attempt(data)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Bits:
    """Choices made by an input: its first bytes, so that a change of them is a change of a choice."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def below(self, limit: int) -> int:
        """A number from 0; 0 where there are no bytes left."""
        size = 1 if limit <= 256 else 2 if limit <= 65_536 else 4
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken) % limit

    def rest(self) -> bytes:
        """What is left."""
        return self._data[self._at :]


def cut(data: bytes, by: int) -> list[bytes]:
    """The same bytes in portions of 1, 2, 3 … as `by` has it: a stream may come in any."""
    portions, at, size = [], 0, by % 7 + 1
    while at < len(data):
        portions.append(data[at : at + size])
        at += size
        size = (size * 31 + by) % 61 + 1
    return portions


def refused(error: Exception, beginning: str = "") -> None:
    """What is refused is told in a line that a log and a terminal can show."""
    told = str(error)
    assert told.startswith(beginning), told
    assert told.isprintable(), told
