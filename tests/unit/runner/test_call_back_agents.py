"""Who is rung for a call-back, and for which line nobody is."""

import asyncio
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.call.desk_news import AgentAnswers
from gateway.call.facts import Dialled
from gateway.call.requests import RequestRefused
from gateway.dialplan import Call
from gateway.runner.call_backs import MISSES
from gateway.runner.line_runner import DialOrder
from gateway.tickets import Dialable, PermitRefused, TicketState
from gateway.tickets.permit import number_of_used
from tests.unit.runner.floor import gas_hotline
from tests.unit.runner.test_call_backs import SECOND, Owed, owed
from tests.unit.tickets.counter import NUMBER, SOON

pytestmark = pytest.mark.unit

HERE = AgentAnswers("801", "here", "there", None)


def order(number: Dialable, address: str) -> DialOrder:
    return DialOrder("x", gas_hotline(Call("801")), 1, number, address, None, HERE)


def test_js7_no_line_dials_what_no_permit_was_used_for(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        fit = number_of_used(SECOND)
        copied: Any = fit[:]
        for number, address in ((SECOND, SECOND), (copied + "", SECOND), (fit, "0016505550100"), (None, SECOND)):
            with pytest.raises(RequestRefused, match="no permit"):
                floor.runner.dial(order(number, address))
        assert not floor.line.up
        floor.runner.dial(order(fit, fit))
        (leg,) = floor.line.up.values()
        assert type(leg.dialled) is type(floor.ledger.of(Dialled)[0].fact.number) is str, (
            "what others copy and store"
        )
        for make in (
            lambda: Dialable(object(), SECOND),
            lambda: deepcopy(fit),
            lambda: type("Mine", (Dialable,), {}),
        ):
            with pytest.raises(PermitRefused):
                make()

    owed(tmp_path, story)


@pytest.mark.parametrize("lacks", ["joins", "dials"])
def test_no_agent_is_rung_for_a_line_on_which_nobody_can_talk(
    tmp_path: Path, lacks: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(floor: Owed) -> None:
        able = floor.line.capabilities
        floor.line.capabilities = replace(able, **{lacks: False})
        await asyncio.sleep(600)
        assert not any(line.gone for line in floor.desk_lines), "an agent was rung"
        assert await floor.noted() == [], "an attempt was begun"
        assert caplog.text.count("no customer is called: line sip1") == 1
        with pytest.raises(RequestRefused, match="name another one"):
            floor.runner.dial(order(number_of_used(SECOND), SECOND))
        assert not floor.line.up
        floor.line.capabilities = able
        await floor.rung()

    owed(tmp_path, story)


def test_an_owner_who_does_not_want_to_come_keeps_nobody_waiting_for_ever(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        for _ in range(MISSES):
            await floor.rung("801")
            assert floor.telephone("802") is None, "it is his case"
            await asyncio.sleep(20)
            assert floor.telephone("801") is None
            await asyncio.sleep(270)
        await floor.rung("802")
        assert floor.telephone("801") is None
        floor.picks_up("802")
        floor.line.answers(await floor.dialled())
        await floor.until(lambda: floor.book.tickets()[0].state is TicketState.ANSWERED)

    owed(tmp_path, story)


@pytest.mark.parametrize("reminded", [True, False])
def test_from_the_reminder_before_the_deadline_on_nobody_waits_for_a_busy_owner(
    tmp_path: Path, reminded: bool
) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung("801")
        floor.picks_up("801")
        floor.line.answers(await floor.dialled())
        left = max(ticket.deadline for ticket in floor.book.tickets()) - SOON
        before = left.total_seconds() - (300 if reminded else 3000)
        floor.book.config = replace(floor.book.config, remind_before=before)
        await asyncio.sleep(200)
        assert floor.telephone("802") is None, "he has time for it soon"
        with nullcontext() if reminded else pytest.raises(TimeoutError):
            await floor.rung("802")

    owed(tmp_path, story, NUMBER, SECOND)
