"""Every byte between host and modem with its direction and time, and the file that it is kept in."""

import json
import tomllib
from collections import deque
from collections.abc import Iterable
from pathlib import Path

LENGTH = 20_000
"""Pieces kept: some three minutes of audio both ways, days of waiting."""

Piece = tuple[float, str, bytes]
"""Line time in seconds, `>` host to modem or `<` modem to host, the bytes."""


def new_transcript() -> deque[Piece]:
    """An empty one; the oldest pieces give way."""
    return deque(maxlen=LENGTH)


def save(path: Path, pieces: Iterable[Piece], *, personality: str, seed: int) -> None:
    """Write TOML: who the modem was, then a table for each piece; each character of `data` is a byte. Raises
    OSError."""
    lines = [f"personality = {json.dumps(personality)}", f"seed = {seed}"]
    for at, way, data in pieces:
        text = json.dumps(data.decode("latin-1")).replace("\x7f", "\\u007f")
        lines += [
            "",
            "[[piece]]",
            f"at = {at:.2f}",
            f'from = "{"host" if way == ">" else "modem"}"',
            f"data = {text}",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(path: Path) -> list[Piece]:
    """The pieces of a saved file. Raises OSError, tomllib.TOMLDecodeError, KeyError for another file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        (piece["at"], ">" if piece["from"] == "host" else "<", piece["data"].encode("latin-1"))
        for piece in table["piece"]
    ]
