"""The book of tickets: the door to this room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from gateway.call.facts import Notice
from gateway.database.runs import ALONE, Runs
from gateway.records.unreadable import Unreadable
from gateway.tickets import rules
from gateway.tickets.call_backs import CallBacks, DueCallBack
from gateway.tickets.clerk import Clerk
from gateway.tickets.config import TicketsConfig
from gateway.tickets.draft import Draft
from gateway.tickets.entering import enriched, new_ticket
from gateway.tickets.news import Memory, TicketNews
from gateway.tickets.permit import Dialable, Permit
from gateway.tickets.rules import Change
from gateway.tickets.store import TicketStore
from gateway.tickets.ticket import Entry, Ticket


class TicketBook:
    """The tickets of one gateway's site, in the records' database. A Listener of facts and a context manager.

    `receive`, `on_record`, `request` and `owner_of` return at once and belong to the event loop's thread. Every
    other method waits for the database: call it in a thread (`asyncio.to_thread`), any number at the same time.
    They raise TicketsUnreachable where it does not answer, TicketUnknown for an id that is none, TicketRefused
    where the ticket does not allow it; nothing has changed then. All times are aware.
    """

    def __init__(
        self, config: TicketsConfig, now: Callable[[], datetime] | None = None, runs: Runs = ALONE
    ) -> None:
        """Opens nothing yet; `now` gives aware times, `runs` tells which gateways of this site live. Raises
        TicketsError for an address that is none."""
        self.config = config
        self._now = now or (lambda: datetime.now(config.records.zone))
        self._store = TicketStore(config)
        self._runs = runs
        self._calls = CallBacks(self._store, config.policy, config.records.site, runs)
        self._tidied = False
        """Whether nothing is left of other runs."""
        self._memory = Memory(self._store, config.remind_before)
        store = self._store
        self._clerk = Clerk(store.name, self._prepare, self._enter, store.told, self._look, store.heal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The gateway's own life.

    def start(self) -> None:
        """For the gateway alone: make the tables, end the attempts that dead runs left, begin to listen. What the
        database refuses is tried again in the background (`problem`)."""
        self._clerk.start()

    def stop(self) -> None:
        """Write what waits and close the database. Idempotent."""
        self._clerk.stop()
        self.close()

    def close(self) -> None:
        """Close the database; for those who did not start. Idempotent."""
        self._store.close()

    @property
    def problem(self) -> str | None:
        """Why no ticket can be written at present; None while all is well."""
        return self._clerk.problem

    def receive(self, notice: Notice) -> None:
        """Hear a fact: the tickets that it makes are on disk soon."""
        self._clerk.receive(notice)

    def on_record(self, call: str) -> None:
        """This call's end, of which `receive` has heard before, is on record. Until that is told, and its ticket
        is on disk, the next start hands the call's facts to its tickets."""
        self._clerk.on_record(call)

    def request(
        self,
        call: str,
        agent: str,
        now: datetime,
        *,
        kind: str | None = None,
        text: str | None = None,
        call_back: bool = False,
    ) -> None:
        """What an agent asks for his customer's call that is up: a ticket of this kind, with the case in words;
        the customer is called back after the call if he shall be. Asked again, the words are added to those that
        are there. Raises TicketRefused for a call that is not up."""
        self._clerk.request(call, agent, now, kind=kind, text=text, call_back=call_back)

    def owner_of(self, number: str) -> str | None:
        """Who is responsible for this number's open ticket (WD-13); from memory, two seconds old at most."""
        return self._memory.owner_of(number)

    def open_tickets(self) -> list[Ticket]:
        """Those that are not closed, the most urgent first; from memory, two seconds old at most."""
        return self._memory.open_tickets()

    def recordings(self) -> set[Path]:
        """What the customers of all tickets that are not closed said: it is kept until they are."""
        self._memory.look()
        named = (path for one in self._memory.open_tickets() for path in one.recordings)
        return {Path(path) for path in named}

    # Call-backs.

    def due_call_backs(self, now: datetime) -> list[DueCallBack]:
        """Who is to be called now, longest due first, each number once. Whether his owner is free the desk
        knows."""
        return self._calls.due(now)

    def permit(self, ticket: int, now: datetime) -> Permit:
        """Begin an attempt: the ticket is `calling` until `attempt_ended`. Ring the owner, then `dial`. Raises
        PermitRefused."""
        return self._calls.permit(ticket, now)

    def dial(self, permit: Permit, now: datetime) -> Dialable:
        """The number to dial, digits alone, at the moment of dialling: once for each permit, and only while its
        ticket is open, calling and of that number. Raises PermitRefused."""
        return self._calls.dial(permit, now)

    def attempt_ended(self, permit: Permit, result: str, now: datetime) -> Ticket:
        """What came of it: `REACHED` as soon as he has answered, a DialFailure's value, or, where he was not
        dialled, a word that tells why (`owner_missed`). Idempotent. Raises PermitRefused."""
        return self._calls.ended(permit, result, now)

    # People's doings.

    @property
    def unreadable(self) -> Unreadable:
        """The rows that were left out, as they are spoiled."""
        return self._store.unreadable

    def tickets(self) -> list[Ticket]:
        """All of this site, oldest first. Raises TicketsMissing where there are none yet."""
        self._store.exists()
        return self._store.tickets()

    def ticket(self, ticket: int) -> Ticket:
        """The one with this id."""
        self._store.exists()
        return self._store.ticket(ticket)

    def of_call(self, call: str) -> Ticket | None:
        """The ticket of the call with exactly this id, if it made one."""
        return self._store.of_call(call)

    def history(self, ticket: int) -> list[Entry]:
        """What was done with it, in order."""
        return self._store.history(ticket)

    def answer(self, ticket: int, who: str, reply: str, now: datetime) -> Ticket:
        """The customer has been told `reply`."""
        return self._by_people(ticket, lambda seen: rules.answered(seen, who, reply, now))

    def shut(self, ticket: int, who: str, now: datetime) -> Ticket:
        """Nothing is left to do: the ticket is closed."""
        return self._by_people(ticket, lambda seen: rules.closed(seen, who, now))

    def assign(self, ticket: int, agent: str, who: str, why: str, now: datetime) -> Ticket:
        """Another agent takes over (TT-6)."""
        agents = self.config.agents
        return self._by_people(ticket, lambda seen: rules.assigned(seen, agent, who, why, now, agents))

    def renew_agents(self, numbers: tuple[str, ...]) -> None:
        """These are the agents from now on, who can take over."""
        self.config = replace(self.config, agents=numbers)

    def mark(self, ticket: int, wrong: bool, who: str, why: str, now: datetime) -> Ticket:
        """It is wrong, or not after all (JH-22)."""
        return self._by_people(ticket, lambda seen: rules.marked(seen, wrong, who, why, now))

    def due(self, now: datetime) -> list[TicketNews]:
        """What the feed is to show: every ticket that has changed since this was last asked, whoever changed it,
        and each reminder and alert once. At first all that are not closed. Closes those that were answered long
        ago. For one caller, every few seconds."""
        for ticket in self._memory.lapsed(now):
            self._store.change(ticket, lambda seen: rules.lapsed(seen, now))
        return self._memory.news(now)

    def _by_people(self, ticket: int, rule: Callable[[Ticket], Change]) -> Ticket:
        self._store.exists()
        return self._store.change(ticket, rule)

    def _prepare(self) -> None:
        self._store.prepare()
        self._tidied = self._calls.recover(self._now())

    def _look(self) -> None:
        if not self._tidied or self._runs.company:
            self._tidied = self._calls.recover(self._now())
        self._memory.look()

    def _enter(self, draft: Draft) -> None:
        """Make the call's ticket, or add to it what the draft knows by now."""
        number, _ = draft.reachable_at
        refusal = self._calls.refusal(number)
        due_at = self._calls.first_due(draft.ended_at) if draft.ended_at else None
        there = self._store.of_call(draft.call)
        if there is None:
            change = new_ticket(draft, self.config.deadline, refusal=refusal, due_at=due_at)
            self._store.add(change.ticket, change.entries, self._runs.run)
            return
        history = self._store.history(there.id) if draft.notes else []
        known = partial(enriched, draft=draft, refusal=refusal, due_at=due_at, history=history)
        self._store.change(there.id, lambda seen: known(seen, now=draft.ended_at or self._now()))
