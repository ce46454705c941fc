"""A writer that is stopped while it waits for a database that is back already: nothing of it is lost."""

import threading
from collections.abc import Sequence

import pytest

from gateway.records import insistence
from gateway.records.writer import Writer
from tests.broker import PATIENCE

pytestmark = pytest.mark.unit


class Away:
    """A sink that is away until it is told to be back."""

    name = "postgresql://db/calls"

    def __init__(self) -> None:
        self.back = False
        self.refused = threading.Semaphore(0)
        self.written: list[str] = []

    def prepare(self) -> None:
        pass

    def write(self, batch: Sequence[str]) -> None:
        if not self.back:
            self.refused.release()
            raise OSError("connection refused")
        self.written += batch

    def heal(self, error: BaseException) -> bool:
        return False

    def close(self) -> None:
        pass


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Away:
    monkeypatch.setattr(insistence, "FIRST_RETRY", 2 * PATIENCE)  # it would not try again by itself
    return Away()


def test_what_waits_for_the_next_attempt_is_tried_once_more(sink: Away, caplog: pytest.LogCaptureFixture) -> None:
    writer: Writer[str] = Writer(sink, "tickets", "calls' tickets", limit=10, named=str)
    writer.start()
    writer.put("a call-back that is owed")
    assert sink.refused.acquire(timeout=PATIENCE)
    sink.back = True
    writer.stop()
    assert sink.written == ["a call-back that is owed"]
    assert "lost" not in caplog.text


def test_and_no_more_than_once(sink: Away, caplog: pytest.LogCaptureFixture) -> None:
    writer: Writer[str] = Writer(sink, "tickets", "calls' tickets", limit=10, named=str)
    writer.start()
    writer.put("a call-back that is owed")
    assert sink.refused.acquire(timeout=PATIENCE)
    writer.stop()
    assert sink.refused.acquire(blocking=False)
    assert not sink.refused.acquire(blocking=False)
    assert "1 calls' tickets could not be written and are lost" in caplog.text
