"""The short form of `make fuzz`: seeds, what was found before, and some inputs by chance, the same at each run."""

import logging
from collections.abc import Iterator
from random import Random

import pytest

from tests.fuzz.__main__ import Result, lines_of, main
from tests.fuzz.mutate import mutated
from tests.fuzz.table import NAMES, load
from tests.fuzz.target import FOUND, Target, TooSlow, tried

pytestmark = pytest.mark.unit

FEW = 60
"""Inputs by chance of each target: a tenth of a second."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", NAMES)
def test_what_came_before_and_what_comes_by_chance(name: str) -> None:
    target, random = load(name), Random(1)
    for data in [*target.seeds, *target.found, *(mutated(target, random) for _ in range(FEW))]:
        tried(target, data, limit=30.0)  # pytest's coverage and a busy machine are no finding


def test_every_folder_of_finds_is_a_targets() -> None:
    assert {folder.name for folder in FOUND.iterdir() if folder.is_dir()} <= set(NAMES)


def test_an_input_that_takes_too_long_is_a_finding() -> None:
    def endless(_: bytes) -> None:
        while True:
            pass

    with pytest.raises(TooSlow):
        tried(Target("endless", "nothing", endless, [b"x"]), b"x", limit=0.05)


def test_what_goes_wrong_is_raised() -> None:
    def wrong(data: bytes) -> None:
        assert data != b"bad"

    tried(Target("wrong", "nothing", wrong, [b"x"]), b"good")
    with pytest.raises(AssertionError):
        tried(Target("wrong", "nothing", wrong, [b"x"]), b"bad")


def test_a_finding_is_told_in_the_table() -> None:
    lines = list(lines_of([Result("modem", 10, 2.0, 300, 0, FOUND), Result("wav", 5, 0.0, None, 77, FOUND)]))
    assert "good" in lines[1]
    assert "FOUND" in lines[2]
    assert "unseen" in lines[2]


@pytest.mark.parametrize("wrong", [["nothing"], ["modem"], ["--one", "x"]])
def test_wrong_usage_is_told(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
