"""Signposts: every room is in CONTRIBUTING's table, and who reads of modems finds the bench."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOMS = sorted(
    str(room)
    for floor in ("gateway", "drivers", "benchmarks")
    for room in Path(floor).iterdir()
    if room.is_dir() and any(room.glob("*.py"))
)


@pytest.mark.parametrize("room", [*ROOMS, "hw_tests", "tests/replays"])
def test_contributing_tells_what_lives_in_a_room(room: str) -> None:
    table = [line for line in Path("CONTRIBUTING.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert any(f"`{room}/`" in line for line in table)


@pytest.mark.parametrize("page", ["docs/fxo.md", "docs/modems.md"])
def test_the_pages_on_modems_lead_to_the_bench(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    assert "make bench-modem" in text
    links = [Path(page).parent / link for link in re.findall(r"\]\(([^)#:]+\.md)", text)]
    assert Path("hw_tests/README.md").resolve() in [link.resolve() for link in links]
