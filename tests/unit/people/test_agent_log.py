"""The agents' log on disk: written at once, closed where nobody watched, read by others."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.desk.attendance import GATEWAY_STOPPED, Change
from gateway.desk.presence import Presence, Why
from gateway.people import AgentLog, AgentsOnRecord, agent_log
from gateway.records import Records, RecordsConfig, RecordsError, RecordsMissing
from tests.service.told import MORNING, Told

pytestmark = pytest.mark.unit

MINUTE = timedelta(minutes=1)
FREE, AWAY, OFFLINE = Presence.FREE, Presence.AWAY, Presence.OFFLINE


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path / "var")


def at(minutes: float) -> datetime:
    return MORNING + minutes * MINUTE


def clock(minutes: float) -> Callable[[], datetime]:
    return lambda: at(minutes)


def on_record(config: RecordsConfig, since: datetime | None = None) -> dict[str, list[tuple[float, str, str]]]:
    with AgentsOnRecord(config) as reader:
        return {agent: [shown(change) for change in log] for agent, log in reader.changes(since).items()}


def shown(change: Change) -> tuple[float, str, str]:
    return (change.at - MORNING) / MINUTE, change.presence.value, change.why


def kept(config: RecordsConfig, *changes: tuple[str, Presence, str, float], stops: float = 60) -> None:
    """A gateway's whole life."""
    log = AgentLog(config, clock(stops))
    log.start()
    for agent, presence, why, minutes in changes:
        log.changed(agent, presence, why, at(minutes))
    log.stop()


def test_what_was_logged_is_read_and_closed_when_the_gateway_stops(config: RecordsConfig) -> None:
    kept(config, ("801", FREE, Why.LOG_IN, 0), ("802", FREE, Why.REACHABLE, 1), ("801", AWAY, Why.BY_HIMSELF, 2))
    assert on_record(config) == {
        "801": [(0, "free", "log_in"), (2, "away", "by_himself"), (60, "offline", GATEWAY_STOPPED)],
        "802": [(1, "free", "reachable"), (60, "offline", GATEWAY_STOPPED)],
    }


def test_only_what_a_range_needs_is_read(config: RecordsConfig) -> None:
    kept(config, *(("801", (FREE, AWAY)[n % 2], "", n) for n in range(6)), ("802", FREE, "", 1))
    assert on_record(config, at(4.5)) == {
        "801": [(4, "free", ""), (5, "away", ""), (60, "offline", GATEWAY_STOPPED)],
        "802": [(1, "free", ""), (60, "offline", GATEWAY_STOPPED)],
    }


def crashed(config: RecordsConfig, *changes: tuple[str, Presence, str, float]) -> None:
    """As `kept`, without its end."""
    kept(config, *changes)
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        connection.execute("DELETE FROM agent_log WHERE why = ?", [GATEWAY_STOPPED])
    connection.close()


def test_a_crash_is_closed_as_of_the_last_that_is_known(config: RecordsConfig) -> None:
    records = Records(config)
    records.start()
    for notice in Told(at=at(7)).rings(1).notices:
        records.receive(notice)
    records.stop()
    crashed(config, ("801", FREE, "", 0), ("802", OFFLINE, "log_out", 5))
    kept(config, ("801", FREE, "", 20), stops=30)
    assert on_record(config) == {
        "801": [
            (0, "free", ""),
            (7, "offline", GATEWAY_STOPPED),
            (20, "free", ""),
            (30, "offline", GATEWAY_STOPPED),
        ],
        "802": [(5, "offline", "log_out"), (7, "offline", GATEWAY_STOPPED)],
    }


def test_a_log_that_was_closed_is_not_closed_again(config: RecordsConfig) -> None:
    kept(config, ("801", FREE, "", 0))
    kept(config, ("802", FREE, "", 70), stops=80)
    assert on_record(config) == {
        "801": [(0, "free", ""), (60, "offline", GATEWAY_STOPPED)],
        "802": [(70, "free", ""), (80, "offline", GATEWAY_STOPPED)],
    }


@dataclass
class Known:
    """What the records know of the site's runs."""

    run: str
    company: bool = False
    living: frozenset[str | None] = frozenset()

    def lives(self, run: str | None) -> bool:
        return run == self.run or run in self.living


def test_who_is_known_to_be_dead_later_is_closed_as_of_the_last_that_it_told(
    config: RecordsConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database did not answer when this run began: it has written of the same agent before it knew."""
    monkeypatch.setattr(agent_log, "LOOK", 0.01)
    for agent, run, minutes in (("802", "other", 3), ("801", "dead", 5)):
        log = AgentLog(config, clock(60), Known(run))
        log.start()
        log.changed(agent, FREE, "", at(minutes))
        log.stop()
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        connection.execute("DELETE FROM agent_log WHERE why = ?", [GATEWAY_STOPPED])
    known = Known("mine", company=True, living=frozenset(("dead", "other")))
    log = AgentLog(config, clock(60), known)
    log.start()
    log.changed("801", AWAY, "", at(20))
    while len(on_record(config)["801"]) < 2:
        time.sleep(0.01)  # the log writes in a thread of its own: the database is asked, as nothing tells
    assert on_record(config)["801"] == [(5, "free", ""), (20, "away", "")]
    known.living = frozenset({"other"})
    while len(on_record(config)["801"]) < 3:
        time.sleep(0.01)  # the log writes in a thread of its own: the database is asked, as nothing tells
    log.stop()
    assert on_record(config) == {
        "801": [
            (5, "free", ""),
            (5, "offline", GATEWAY_STOPPED),
            (20, "away", ""),
            (60, "offline", GATEWAY_STOPPED),
        ],
        "802": [(3, "free", "")],
    }


def test_other_sites_agents_are_left_alone(config: RecordsConfig) -> None:
    crashed(config, ("801", FREE, "", 0))
    other = RecordsConfig(site="weihai", data_dir=config.data_dir)
    kept(other, ("801", AWAY, "", 10))
    assert on_record(config) == {"801": [(0, "free", "")]}
    assert on_record(other) == {"801": [(10, "away", ""), (60, "offline", GATEWAY_STOPPED)]}


def test_a_state_of_another_version_is_left_out_and_told(config: RecordsConfig) -> None:
    kept(config, ("801", FREE, "", 0), ("802", FREE, "", 0))
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        connection.execute("UPDATE agent_log SET presence = 'asleep' WHERE agent = '801'")
    connection.close()
    with AgentsOnRecord(config) as reader:
        assert list(reader.changes()) == ["802"]
    assert "entry 1 of the agents' log" in reader.unreadable.told()


def test_nothing_to_read(config: RecordsConfig) -> None:
    with pytest.raises(RecordsMissing, match="does not exist"):
        on_record(config)
    records = Records(config)
    records.start()
    records.stop()
    assert on_record(config) == {}, "a gateway that kept no log"
    (config.data_dir / "calls.db").write_bytes(b"no database" * 500)
    with pytest.raises(RecordsError, match=r"calls\.db"):
        on_record(config)
