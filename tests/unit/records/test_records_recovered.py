"""What an earlier run did not see to its end is told to those who must act on it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.call.facts import Notice, Released
from gateway.records import Records, RecordsConfig
from gateway.records.backlog import Backlog
from gateway.records.entry import Entry, encoded
from gateway.records.spool_file import SpoolFile, next_path
from tests.service.told import ZONE, Told, talker

pytestmark = pytest.mark.unit


def run(config: RecordsConfig, *calls: Told) -> list[Sequence[Notice]]:
    """A gateway that takes these calls and stops; gives the calls that it recovered."""
    recovered: list[Sequence[Notice]] = []
    records = Records(config, recovered=recovered.append)
    records.start()
    for told in calls:
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert records.problem is None
    return recovered


def test_a_call_that_was_open_is_told_with_its_end(tmp_path: Path) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    told = Told(call="open").rings(2).answered().says("greeting")
    assert run(config, told, talker(call="ended")) == []
    (facts,) = run(config)
    assert list(facts[:-1]) == told.notices
    assert isinstance(facts[-1].fact, Released)
    assert run(config) == [], "once"


def test_a_call_that_was_in_the_spool_alone_is_told_whole(tmp_path: Path) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    told = talker(call="spooled")
    backlog = Backlog(ZONE, 10)
    backlog.open(lambda: SpoolFile(next_path(tmp_path / "spool", "earlier"), config.spool_bytes))
    entries = [Entry.of("earlier", seq, notice) for seq, notice in enumerate(told.notices, 1)]
    backlog.put([(entry, encoded(entry)) for entry in entries])
    backlog.close()
    (facts,) = run(config)
    assert list(facts) == told.notices


def test_a_call_that_was_open_in_the_spool_alone_is_closed(tmp_path: Path) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    told = Told(call="spooled").rings(2).answered()
    backlog = Backlog(ZONE, 10)
    backlog.open(lambda: SpoolFile(next_path(tmp_path / "spool", "earlier"), config.spool_bytes))
    entries = [Entry.of("earlier", seq, notice) for seq, notice in enumerate(told.notices, 1)]
    backlog.put([(entry, encoded(entry)) for entry in entries])
    backlog.close()
    (facts,) = run(config)
    assert list(facts[:-1]) == told.notices
    assert isinstance(facts[-1].fact, Released)
    assert list((tmp_path / "spool").iterdir()) == []
