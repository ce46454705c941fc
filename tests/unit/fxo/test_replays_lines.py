"""Whole lines against modems as they were recorded: raw bytes, a real pseudo-terminal, a real FxoLine.

The files in tests/replays/lines state every byte; their README tells the keys. All lines run at once.
"""

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.fxo.wire_log import VARIABLE
from tests.replays.player.player import play_all
from tests.replays.player.script import FOLDER, pieces, read
from tests.replays.skeleton import Reader, entries, skeleton

pytestmark = [pytest.mark.pty, pytest.mark.timeout(240)]

REPLAYS = {path.stem: read(path) for path in sorted((FOLDER / "lines").glob("*.toml"))}


def numbered(name: str) -> str:
    """The points of the modem reference that a replay proves, before its name: `12_10-11_07-t11_…`."""
    points = [point.split(".") for point in REPLAYS[name].points]
    return "-".join((*(f"{int(chapter)}_{int(point):02}" for chapter, point in points), name))


@pytest.fixture(scope="module")
def wire_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where each line logs its bytes."""
    folder = tmp_path_factory.mktemp("wire")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wire_logs: Path
) -> dict[str, str]:
    """What went wrong with each replay that was selected."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    replays = [replay for name, replay in REPLAYS.items() if name in chosen]
    return asyncio.run(play_all(replays, tmp_path_factory.mktemp("replays")))


@pytest.mark.parametrize("name", REPLAYS, ids=numbered)
def test_the_line_survives(name: str, outcomes: dict[str, str]) -> None:
    if outcomes[name]:
        pytest.fail(outcomes[name], pytrace=False)


@pytest.mark.parametrize("name", ["t11_usr5637_rings_on"])
def test_a_log_becomes_the_replay_it_was_of(name: str, outcomes: dict[str, str], wire_logs: Path) -> None:
    reader = Reader()
    for entry in entries(wire_logs / f"{name}.wire"):
        reader.take(*entry)
    made = tomllib.loads(skeleton(reader.found))
    replay = REPLAYS[name]
    assert made["echo"] == "verbatim"
    for command, answer in made["answers"].items():
        told = replay.answer(command, v1=True)
        if command == "AT+VLS=1":  # a step's
            told = ["\x10H", "\r\nOK\r\n"]
        assert told is not None
        assert texts(answer) == texts(told), command
    assert texts(made["ends"]["VTR"]["\x03"]) == "\x10\x03\r\nOK\r\n"
    unasked = "".join(step["modem"] for step in made["step"] if "modem" in step)
    assert unasked == "\r\nRING\r\n" + replay.steps[2]["modem"][1] + "\x10R\x10R"


def texts(answer: object) -> str:
    """An answer without its pauses and cuts."""
    return "".join(piece for piece in pieces(answer) if isinstance(piece, str))
