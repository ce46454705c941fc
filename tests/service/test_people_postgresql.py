"""The agents' log and the numbers with a history in PostgreSQL, which several gateways share."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, insert, text

from drivers.line import CallerId
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.plan import Part, Prompt
from gateway.desk.attendance import GATEWAY_STOPPED
from gateway.desk.presence import Presence
from gateway.people import AgentLog, AgentsOnRecord, Numbers, NumbersBook
from gateway.people.schema import NumberRow
from gateway.records import RecordsConfig
from tests.postgres import PostgreSQL
from tests.service.told import MORNING

pytestmark = pytest.mark.service

MOBILE, OTHER = "13812345678", "13912345678"
NUISANCE = Prompt("phrase-nuisance", "请挂机", "JH-13", ("n.wav",), 2.0, part=Part.PHRASE)
SITES = ("jinan", "weihai")
CALLS = 20


@pytest.fixture
def configs(tmp_path: Path) -> Iterator[list[RecordsConfig]]:
    server = PostgreSQL()
    yield [RecordsConfig(site=site, url=server.url, data_dir=tmp_path) for site in SITES]
    server.stop()


def work_a_day(config: RecordsConfig) -> None:
    """One site's gateway, from its start on tables that are not there yet to its stop."""
    log = AgentLog(config, lambda: MORNING + timedelta(hours=8))
    numbers = Numbers(config)
    log.start()
    numbers.start()
    for minute in range(CALLS):
        at = MORNING + timedelta(minutes=minute)
        log.changed("801", (Presence.FREE, Presence.BUSY)[minute % 2], "call", at)
        for fact in (facts.CallerIdentified(CallerId(MOBILE)), facts.PromptFinished(NUISANCE)):
            numbers.receive(Notice(at, "sip1", f"{config.site}-{minute}", fact))
    log.stop()
    numbers.stop()


def entries(config: RecordsConfig, since: datetime | None = None) -> list[str]:
    with AgentsOnRecord(config) as reader:
        return [change.why for change in reader.changes(since).get("801", [])]


def test_two_gateways_share_a_database(configs: list[RecordsConfig]) -> None:
    with AgentsOnRecord(configs[0]) as reader, NumbersBook(configs[0]) as book:
        assert (reader.changes(), book.all()) == ({}, []), "no table yet"
    gateways = [Thread(target=work_a_day, args=(config,)) for config in configs]
    for gateway in gateways:
        gateway.start()
    for gateway in gateways:
        gateway.join(60.0)
    for config in configs:
        assert entries(config) == [*["call"] * CALLS, GATEWAY_STOPPED]
        assert entries(config, MORNING + timedelta(hours=1)) == ["call", GATEWAY_STOPPED]
    with NumbersBook(configs[0]) as book:
        assert [(noted.number, noted.nuisance) for noted in book.all()] == [(MOBILE, 2 * CALLS)]
        book.warn(MOBILE, note="每天", by="lin", at=MORNING)
    numbers = Numbers(configs[1])
    numbers.start()
    assert numbers.warned(f"+86{MOBILE}"), "whichever site put him on the list"
    counted_at_the_same_instant(configs[0], numbers)
    numbers.stop()
    with NumbersBook(configs[0]) as book:
        assert book.number(OTHER).nuisance == 2, "neither count is lost, and the number is there once"


def counted_at_the_same_instant(config: RecordsConfig, numbers: Numbers) -> None:
    """`numbers` counts OTHER for the first time while another gateway has done so and not yet committed: it finds
    no row to add to, and its own row waits for the other's."""
    assert config.url is not None
    engine = create_engine(config.url)
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT%'")
    with engine.connect() as other, engine.connect() as watching:
        row = {"number": OTHER, "nuisance": 1, "foul_language": 0, "warned": False, "last_at": MORNING}
        other.execute(insert(NumberRow).values(row))
        for fact in (facts.CallerIdentified(CallerId(OTHER)), facts.PromptFinished(NUISANCE)):
            numbers.receive(Notice(MORNING, "sip1", "the other", fact))
        deadline = time.monotonic() + 60.0
        while not watching.scalar(waits):
            assert time.monotonic() < deadline, "it never came to wait for the other gateway's row"
            watching.rollback()  # each look in a transaction of its own: the server's figures stand within one
            time.sleep(0.02)  # between two looks: a server tells nobody that somebody waits
        other.commit()
    engine.dispose()
