"""Calls customers back: when a ticket is due its owner's telephone is rung, and when he is on it the customer's.

The only place that dials a customer's number, and it has none but what a ticket's permit gives it (JS-7).
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drivers.line import DialFailure
from gateway.call import facts
from gateway.call.desk_news import AgentAnswers, AgentGoes, AgentMisses, DeskNews
from gateway.call.facts import Notice
from gateway.call.requests import RequestRefused
from gateway.desk.terms import DeskRefused
from gateway.runner.database_threads import InThread
from gateway.runner.line_runner import DialOrder
from gateway.runner.reception import Reception
from gateway.tickets import REACHED, DueCallBack, Permit, TicketBook, TicketsError, TicketsUnreachable

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks for customers who are to be called: nobody who waits for a call-back notices them."""
NOT_DIALLED = DialFailure.NO_LINE.value
"""What came of an attempt whose customer was never rung: it does not count, and is made again soon."""
OWNER_MISSED = "owner_missed"
"""What came of one whose agent did not come to his telephone."""
MISSES = 3
"""So often the owner does not come, in a quarter of an hour, and another agent is rung in his place: who is there
and does not want to must not cost the customer his answer."""
AGENT_LEFT = "agent_left"
"""What came of an attempt whose agent hung up before the customer was on the telephone."""
GATEWAY_STOPPED = "gateway_stopped"
"""The same where the gateway stopped before he was dialled, or while his telephone rang."""
DATABASE_LIMIT = 8.0
"""Seconds that stopping waits for the database: SQLite has said "locked" by then (gateway.database.sqlite.BUSY), a
server that has not answered hangs."""


class AskedDesk(Protocol):
    """Who rings an agent for a call-back."""

    def call_back(self, call: str, agent: str) -> None:
        """Ring this agent. Raises DeskRefused."""

    def over(self, call: str) -> None:
        """The call-back has ended before the customer was dialled."""


@dataclass(slots=True)
class _Attempt:
    permit: Permit
    result: str | None = None
    """What came of it; None: nothing yet."""
    on_line: bool = False
    """Whether the line has the call: what the desk tells is the call's from then on."""


class CallBackRunner:
    """Looks for due call-backs and sees each attempt through. A listener of facts, and of the desk's news for the
    calls it makes."""

    def __init__(
        self,
        book: TicketBook,
        desk: AskedDesk,
        reception: Reception,
        dial: Callable[[DialOrder], None],
        cannot_dial: Callable[[], str | None],
        *,
        line_id: str,
        address: Callable[[str], str],
        agents: Callable[[], tuple[str, ...]],
        at_work: Callable[[str], bool],
        now: Callable[[], datetime],
        ask: InThread = asyncio.to_thread,
    ) -> None:
        """`dial` has the line call a customer, and raises RequestRefused where it does not; `cannot_dial` tells
        why beforehand, so that no agent is rung for nothing. `address` makes what it dials of his number. `agents`
        gives who may take a call-back whose owner is not `at_work`, the longest free first. `now` gives aware
        times; `ask` has the book's work done where it holds nobody up."""
        self._book = book
        self._desk = desk
        self._reception = reception
        self._order = dial
        self._cannot_dial = cannot_dial
        self._cannot: str | None = None
        """As the log was told."""
        self._line_id = line_id
        self._address = address
        self._agents = agents
        self._at_work = at_work
        self._now = now
        self._ask = ask
        self._attempts: dict[str, _Attempt] = {}
        """By the id of the call."""
        self._missed: defaultdict[int, Counter[str]] = defaultdict(Counter)
        """By ticket: how often each agent did not come."""
        self._ending: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._closing = asyncio.Event()

    def start(self) -> None:
        """Begin to look."""
        self._looking = asyncio.create_task(self._look(), name="call-backs")

    async def stop(self) -> None:
        """Call nobody new: agents who are on the telephone for somebody not dialled yet are let go. Who is being
        called, or talks already, is seen through."""
        self._stopping.set()
        if self._looking is not None:
            await _ended({self._looking})
            self._looking = None
        for call, attempt in list(self._attempts.items()):
            if not attempt.on_line:
                self._let_go(call, GATEWAY_STOPPED)

    async def close(self) -> None:
        """The line is closed: returns once all that came of the attempts is noted, or cannot be. Takes
        DATABASE_LIMIT seconds at most."""
        self._closing.set()
        for call in list(self._attempts):
            self._end(call)
        await _ended(set(self._ending))

    def has(self, call: str) -> bool:
        """Whether the call is one of ours, whose customer is not being dialled yet."""
        attempt = self._attempts.get(call)
        return attempt is not None and not attempt.on_line

    # -- what happens ------------------------------------------------------------------------------------------

    def news(self, call: str, news: DeskNews) -> None:
        """The desk tells of the agent who is rung for a call of ours."""
        attempt = self._attempts[call]
        if isinstance(news, AgentAnswers):
            self._spawn(self._dial(call, attempt, news))
        elif isinstance(news, AgentMisses | AgentGoes):
            self._let_go(call, AGENT_LEFT if isinstance(news, AgentGoes) else OWNER_MISSED)
            if isinstance(news, AgentMisses):
                self._missed[attempt.permit.ticket][news.agent] += 1

    def receive(self, notice: Notice) -> None:
        """What becomes of the customer."""
        attempt = self._attempts.get(notice.call or "")
        if attempt is None or notice.call is None:
            return
        match notice.fact:
            case facts.CallAnswered():
                attempt.result = REACHED
                self._missed.pop(attempt.permit.ticket, None)
                self._spawn(self._note(attempt.permit, REACHED))
            case facts.DialUnanswered(why=why):
                attempt.result = why
            case facts.Released():
                attempt.result = attempt.result or AGENT_LEFT
                self._end(notice.call)

    # -- attempts ----------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._line_dials():
                    for due in await self._ask(self._book.due_call_backs, self._now()):
                        await self._try(due)
            except TicketsError as error:
                log.warning("call-backs: %s", error)
            except Exception:  # the next look may go well, and customers are owed their call
                log.exception("call-backs: looking for due ones failed")
            await _pause(self._stopping)

    def _line_dials(self) -> bool:
        """Whether the line calls anybody; if not, the log is told once. Who is owed a call stays due, and people
        are reminded of him before his deadline."""
        was, self._cannot = self._cannot, self._cannot_dial()
        if self._cannot is not None and self._cannot != was:
            log.error("call-backs: no customer is called: %s", self._cannot)
        return self._cannot is None

    async def _try(self, due: DueCallBack) -> None:
        """One attempt; what is wrong with it holds up nobody else's. One agent at a time is rung: for that the
        desk's lines have a leg to spare, and agents stay for the customers who call."""
        if self._stopping.is_set() or any(not attempt.on_line for attempt in self._attempts.values()):
            return  # it stays due
        try:
            await self._attempt(due)
        except TicketsError as error:
            log.warning("ticket %d: its customer is not called back now: %s", due.ticket, error)
        except Exception:  # as above
            log.exception("ticket %d: its call-back failed", due.ticket)

    async def _attempt(self, due: DueCallBack) -> None:
        agent = self._agent_for(due)
        if agent is None:
            return  # it stays due
        permit = await self._ask(self._book.permit, due.ticket, self._now())
        call = self._reception.name(self._line_id, self._now())
        self._attempts[call] = attempt = _Attempt(permit)
        if self._stopping.is_set():
            return  # as `stop` finds it
        try:
            self._desk.call_back(call, agent)
        except DeskRefused as refused:
            log.info("ticket %d: %s", due.ticket, refused)
            attempt.result = "owner_busy"
            self._end(call)
        else:
            log.info("ticket %d: agent %s is rung to call %s back", due.ticket, agent, permit.number_masked)

    def _agent_for(self, due: DueCallBack) -> str | None:
        """Who is rung: the owner (WD-13), and while he is at work nobody else: he has time for it soon. From the
        reminder before the deadline on whoever is free. In place of one who does not come, who missed it least."""
        owner, free, missed = due.owner, self._agents(), self._missed.get(due.ticket, Counter())
        if missed[owner] >= MISSES:
            return min(free, key=lambda agent: missed[agent], default=None)
        if owner in free:
            return owner
        presses = (due.deadline - self._now()).total_seconds() <= self._book.config.remind_before
        return None if self._at_work(owner) and not presses else next(iter(free), None)

    async def _dial(self, call: str, attempt: _Attempt, agent: AgentAnswers) -> None:
        """The agent is on the telephone: the customer is dialled."""
        permit, now = attempt.permit, self._now()
        try:
            number = await self._ask(self._book.dial, permit, now)
            if call not in self._attempts:
                return  # the agent has hung up meanwhile
            attempt.on_line = True
            self._order(
                DialOrder(
                    call=call,
                    plan=self._reception.call_back(call, agent.agent, now),
                    ticket=permit.ticket,
                    number=number,
                    address=self._address(number),
                    shown=None,
                    agent=agent,
                )
            )
        except (TicketsError, RequestRefused) as refused:
            log.warning("ticket %d: the customer is not called: %s", permit.ticket, refused)
            self._let_go(call, NOT_DIALLED)
        except Exception:  # the agent must not sit at a telephone on which nobody comes
            log.exception("ticket %d: calling the customer failed", permit.ticket)
            self._let_go(call, NOT_DIALLED)

    def _let_go(self, call: str, result: str) -> None:
        """The customer is not dialled (any more): his agent's telephone is released."""
        if (attempt := self._attempts.get(call)) is not None:
            attempt.result = result
            self._desk.over(call)
            self._end(call)

    def _end(self, call: str) -> None:
        attempt = self._attempts.pop(call)
        if attempt.result != REACHED:
            self._spawn(self._note(attempt.permit, attempt.result or GATEWAY_STOPPED))

    async def _note(self, permit: Permit, result: str) -> None:
        """A database that is away for a moment is asked again: who was reached must not be called once more."""
        while True:
            last = self._closing.is_set()
            try:
                await self._ask(self._book.attempt_ended, permit, result, self._now())
                return
            except TicketsError as error:
                log.warning("ticket %d: what came of its call-back was not noted: %s", permit.ticket, error)
                if last or not isinstance(error, TicketsUnreachable):
                    return
            await _pause(self._closing)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    """Returns once they have; those that the database does not let go are given up. The next start ends attempts
    of which nothing is noted."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=DATABASE_LIMIT)
    if late:
        log.error("call-backs: the database has not answered for %g s; it is not waited for", DATABASE_LIMIT)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _pause(until: asyncio.Event) -> None:
    """LOOK_EVERY, or shorter if the event comes."""
    try:
        async with asyncio.timeout(LOOK_EVERY):
            await until.wait()
    except TimeoutError:
        pass
