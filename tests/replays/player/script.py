"""Reading a replay: its TOML, the modem it was recorded from, and what that modem answers."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]
Piece = str | float
"""Text for the wire, each character a byte, or seconds of pause."""


@dataclass(frozen=True)
class Replay:
    """One file of tests/replays/lines. Keys: see tests/replays/README.md."""

    name: str
    steps: list[dict[str, Any]]
    points: list[str]
    profile: str = "auto"
    tones: str = "cn"
    echo: str = "verbatim"
    cut: bool = False
    sub: bool = False
    codings: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Piece]] = field(default_factory=dict)
    before_v1: dict[str, list[Piece]] = field(default_factory=dict)
    ends: dict[str, dict[str, list[Piece]]] = field(default_factory=dict)

    def answer(self, command: str, *, v1: bool) -> list[Piece] | None:
        """What the modem says to a command; None for one that it was never asked."""
        table = self.answers if v1 else self.before_v1
        if command in table:
            return table[command]
        for pattern, answer in table.items():
            if "*" in pattern and re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), command):
                return answer
        return None


def read(path: Path) -> Replay:
    """A replay with its modem's answers; its own come first."""
    own = tomllib.loads(path.read_text(encoding="utf-8"))
    modem = tomllib.loads((FOLDER / "modems" / f"{own['modem']}.toml").read_text(encoding="utf-8"))
    both = modem | {key: value for key, value in own.items() if not isinstance(value, dict)}
    tables = {key: _merged(own.get(key, {}), modem.get(key, {})) for key in ("answers", "before_v1", "codings")}
    ends = modem.get("ends", {}) | own.get("ends", {})
    return Replay(
        name=path.stem,
        steps=own["step"],
        points=own["points"],
        **{key: both[key] for key in ("profile", "tones", "echo", "cut", "sub") if key in both},
        codings=tables["codings"],
        answers={key: pieces(value) for key, value in tables["answers"].items()},
        before_v1={key: pieces(value) for key, value in tables["before_v1"].items()},
        ends={stream: {code: pieces(value) for code, value in codes.items()} for stream, codes in ends.items()},
    )


def pieces(value: Any) -> list[Piece]:
    """One text or a list of texts and pauses, as a list."""
    return value if isinstance(value, list) else [value]


def _merged(own: dict[str, Any], modem: dict[str, Any]) -> dict[str, Any]:
    """The replay's entries before the modem's, so that its patterns are tried first."""
    return own | {key: value for key, value in modem.items() if key not in own}
