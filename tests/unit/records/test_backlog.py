"""Facts leave the backlog in the order in which they came, each once, from memory or from the file."""

import os
from collections.abc import Iterator
from errno import EROFS
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.records import backlog
from gateway.records.backlog import Backlog
from gateway.records.entry import Entry, decoded, encoded
from gateway.records.spool_file import SpoolFile, lines_of
from tests.examples import examples
from tests.service.told import MORNING, ZONE

pytestmark = pytest.mark.unit

LIMIT = 60_000
"""Bytes of the file: more than a story writes, and few to look through after each step."""


def entry(seq: int) -> tuple[Entry, bytes]:
    made = Entry.of("run", seq, Notice(MORNING, "sip1", f"c{seq % 7}", facts.Rang(seq)))
    return made, encoded(made)


@pytest.fixture(autouse=True)
def small_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(backlog, "IN_MEMORY", 5)
        yield


class Backlogs(RuleBasedStateMachine):
    """Facts come, are taken, written or not; the file may refuse them for a time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "spool" / "a.spool"
        self.file = SpoolFile(self.path, LIMIT)
        self.backlog = Backlog(ZONE, 8)
        self.backlog.open(lambda: self.file)
        self.seq = 0
        self.waiting: list[int] = []
        self.taken: list[Entry] = []
        self.refuses = False

    @rule(count=st.integers(1, 12))
    def put(self, count: int) -> None:
        entries = [entry(self.seq + number) for number in range(1, count + 1)]
        lost = self.backlog.lost
        self.backlog.put(entries)
        self.seq += count
        kept = count - (self.backlog.lost - lost)
        assert kept == count or self.refuses, "nothing is lost that the file can hold"
        self.waiting += [one.seq for one, _ in entries[:kept]]

    @precondition(lambda self: not self.taken)
    @rule(count=st.integers(1, 9))
    def take(self, count: int) -> None:
        self.taken = self.backlog.take(count)
        assert [one.seq for one in self.taken] == self.waiting[: len(self.taken)]
        assert self.taken or not self.waiting

    @precondition(lambda self: self.taken)
    @rule(written=st.booleans())
    def write(self, written: bool) -> None:
        if written:
            self.waiting = self.waiting[len(self.taken) :]
            self.backlog.done(self.taken)
        else:
            self.backlog.put_back(self.taken)
        self.taken = []

    @rule()
    def refuse(self) -> None:
        self.refuses = not self.refuses
        self.file._limit = 0 if self.refuses else LIMIT  # what a full disk does

    @invariant()
    def it_knows_how_many_wait(self) -> None:
        assert len(self.backlog) == len(self.waiting)

    @invariant()
    def what_is_safe_is_in_the_file_or_done(self) -> None:
        there = {decoded(line, ZONE).seq for line in lines_of(self.path)}
        safe = [seq for seq in self.waiting if seq <= self.backlog.safe]
        assert set(safe) <= there
        assert self.waiting or not there, "nothing of what is done stays in the file"

    def teardown(self) -> None:
        self.backlog.close()
        self.folder.cleanup()


TestBacklogs = Backlogs.TestCase
TestBacklogs.settings = settings(max_examples=examples(10), stateful_step_count=40, deadline=None)


def test_many_more_than_memory_holds_come_out_in_order(tmp_path: Path) -> None:
    waiting = Backlog(ZONE, 8)
    waiting.open(lambda: SpoolFile(tmp_path / "a.spool", 1_000_000))
    waiting.put([entry(seq) for seq in range(1, 101)])
    out: list[int] = []
    while batch := waiting.take(7):
        out += [one.seq for one in batch]
        waiting.done(batch)
    assert out == list(range(1, 101))
    assert len(waiting) == 0


def test_a_damaged_line_loses_itself_alone(tmp_path: Path) -> None:
    waiting = Backlog(ZONE, 8)
    file = SpoolFile(tmp_path / "a.spool", 1_000_000)
    waiting.open(lambda: file)
    waiting.put([entry(seq) for seq in range(1, 11)])
    content = (tmp_path / "a.spool").read_bytes()
    with (tmp_path / "a.spool").open("r+b") as damaging:
        damaging.seek(content.index(b'"run",8,'))
        damaging.write(b"x")
    out: list[int] = []
    while batch := waiting.take(7):
        out += [one.seq for one in batch]
        waiting.done(batch)
    assert out == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert waiting.lost == 1


def test_while_the_database_is_away_each_fact_is_on_the_disk_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fdatasync", lambda _: flushed.append(len(flushed)))
    kept = Backlog(ZONE, LIMIT)
    kept.open(lambda: SpoolFile(tmp_path / "a.spool", LIMIT))
    kept.put([entry(1)])
    assert not flushed, "the database does so"
    kept.flush()
    assert len(flushed) == 1, "what is in the file already"
    kept.put([entry(2)])
    kept.put([entry(3)])
    assert len(flushed) == 3
    kept.careful = False
    kept.put([entry(4)])
    assert len(flushed) == 3
    kept.close()


class DeadFile(SpoolFile):
    """On a file system that takes nothing any more, as ext4 after an error."""

    dead = False

    def append(self, lines: bytes) -> int:
        self._fails()
        return super().append(lines)

    def blank(self) -> None:
        self._fails()
        super().blank()

    def _fails(self) -> None:
        if self.dead:
            raise OSError(EROFS, os.strerror(EROFS))


@pytest.mark.parametrize("held", [True, False], ids=["with facts", "empty"])
def test_a_file_on_a_dead_disk_is_left_for_a_new_one(tmp_path: Path, held: bool) -> None:
    """Not before all that it holds is in the database."""
    first, second = DeadFile(tmp_path / "1.spool", LIMIT), SpoolFile(tmp_path / "2.spool", LIMIT)
    made = iter((first, second))
    kept = Backlog(ZONE, LIMIT)
    kept.open(lambda: next(made))
    kept.put([entry(1)])
    if not held:
        kept.done(kept.take(1))
    first.dead = True
    kept.put([entry(2)])
    assert kept.trouble == os.strerror(EROFS)
    assert kept.unsafe == 1
    kept.done(kept.take(2))
    kept.put([entry(3)])
    assert kept.trouble is None
    assert kept.safe == 3
    assert [decoded(line, ZONE).seq for line in lines_of(second.path)] == [3]
    assert not first.path.exists(), "what it held is in the database"
    kept.close()
