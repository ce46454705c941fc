"""docs/desk.md against the code: the table of presence, the example of who is served first."""

from pathlib import Path

import pytest

from gateway.desk.diagram import renew
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit

PAGE = Path("docs/desk.md")


def test_the_page_shows_the_table_of_presence() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renew(text) == text, "run: python -m gateway.desk.diagram docs/desk.md"


def test_the_pages_example_of_who_is_served_first() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    begin = lines.index("| came at | customer | rank | order at 1:30 | order at 2:00 |") + 2
    rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines[begin : begin + 4]]
    desk = Rehearsal("801", ranks={rank: int(rank) for _, _, rank, _, _ in rows if rank.isdigit()})
    desk.comes("first")
    desk.takes("801")
    for came, customer, rank, _, _ in rows:
        desk.till(seconds(came))
        desk.comes(customer, rank)
    for column, when in ((3, "1:30"), (4, "2:00")):
        desk.till(seconds(when))
        assert desk.desk.waiting() == tuple(row[1] for row in sorted(rows, key=lambda row: int(row[column])))


def seconds(clock: str) -> float:
    minutes, _, rest = clock.partition(":")
    return 60.0 * int(minutes) + int(rest)
