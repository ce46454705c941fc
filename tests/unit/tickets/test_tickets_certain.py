"""Whatever dies between a call's last fact and its ticket: the next start makes the ticket, and the one after that
no other."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import CallerId
from gateway.call import facts
from gateway.call.facts import NumberSource
from gateway.records import Records, RecordsConfig
from gateway.records.folding import fold
from gateway.records.untold import may_owe
from gateway.tickets import CallBackState, Ticket, TicketBook, TicketsConfig
from gateway.tickets.draft import folded
from tests.kills.hotline import Hotline
from tests.kills.traffic import NAME, OWED, asks
from tests.service.told import MORNING, Told, talker

pytestmark = pytest.mark.unit


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path)


def on_record(config: RecordsConfig, *calls: Told) -> None:
    """These calls, by a gateway that was killed before its tickets were written: they are in the records alone."""
    records = Records(config)
    records.start()
    for told in calls:
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert records.problem is None


def starts(config: RecordsConfig) -> Hotline:
    hotline = Hotline(config)
    hotline.start()
    return hotline


def tickets(config: RecordsConfig) -> list[Ticket]:
    with TicketBook(TicketsConfig(config)) as book:
        return book.tickets()


def noted(config: RecordsConfig) -> list[str]:
    with closing(connect(config.data_dir / "calls.db")) as connection:
        return [call for (call,) in connection.execute("SELECT call FROM calls_untold ORDER BY call")]


@pytest.mark.parametrize("story", OWED)
def test_a_case_on_record_alone_is_a_ticket_after_the_next_start(
    config: RecordsConfig, story: Callable[..., Told]
) -> None:
    on_record(config, story(call="owed"), talker(call="owed-nothing"))
    assert noted(config) == ["owed"]
    starts(config).stop()
    (made,) = tickets(config)
    assert made.call == "owed"
    assert noted(config) == []
    starts(config).stop()
    assert tickets(config) == [made], "nor has anything of it changed"


def test_a_start_that_dies_before_the_ticket_leaves_it_to_the_next(config: RecordsConfig) -> None:
    on_record(config, asks(call="ended"), Told(call="open", notices=asks(call="open").notices[:-3]))
    on_record(config)  # it closes the open one, whose customer had asked already; and its tickets are not written
    assert noted(config) == ["ended", "open"]
    starts(config).stop()
    assert sorted(str(made.call) for made in tickets(config)) == ["ended", "open"]
    assert all(made.due_at is not None for made in tickets(config))
    assert noted(config) == []


def test_what_the_last_facts_added_is_in_the_ticket_too(config: RecordsConfig) -> None:
    told = asks(call="owed")
    begun = next(at for at, notice in enumerate(told.notices) if isinstance(notice.fact, facts.CallBackAsked)) + 1
    with TicketBook(TicketsConfig(config)) as book:
        book.start()
        for notice in told.notices[:begun]:
            book.receive(notice)
        book.stop()
    on_record(config, told)
    assert [(made.number, made.due_at) for made in tickets(config)] == [("13812345678", None)]
    starts(config).stop()
    (made,) = tickets(config)
    assert (made.number, made.call_back) == ("13912345678", CallBackState.OWED)
    assert made.due_at is not None


def test_what_an_agent_said_of_the_case_stands_after_a_crash(config: RecordsConfig) -> None:
    """That is no fact of the call: who hears its facts again knows nothing of it."""
    told = asks(call="owed")
    with TicketBook(TicketsConfig(config)) as book:
        book.start()
        for notice in told.notices[:-3]:
            book.receive(notice)
        book.request("owed", "802", MORNING, kind="complaint", text="the meter")
        book.stop()
    on_record(config, told)
    starts(config).stop()
    (made,) = tickets(config)
    assert (made.kind, made.text, made.number) == ("complaint", "the meter", "13912345678")
    assert made.due_at is not None


def test_nothing_is_left_to_be_told_where_nobody_dies(config: RecordsConfig) -> None:
    hotline = starts(config)
    for at, story in enumerate(OWED):
        for notice in story(call=f"call-{at}").notices:
            hotline.receive(notice)
    hotline.stop()
    assert len(tickets(config)) == len(OWED)
    assert noted(config) == []


def test_a_ticket_that_the_database_refuses_stays_to_be_made(config: RecordsConfig) -> None:
    starts(config).stop()
    with closing(connect(config.data_dir / "calls.db")) as connection:
        connection.execute("CREATE TRIGGER no BEFORE INSERT ON tickets BEGIN SELECT RAISE(ABORT, 'no'); END")
    hotline = starts(config)
    for notice in asks(call="owed").notices:
        hotline.receive(notice)
    hotline.stop()
    assert (tickets(config), noted(config)) == ([], ["owed"])
    with closing(connect(config.data_dir / "calls.db")) as connection:
        connection.execute("DROP TRIGGER no")
    starts(config).stop()
    assert [made.call for made in tickets(config)] == ["owed"]


ASKED = facts.CallBackAsked("13812345678", NumberSource.CALLER_ID, confirmed=True)
FACTS = (
    facts.CallerIdentified(CallerId("13812345678")),
    facts.KindChosen("complaint", "2", "TT-1"),
    facts.AlertRaised("complaint", "TT-1"),
    facts.QuestionAnswered(NAME, True, None),
    facts.QuestionAnswered(NAME, False, None),
    facts.MessageTaken(),
    facts.AgentConnected("802"),
    facts.WaitBegan(1),
    ASKED,
)


@given(st.lists(st.sampled_from(FACTS), max_size=5))
def test_each_call_that_makes_a_ticket_is_noted_as_such(told: list[facts.CallFact]) -> None:
    draft = record = None
    for notice in Told().rings(2).answered().tell(*told).hung_up().notices:
        draft, record = folded(draft, notice), fold(record, notice)
    assert draft is not None
    assert record is not None
    assert may_owe(record) or not draft.wanted
    assert draft.may_owe or not may_owe(record), "or its note would stay for ever"
