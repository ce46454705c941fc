"""Call records in PostgreSQL, which several gateways share; made anew, and as an earlier version left them."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, create_engine, inspect, make_url
from sqlalchemy.exc import DBAPIError

from gateway.database import connect, run_lock
from gateway.records import Records, RecordsConfig, Store
from gateway.records.ledger import Ledger
from tests.postgres import PostgreSQL
from tests.service.told import Told, silent, talker

pytestmark = pytest.mark.service

NEW = ("kind", "kind_digit", "kind_at", "alerts", "answers", "waits", "holds", "losses", "losses_between")


@pytest.fixture
def config(tmp_path: Path) -> Iterator[RecordsConfig]:
    server = PostgreSQL()
    yield RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path)
    server.stop()


def run(config: RecordsConfig, *calls: Told) -> None:
    """A gateway that takes these calls and stops."""
    records = Records(config)
    records.start()
    for told in calls:
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert records.problem is None


def without_the_new_columns(config: RecordsConfig) -> None:
    """Make the table what the earlier version's was."""
    engine = create_engine(config.url)
    with engine.begin() as connection:
        for name in NEW:
            connection.exec_driver_sql(f"ALTER TABLE calls DROP COLUMN {name}")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        assert not {column["name"] for column in inspect(connection).get_columns("calls")} & set(NEW)
    engine.dispose()


def test_an_earlier_versions_calls_are_read_and_written_on(
    config: RecordsConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "GRACE", 0.0)  # the server has just been started; nobody else is there
    run(config, talker(call="old1"), Told(call="old2").rings(2).answered().says("greeting"))
    without_the_new_columns(config)
    with Store(config) as store:
        assert [(call.call, call.kind, call.waits) for call in store.calls()] == [
            ("old1", None, ()),
            ("old2", None, ()),
        ]
    run(config, silent(call="new1"))
    run(config)
    with Store(config) as store:
        ended = {call.call: call.released_by for call in store.calls()}
        assert store.call("new1").prompts[1].part == "ladder"
    assert ended == {"old1": "customer", "old2": "fault", "new1": "standard"}


def test_two_gateways_may_upgrade_at_the_same_time(config: RecordsConfig) -> None:
    run(config, talker())
    without_the_new_columns(config)
    together = Barrier(2)

    def start(ledger: Ledger) -> None:
        together.wait(30.0)
        with suppress(DBAPIError):  # whoever comes second finds it done
            ledger.prepare()
        ledger.prepare()
        ledger.close()

    gateways = [Thread(target=start, args=(Ledger(config),)) for _ in range(2)]
    for gateway in gateways:
        gateway.start()
    for gateway in gateways:
        gateway.join(60.0)
    with Store(config) as store:
        assert len(store.calls()) == 1


LIMITS = ("connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")


def limits(connection: Connection) -> dict[str, str]:
    """What the connection waits for at most: for the server to answer at all, and for a statement to be done."""
    parameters = connection.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]  # psycopg's
    timeout = connection.exec_driver_sql("SHOW statement_timeout").scalar()
    return {name: parameters[name] for name in LIMITS} | {"statement_timeout": str(timeout)}


def test_no_server_is_waited_for_for_ever(config: RecordsConfig) -> None:
    ours = dict(zip(LIMITS, ("5", "10", "10", "2", "30000"), strict=True)) | {"statement_timeout": "30s"}
    site = {"connect_timeout": "9", "options": "-c statement_timeout=7s"}
    for asked, found in (({}, ours), (site, ours | {"connect_timeout": "9", "statement_timeout": "7s"})):
        engine = connect(make_url(config.url).update_query_dict(asked))
        with engine.connect() as connection:
            assert limits(connection) == found, "what the site asks for goes first"
            connection.rollback()
            assert limits(connection) == found
        engine.dispose()
