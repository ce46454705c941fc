"""Two gateways with one site on one database: neither ends the call-backs of the other, nor its agents' log;
what a dead one left is tidied up."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.database import run_lock
from gateway.desk.attendance import GATEWAY_STOPPED
from gateway.desk.presence import Presence, Why
from gateway.people import AgentLog, AgentsOnRecord
from gateway.records import Records, RecordsConfig, Store
from gateway.tickets import CallBackState, Permit, Ticket, TicketBook, TicketsConfig
from gateway.tickets.policy import CallBackPolicy
from tests.service.one_site import config, server, soon, until
from tests.service.told import MORNING
from tests.unit.tickets.counter import HOURS, NUMBER, SOON, asks, hears

pytestmark = pytest.mark.service

__all__ = ["config", "server", "soon"]  # fixtures

HOUR = timedelta(hours=1)
OTHER = "13912345678"
FIRST = """
import signal, sys
from pathlib import Path
from gateway.records import RecordsConfig
from tests.service.test_site_shared_desk import Gateway
gateway = Gateway(RecordsConfig(site="jinan", url=sys.argv[1], data_dir=Path(sys.argv[2])))
gateway.has_work()
print("working", flush=True)
signal.pause()  # until it is killed
"""


class Gateway:
    """What of a gateway writes into the database."""

    def __init__(self, config: RecordsConfig, now: datetime = SOON) -> None:
        self.records = Records(config)
        self.records.start()
        policy = CallBackPolicy(HOURS)
        tickets = TicketsConfig(replace(config), ("801", "802"), policy=policy)
        self.tickets = TicketBook(tickets, now=lambda: now, runs=self.records)
        self.tickets.start()
        self.log = AgentLog(config, lambda: now, self.records)
        self.log.start()

    def has_work(self) -> Permit:
        """An agent logs in, a customer is being called back, another one has asked for it and is still there."""
        self.log.changed("801", Presence.FREE, Why.LOG_IN, MORNING)
        over, up = asks(NUMBER, call="over").hung_up(), asks(OTHER, call="up")
        for told in (over, up):
            hears(self.tickets, told)
            for notice in told.notices:
                self.records.receive(notice)
        until(lambda: len(self.tickets.tickets()) == 2 and not self.records.spooled)
        until(lambda: [one.ticket for one in self.tickets.due_call_backs(SOON)] == [1])
        until(lambda: self.agents() == ["log_in"])
        return self.tickets.permit(1, SOON)

    def agents(self) -> list[str]:
        return agents(self.tickets.config.records)

    def stop(self) -> None:
        self.records.stop()
        self.tickets.stop()
        self.log.stop()


def agents(config: RecordsConfig) -> list[str]:
    with AgentsOnRecord(config) as reader:
        return [change.why for change in reader.changes().get("801", [])]


def tickets(config: RecordsConfig) -> list[Ticket]:
    with TicketBook(TicketsConfig(config)) as book:
        return book.tickets()


def stands(config: RecordsConfig) -> tuple[list[str], list[tuple[CallBackState | None, bool]]]:
    """The agent's log, and of each ticket its call-back and whether it waits for its call to end."""
    return agents(config), [(one.call_back, one.due_at is None) for one in tickets(config)]


UNTOUCHED = (["log_in"], [(CallBackState.CALLING, True), (CallBackState.OWED, True)])
TIDIED = (["log_in", GATEWAY_STOPPED], [(CallBackState.OWED, False), (CallBackState.OWED, False)])


@pytest.fixture
def first(config: Callable[[str], RecordsConfig]) -> Iterator["subprocess.Popen[bytes]"]:
    """A gateway of its own process, with work."""
    mine = config("first")
    command = [sys.executable, "-c", FIRST, mine.url, str(mine.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        yield process
        killed(process)


def killed(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_start_leaves_alone_what_a_living_gateway_has(config: Callable[[str], RecordsConfig]) -> None:
    working = Gateway(config("first"))
    permit = working.has_work()
    for _ in range(2):  # the second finds what the first of them left, and it is nothing of its own
        other = Gateway(config("second"), SOON + HOUR / 2)
        assert stands(config("second")) == UNTOUCHED
        other.stop()
    assert stands(config("second")) == UNTOUCHED
    assert working.tickets.dial(permit, SOON) == NUMBER
    assert working.tickets.attempt_ended(permit, "busy", SOON).attempts == 1
    working.stop()
    assert agents(config("first")) == ["log_in", GATEWAY_STOPPED]


def test_a_survivor_tidies_up_after_one_that_was_killed(
    config: Callable[[str], RecordsConfig], first: "subprocess.Popen[bytes]"
) -> None:
    survivor = Gateway(config("second"), SOON + HOUR / 2)
    assert stands(config("second")) == UNTOUCHED
    killed(first)
    until(lambda: stands(config("second")) == TIDIED)
    assert [one.attempts for one in survivor.tickets.tickets()] == [1, 0]
    with AgentsOnRecord(config("second")) as reader:
        (_, stopped) = reader.changes()["801"]
    assert MORNING <= stopped.at < SOON, "at the last that it told, not when it was missed"
    survivor.stop()
    assert stands(config("second")) == TIDIED


def test_who_was_killed_tidies_up_as_soon_as_it_is_back(
    config: Callable[[str], RecordsConfig], first: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "GRACE", 600.0)  # waited for by nobody: whose spool is in its folder is dead
    killed(first)
    back = Gateway(config("first"), SOON + HOUR / 2)
    assert stands(config("first")) == TIDIED
    back.stop()


def test_however_soon_a_restart_beside_it_comes(config: Callable[[str], RecordsConfig]) -> None:
    """The one that works was not there when the other one first began, and has not looked since it ended."""
    other = Gateway(config("second"))
    working = Gateway(config("first"))
    working.has_work()
    other.stop()
    other = Gateway(config("second"), SOON + HOUR / 2)
    assert stands(config("second")) == UNTOUCHED
    with Store(config("second")) as store:
        assert store.call("up").open
    other.stop()
    working.stop()
