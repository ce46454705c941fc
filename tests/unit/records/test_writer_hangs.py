"""A writer whose database does not answer at all: nobody waits for it for ever."""

import threading
from collections.abc import Sequence

import pytest

from gateway.records import writer
from gateway.records.writer import Writer

pytestmark = pytest.mark.unit


class Slow:
    """A sink that needs longer for all than anybody waits for one batch."""

    name = "calls.db"

    def __init__(self) -> None:
        self.written: list[str] = []

    def prepare(self) -> None:
        pass

    def write(self, batch: Sequence[str]) -> None:
        threading.Event().wait(0.05)
        self.written += batch

    def heal(self, error: BaseException) -> bool:
        return False

    def close(self) -> None:
        pass


class Hanging:
    """A sink that answers when it is told to."""

    name = "postgresql://db/calls"

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.asked = threading.Event()
        self.closed = threading.Event()

    def prepare(self) -> None:
        pass

    def write(self, batch: Sequence[str]) -> None:
        self.asked.set()
        self.answers.wait()

    def heal(self, error: BaseException) -> bool:
        return False

    def close(self) -> None:
        self.closed.set()


def test_a_slow_one_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "STOP", 1.0)
    monkeypatch.setattr(writer, "BATCH", 1)
    sink = Slow()
    writing: Writer[str] = Writer(sink, "records", "facts", limit=100, named=str)
    items = [str(number) for number in range(24)]
    for item in items:
        writing.put(item)
    writing.start()
    writing.stop()
    assert sink.written == items


def test_it_is_given_up_and_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(writer, "STOP", 0.05)
    sink = Hanging()
    writing: Writer[str] = Writer(sink, "records", "facts", limit=10, named=str)
    writing.start()
    writing.put("first")
    assert sink.asked.wait(30)
    writing.put("second")
    stopping = threading.Thread(target=writing.stop, daemon=True)
    stopping.start()
    stopping.join(30)
    assert not stopping.is_alive(), "it waits for the database"
    assert not sink.closed.is_set(), "it is in use"
    (told,) = caplog.messages
    assert told == (
        "records: postgresql://db/calls has not answered for 0.05 s; 1 facts are lost, and any on their way"
    )
    sink.answers.set()
    assert sink.closed.wait(30), "it writes what it can and closes"
    writing.stop()
