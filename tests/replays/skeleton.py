"""A modem's own log to the beginning of a replay: `python -m tests.replays.skeleton ttyACM0.wire > my_modem.toml`.

What is left to do by hand: title and source, the facts after each step, and the caller's number to be replaced.
See tests/replays/README.md.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.replays.player.host import HostBytes

RESULT = re.compile(rb"(?:^|[\r\n])(?:OK|ERROR|VCON|NO CARRIER|[034])\r\n?$")
_ECHOED_CODES = re.compile(rb"(?:\x00|\x10[\x03\x18!^])*\r?")
_UNASKED = re.compile(rb"\r\n(?:RING[^\r]*|(?:DATE|TIME|NMBR|NAME|MESG|DDN_NMBR) ?=[^\r]*)\r\n|\x10R")
"""What a modem says by itself even between a command and its answer."""
PAUSE = 0.25
"""Seconds between two pieces that are worth stating."""
_LINE = re.compile(r"(\d+\.\d+) ([<>]) (\".*\")")


@dataclass
class Exchange:
    """A command or a stream's end, and what came back until it was answered."""

    host: str
    stream: str | None
    answer: list[str | float] = field(default_factory=list)

    def whole(self) -> bytes:
        """The answer without its pauses."""
        return b"".join(piece.encode("latin-1") for piece in self.answer if isinstance(piece, str))


@dataclass
class Said:
    """What the modem sent by itself, `after` seconds without a word."""

    after: float
    text: str


def entries(path: Path) -> Iterator[tuple[float, str, bytes]]:
    """Time, direction and bytes of every line. Raises ValueError that names a line which is none."""
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{path}:{number}: not a line of a wire log")
        yield float(match[1]), match[2], tomllib.loads(f"t = {match[3]}")["t"].encode("latin-1")


class Reader:
    """Sorts a log into exchanges and what came unasked; the audio of streams is left out."""

    def __init__(self) -> None:
        self.found: list[Exchange | Said] = []
        self._host = HostBytes()
        self._open: Exchange | None = None
        self._last = 0.0
        self._half = b""

    def take(self, time: float, direction: str, data: bytes) -> None:
        """One line of the log."""
        if direction == ">":
            for sent in self._host.feed(data, time):
                self._open = Exchange(sent, self._host.stream)
                self.found.append(self._open)
            self._last = time
        elif self._host.stream and self._open is None:
            self._heard(time, data)
        elif self._open is None and not _ECHOED_CODES.fullmatch(data):
            self.found.append(Said(round(time - self._last, 1), data.decode("latin-1")))
            self._last = time
        elif self._open is not None:
            if unasked := b"".join(_UNASKED.findall(data)):
                self.found.append(Said(round(time - self._last, 1), unasked.decode("latin-1")))
            self._answered(self._open, time, _UNASKED.sub(b"", data))

    def _answered(self, exchange: Exchange, time: float, data: bytes) -> None:
        if exchange.stream in ("+VRX", "+VTR") and not exchange.answer:
            end = data.find(b"\x10\x03")
            data = data[end:] if end >= 0 else b""  # the tail of the audio goes before it
        if not data:
            return
        if time - self._last > PAUSE:
            exchange.answer.append(round(time - self._last, 1))
        self._last = time
        text, connected, audio = data.partition(b"CONNECT\r\n")
        exchange.answer.append((text + connected).decode("latin-1"))
        if connected:
            self._open = None
            self._host.connected(exchange.host[2:-1], time)
            self._heard(time, audio)
        elif RESULT.search(exchange.whole()):
            self._open = None
            if exchange.stream:
                self._host.ended()

    def _heard(self, time: float, data: bytes) -> None:
        """Event codes within audio."""
        data = self._half + data
        odd = len(data) - len(data.rstrip(b"\x10"))
        self._half = b"\x10" if odd % 2 else b""
        for pair in re.findall(rb"\x10[\x00-\xff]", data[: len(data) - len(self._half)]):
            if pair[1:] not in b"\x10\x1a":
                self.found.append(Said(round(time - self._last, 1), pair.decode("latin-1")))
                self._last = time


def skeleton(found: list[Exchange | Said]) -> str:
    """The replay's TOML: one answer for each command; what differed later, and what came unasked, as steps."""
    echoed = any(e.whole().startswith(e.host.encode("latin-1")) for e in found if isinstance(e, Exchange))
    answers: dict[str, list[str | float]] = {}
    ends: dict[str, dict[str, list[str | float]]] = {}
    steps: list[str] = []
    for one in found:
        if isinstance(one, Said):
            steps.append(f"[[step]]\nwait = {max(0.0, one.after)}\nmodem = {_toml(one.text)}\nfacts = []\n")
            continue
        answer = _answer(one)
        if one.stream:
            ends.setdefault(one.stream[1:], {}).setdefault(one.host[1:], answer)
        elif answers.setdefault(one.host[:-1], answer) != answer and _texts(answers[one.host[:-1]]) != _texts(
            answer
        ):
            steps.append(f"[[step]]\nhost = {_toml(one.host)}\nanswer = {_toml(answer)}\n")
    table = "".join(f"{_toml(command)} = {_toml(answer)}\n" for command, answer in answers.items())
    streams = "".join(
        f"\n[ends.{stream}]\n" + "".join(f"{_toml(code)} = {_toml(answer)}\n" for code, answer in codes.items())
        for stream, codes in ends.items()
    )
    return (
        'title = ""\nsource = ""\npoints = []\nmodem = "conexant" # whose answers fill the gaps\n'
        f'echo = "{"verbatim" if echoed else "off"}"\n\n[answers]\n{table}{streams}\n' + "\n".join(steps)
    )


def _answer(one: Exchange) -> list[str | float]:
    """Without the echo, which the player makes itself."""
    answer, echo = list(one.answer), "" if one.stream else one.host
    while echo and answer and isinstance(first := answer[0], str):
        if not (first.startswith(echo) or echo.startswith(first)):
            break
        echo, rest = echo[len(first) :], first[len(echo) :]
        answer[:1] = [rest] if rest else []
    return answer


def _texts(answer: list[str | float]) -> str:
    return "".join(piece for piece in answer if isinstance(piece, str))


def _toml(value: object) -> str:
    """JSON's strings and lists are TOML's, but for DEL. A list of one text is that text."""
    one = value[0] if isinstance(value, list) and len(value) == 1 else value
    return json.dumps(one).replace("\x7f", "\\u007f")


def main() -> int:
    """Print the skeleton of the log named on the command line."""
    if len(sys.argv) != 2:
        print("usage: python -m tests.replays.skeleton FILE.wire", file=sys.stderr)
        return 2
    reader = Reader()
    try:
        for entry in entries(Path(sys.argv[1])):
            reader.take(*entry)
    except (OSError, ValueError) as exc:
        print(exc, file=sys.stderr)
        return 1
    print(skeleton(reader.found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
