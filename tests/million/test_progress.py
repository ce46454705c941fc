"""A long run that was broken off goes on, and comes in parts."""

from pathlib import Path

import pytest

from tests.million.__main__ import CALLS, played, shifts, some_of
from tests.million.progress import Progress, Worked
from tests.million.shift import Shift

pytestmark = pytest.mark.unit


def test_parts_are_the_whole_and_no_shift_is_in_two_of_them() -> None:
    whole = list(shifts(1, 5 * CALLS + 7, some_of("0-99")))
    parts = [shift for part in ("0-1", "2", "3-9") for shift in shifts(1, 5 * CALLS + 7, some_of(part))]
    assert parts == whole
    assert [shift.calls for shift in whole] == [*5 * (CALLS,), 7]


def test_what_is_done_is_not_played_again_and_the_rest_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(tmp_path / "done")
    wanted = [Shift(1, number, 20) for number in range(3)]
    progress.add(Worked(wanted[1], facts=900, seconds=1.0, on_records=0.5))
    with (tmp_path / "done").open("a") as file:
        file.write('{"shift": {"seed": 1, "num')  # the machine went down
    assert played(wanted, progress, processes=1) == 0
    assert "20 calls were played before\n40 calls," in capsys.readouterr().out
    assert {worked.shift for worked in progress} == set(wanted)
    assert played(wanted, progress, processes=1) == 0
    assert capsys.readouterr().out == "60 calls were played before\n"
