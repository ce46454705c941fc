"""Whole lines against modems as they were recorded: raw bytes, a real pseudo-terminal, a real FxoLine.

The files in tests/replays/lines state every byte; their README tells the keys. All lines run at once.
"""

import asyncio

import pytest

from tests.replays.player.player import play_all
from tests.replays.player.script import FOLDER, read

pytestmark = [pytest.mark.pty, pytest.mark.timeout(240)]

REPLAYS = {path.stem: read(path) for path in sorted((FOLDER / "lines").glob("*.toml"))}


def numbered(name: str) -> str:
    """The points of the modem reference that a replay proves, before its name: `12_10-11_07-t11_…`."""
    points = [point.split(".") for point in REPLAYS[name].points]
    return "-".join((*(f"{int(chapter)}_{int(point):02}" for chapter, point in points), name))


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What went wrong with each replay that was selected."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    replays = [replay for name, replay in REPLAYS.items() if name in chosen]
    return asyncio.run(play_all(replays, tmp_path_factory.mktemp("replays")))


@pytest.mark.parametrize("name", REPLAYS, ids=numbered)
def test_the_line_survives(name: str, outcomes: dict[str, str]) -> None:
    if outcomes[name]:
        pytest.fail(outcomes[name], pytrace=False)
