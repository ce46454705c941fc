"""Customers called back: with real tickets in a database, a desk, agents at telephones, a line that dials."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from drivers.line import Dial, DialFailure, GiveUp, HangUpSign, Release, Verdict, VerdictReached
from gateway.call.desk_news import DeskNews
from gateway.call.facts import AgentConnected
from gateway.desk import Presence
from gateway.runner.call_backs import LOOK_EVERY, CallBackRunner
from gateway.runner.database_threads import InThread
from gateway.tickets import Permit, Ticket, TicketBook, TicketState, TicketsUnreachable
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.floor import CLEARING, SAID, Floor, Leg
from tests.unit.tickets.counter import NUMBER, SOON, owing, tickets_config

pytestmark = pytest.mark.unit

SECOND = "13900001111"


class Away(TicketBook):
    """A book whose database can be gone for a moment."""

    gone = 0
    """So many notes of an attempt's end are lost."""

    def attempt_ended(self, permit: Permit, result: str, now: datetime) -> Ticket:
        if self.gone:
            self.gone -= 1
            raise TicketsUnreachable("the database is away")
        return super().attempt_ended(permit, result, now)


class Owed(Floor):
    """A floor whose customers are owed call-backs; 801 owns all tickets, 802 is there too."""

    def __init__(self, folder: Path, *numbers: str, ask: InThread = asyncio.to_thread) -> None:
        config = tickets_config(folder)
        owing(config, *numbers)
        self.book = Away(config)
        self._begun = asyncio.get_running_loop().time()
        super().__init__("801", "802")
        self.backs = CallBackRunner(
            self.book,
            self.switchboard,
            self.reception,
            self.runner.dial,
            self.runner.cannot_dial,
            line_id="sip1",
            address=lambda number: f"sip:{number}@pbx",
            agents=self.desk.available,
            at_work=self.desk.at_work,
            now=lambda: SOON + timedelta(seconds=self.now - self._begun),
            ask=ask,
        )
        self.runner._listeners = (*self.runner._listeners, self.backs)

    def tell(self, call: str, news: DeskNews) -> None:
        if self.backs.has(call):
            self.backs.news(call, news)
        else:
            super().tell(call, news)

    async def until(self, there: Callable[[], object]) -> None:
        """What the database does takes no virtual time."""
        async with asyncio.timeout(120):
            while not there():  # noqa: ASYNC110 - virtual time, and nobody tells of it
                await asyncio.sleep(0.1)

    async def rung(self, agent: str = "801") -> None:
        await self.until(partial(self.telephone, agent))

    async def dialled(self) -> Leg:
        """The leg on which a customer is called."""
        await self.until(lambda: self.line.up)
        (leg,) = self.line.up.values()
        return leg

    async def noted(self) -> list[tuple[str, str]]:
        """What the tickets tell of attempts, once there is something."""
        found: list[tuple[str, str]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                while not found:
                    await asyncio.sleep(0.1)
                    found = await asyncio.to_thread(self._noted)
        return found

    def _noted(self) -> list[tuple[str, str]]:
        told = ("reached", "not reached", "not dialled")
        entries = [entry for ticket in self.book.tickets() for entry in self.book.history(ticket.id)]
        return [(entry.what, entry.why) for entry in entries if entry.what in told]

    async def close(self) -> None:
        await self.backs.stop()
        await super().close()
        await self.backs.close()
        self.book.close()


def owed(folder: Path, story: Callable[[Owed], Awaitable[None]], *numbers: str) -> None:
    """The story, with the gateway begun before it and stopped after it."""

    async def whole() -> None:
        floor = Owed(folder, *numbers)
        await floor.open()
        floor.backs.start()
        await story(floor)
        await floor.close()
        assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    in_virtual_time(whole())


def test_the_owner_is_rung_first_then_the_customer_who_hears_him_at_once(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        assert not floor.line.up, "the customer is not rung for nobody"
        assert floor.telephone("802") is None
        floor.picks_up("801")
        leg = await floor.dialled()
        assert [order for order in leg.orders if isinstance(order, Dial)] == [
            Dial(leg.name, f"sip:{NUMBER}@pbx", None)
        ], "the number of the permit"
        floor.line.answers(leg)
        assert floor.ledger.of(AgentConnected)
        assert floor.has_him(leg.name) == "801"
        assert await floor.noted() == [("reached", "")]
        floor.line.hangs_up(leg)
        assert floor.telephone("801") is None
        (ticket,) = floor.book.tickets()
        assert ticket.state is TicketState.ANSWERED

    owed(tmp_path, story)


@pytest.mark.parametrize(
    "why", [DialFailure.BUSY, DialFailure.NO_ANSWER, DialFailure.REFUSED, DialFailure.NO_LINE]
)
def test_who_is_not_reached_is_noted_and_the_agent_let_go(tmp_path: Path, why: DialFailure) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        floor.picks_up("801")
        floor.line.fails(await floor.dialled(), why)
        assert floor.telephone("801") is None
        what = "not dialled" if why is DialFailure.NO_LINE else "not reached"
        assert await floor.noted() == [(what, why.value)]
        await asyncio.sleep(60)
        assert floor.telephone("801") is None, "not again at once"

    owed(tmp_path, story)


def test_an_owner_who_does_not_come_costs_no_attempt(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        await asyncio.sleep(15)
        assert await floor.noted() == [("not dialled", "owner_missed")]
        assert not floor.line.up
        (ticket,) = floor.book.tickets()
        assert ticket.attempts == 0
        await asyncio.sleep(290)
        await floor.rung()

    owed(tmp_path, story)


def test_the_agent_leaves_while_the_customers_telephone_rings(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        floor.picks_up("801")
        leg = await floor.dialled()
        floor.hangs_up("801")
        assert leg.orders[-1] == GiveUp(leg.name), "who picks up would hear nobody"
        assert (await floor.noted())[0][0] == "not reached"

    owed(tmp_path, story)


def test_the_agent_leaves_as_the_customer_picks_up_who_is_served_as_anybody_whose_agent_left(
    tmp_path: Path,
) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        floor.picks_up("801")
        leg = await floor.dialled()
        floor.hangs_up("801")
        floor.line.answers(leg)
        assert leg.playing is not None, "anything else?"
        assert await floor.noted() == [("reached", "")]
        await asyncio.sleep(SAID + 1)
        floor.line.report(VerdictReached(leg.name, Verdict.SPEECH, -25.0, 30.0))
        await asyncio.sleep(4)
        floor.line.report(VerdictReached(leg.name, Verdict.SILENT, -70.0, None))
        await floor.rung("802")
        floor.picks_up("802")
        await asyncio.sleep(0)
        assert floor.has_him(leg.name) == "802"
        assert not [order for order in leg.orders if isinstance(order, Release) and not isinstance(order, GiveUp)]
        floor.line.hangs_up(leg)

    owed(tmp_path, story)


def test_an_owner_who_is_not_there_is_stood_in_for(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        floor.switchboard.reached("801", False)
        await floor.rung("802")

    owed(tmp_path, story)


def test_who_is_kept_for_a_caller_is_not_rung_and_no_permit_is_begun(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        for call in "ab":
            floor.switchboard.offered(call)
        assert floor.desk.presence("801") is Presence.FREE
        await asyncio.sleep(4 * LOOK_EVERY)
        assert await floor.noted() == []
        floor.switchboard.over("a")
        await floor.rung()

    owed(tmp_path, story)


def test_wd_13_two_who_are_due_are_called_one_after_the_other_by_their_owner(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        await asyncio.sleep(2 * LOOK_EVERY)
        assert floor.telephone("802") is None, "one agent at a time is rung"
        floor.picks_up("801")
        first = await floor.dialled()
        floor.line.answers(first)
        dialled = [str(first.dialled)]
        await asyncio.sleep(4 * LOOK_EVERY)
        assert floor.telephone("802") is None, "who took the case has time for it soon"
        floor.line.hangs_up(first)
        await floor.rung("801")
        floor.picks_up("801")
        dialled.append(str((await floor.dialled()).dialled))
        assert sorted(dialled) == [f"sip:{NUMBER}@pbx", f"sip:{SECOND}@pbx"]

    owed(tmp_path, story, NUMBER, SECOND)


def test_a_permit_that_is_used_up_dials_nobody_and_lets_the_agent_go(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        (attempt,) = floor.backs._attempts.values()
        await asyncio.to_thread(floor.book.dial, attempt.permit, SOON + timedelta(seconds=1))
        floor.picks_up("801")
        await floor.until(lambda: floor.telephone("801") is None)
        assert not floor.line.up
        assert not floor.line.gone

    owed(tmp_path, story)


def test_a_line_that_breaks_leaves_no_agent_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(floor: Owed) -> None:
        def breaks(*_: object) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(floor.reception, "call_back", breaks)
        await floor.rung()
        floor.picks_up("801")
        await floor.until(lambda: floor.telephone("801") is None)
        assert (await floor.noted())[0][0] in ("not dialled", "not reached")

    owed(tmp_path, story)


def test_who_was_reached_while_the_database_was_away_is_noted_when_it_is_back(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        floor.book.gone = 2
        await floor.rung()
        floor.picks_up("801")
        floor.line.answers(await floor.dialled())
        assert await floor.noted() == []
        await asyncio.sleep(2 * LOOK_EVERY)
        assert await floor.noted() == [("reached", "")]

    owed(tmp_path, story)


def test_the_gateway_stops_while_the_agent_is_rung(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        await floor.backs.stop()
        assert floor.telephone("801") is None, "who picks up now would hear nobody"
        assert await floor.noted() == [("not dialled", "gateway_stopped")]

    owed(tmp_path, story)


def test_the_gateway_stops_while_the_customer_rings_and_he_answers_before_it_has(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        floor.picks_up("801")
        leg = await floor.dialled()
        await floor.backs.stop()
        draining = asyncio.create_task(floor.runner.drain(60))
        await asyncio.sleep(1)
        floor.line.answers(leg)
        assert floor.has_him(leg.name) == "801"
        assert await floor.noted() == [("reached", "")]
        floor.line.hangs_up(leg, HangUpSign.BYE)
        await asyncio.sleep(CLEARING)
        await draining

    owed(tmp_path, story)


def test_the_gateway_stops_for_good_while_the_customer_rings(tmp_path: Path) -> None:
    async def story(floor: Owed) -> None:
        await floor.rung()
        floor.picks_up("801")
        await floor.dialled()
        await floor.close()
        assert (await floor.noted())[0][0] == "not reached"

    owed(tmp_path, story)
