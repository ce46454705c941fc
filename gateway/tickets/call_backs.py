"""Call-backs: which are due, who may be dialled, and what came of it. Outgoing calls begin here and nowhere
else."""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from drivers.line.masking import masked
from gateway.database.runs import ALONE, Runs
from gateway.tickets import rules
from gateway.tickets.attempts import Attempts
from gateway.tickets.errors import PermitRefused, TicketRefused
from gateway.tickets.hours import later
from gateway.tickets.numbers import dialable
from gateway.tickets.permit import Dialable, Permit, issue, number_of_used, secret_of
from gateway.tickets.policy import DIED, HOUR, REACHED, CallBackPolicy
from gateway.tickets.rules import Change
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.store import TURNS, TicketStore
from gateway.tickets.ticket import Ticket

log = logging.getLogger(__name__)

T = TypeVar("T")

PERMIT_LASTS = 120.0
"""Seconds in which a permit can be dialled by: the owner's telephone is rung first."""
ATTEMPT_LASTS = HOUR
"""Seconds after which an attempt that nobody has reported the end of is held to be dead."""


@dataclass(frozen=True, slots=True)
class DueCallBack:
    """A customer who is to be called now."""

    ticket: int
    number_masked: str
    owner: str
    """Number of the agent who is to be rung first (WD-13)."""
    deadline: datetime
    """When the customer must have his answer."""


class CallBacks:
    """The call-backs of one site. Blocks on the database; any method may raise TicketsUnreachable."""

    def __init__(self, store: TicketStore, policy: CallBackPolicy, site: str, runs: Runs = ALONE) -> None:
        """`runs` tells which gateways of this site live."""
        self._store = store
        self._policy = policy
        self._runs = runs
        self._attempts = Attempts(site, runs.run)
        self._full = False
        """Whether the day's limit was reached when it was last looked at."""

    def due(self, now: datetime) -> list[DueCallBack]:
        """Who is to be called now, longest due first, each number once: within the hours and the day's limits. A
        number that may not be called (any more) is left to people."""
        with self._store.session() as session:
            lost = self._attempts.begun(session, later(now, -ATTEMPT_LASTS))
        for secret in lost:
            self._end(secret, DIED, now)
        if not self._policy.hours.hold(now):
            return []
        owed = self._store.owed(due_by=now)
        found: dict[str, DueCallBack] = {}
        with self._store.session() as session:
            left = self._policy.a_day - self._attempts.made(session, now)
            for ticket in owed:
                number = self._dialable(ticket)
                if number and len(found) < left and number not in found and self._free(session, number, now):
                    found[number] = DueCallBack(ticket.id, masked(number), ticket.owner, ticket.deadline)
        self._tell_of_limit(left <= 0 and bool(owed))
        for ticket in owed:
            if self.refusal(ticket.number) is not None:
                self._store.change(ticket.id, lambda seen: self._unfit(seen, now))
        return list(found.values())

    def permit(self, ticket: int, now: datetime) -> Permit:
        """Begin an attempt: the ticket is `calling` from now on, until `ended`.

        Raises PermitRefused, TicketRefused or TicketUnknown, and then nothing has changed.
        """
        secret = secrets.token_hex(16)
        expires_at = later(now, PERMIT_LASTS)
        number = ""

        def begin(session: Session, after: Ticket) -> None:
            nonlocal number
            number = self._number(after)
            if self._attempts.made(session, now) >= self._policy.a_day:
                raise PermitRefused(f"ticket {ticket}: {self._policy.a_day} call-backs have been made today")
            if self._attempts.made(session, now, number) >= self._policy.a_day_to_one:
                raise PermitRefused(f"ticket {ticket}: this number was called often enough today")
            self._attempts.begin(session, ticket, number, secret, now, expires_at)

        def rule(seen: Ticket) -> Change:
            change = rules.permitted(seen, self._policy, now)
            self._number(seen)
            return change

        try:
            after = self._store.change(ticket, rule, begin)
        except IntegrityError:
            raise PermitRefused(f"ticket {ticket}: this number is being called already") from None
        except PermitRefused:
            raise
        except TicketRefused as error:
            raise PermitRefused(str(error)) from error
        return issue(
            ticket=ticket, number_masked=masked(number), owner=after.owner, expires_at=expires_at, secret=secret
        )

    def dial(self, permit: Permit, now: datetime) -> Dialable:
        """The number to dial, digits alone; the permit is used up with it.

        Raises PermitRefused for what is no permit, one that is used up, expired or ended, and where the ticket is
        not open, not `calling` or has another number by now.
        """
        secret = secret_of(permit)
        for _ in range(TURNS):
            with self._store.session() as session:
                attempt = self._attempts.found(session, secret)
            if attempt is None or attempt.ticket != permit.ticket:
                raise _refused(permit, "is unknown")
            if attempt.dialled or attempt.result is not None:
                raise _refused(permit, "is used up")
            if now >= attempt.expires_at:
                raise _refused(permit, "has expired")
            seen = self._store.ticket(permit.ticket)
            if seen.state is not TicketState.OPEN or seen.call_back is not CallBackState.CALLING:
                raise _refused(permit, "is void: the ticket owes no call any more")
            if self._dialable(seen) != attempt.telephone:
                raise _refused(permit, "is void: the ticket has another number by now")
            with self._store.session() as session, session.begin():
                if self._attempts.use(session, secret, seen, now):
                    return number_of_used(attempt.telephone)
            # Somebody has used it, or has changed the ticket, in this moment: it is looked at again.
        raise _refused(permit, "is for a ticket that others change without pause")

    def ended(self, permit: Permit, result: str, now: datetime) -> Ticket:
        """What came of it: REACHED as soon as the customer has answered, a DialFailure's value, or another word
        where he was not dialled at all. Told twice, the first counts, but for one that was held to be dead.

        Raises PermitRefused for what is no permit, and for a customer reached without having been dialled.
        """
        return self._end(secret_of(permit), result, now)

    def recover(self, now: datetime) -> bool:
        """End the attempts that dead runs left, and let the customers whose own calls they had be called. Whether
        that was all: what a living run has is left to it, and may be looked at again when it is gone."""
        with self._store.session() as session:
            attempts = self._others(self._attempts.under_way(session))
        waiting = self._others(self._store.waiting())
        for secret, run in attempts:
            if not self._runs.lives(run):
                self._end(secret, DIED, now)
        for ticket, run in waiting:
            if not self._runs.lives(run):
                self._store.change(ticket, lambda seen: self._call_over(seen, now))
        return not any(self._runs.lives(run) for _, run in (*attempts, *waiting))

    def first_due(self, now: datetime) -> datetime:
        """When a customer whose call ends now is to be called."""
        return self._policy.first(now)

    def refusal(self, number: str | None) -> str | None:
        """Why a number may not be called at all; None: it may."""
        if number is None:
            return "he gave no number"
        if not self._policy.dials:
            return "no line makes call-backs"
        return None if dialable(number, self._policy.numbers) else "his number is none that may be called"

    def _end(self, secret: str, result: str, now: datetime) -> Ticket:
        with self._store.session() as session:
            attempt = self._attempts.found(session, secret)
        if attempt is None:
            raise PermitRefused("this permit is unknown: no attempt was begun with it")
        if attempt.result is not None and (attempt.result, result) != (DIED, REACHED):
            return self._store.ticket(attempt.ticket)
        if result == REACHED and not attempt.dialled:
            raise PermitRefused(f"ticket {attempt.ticket}: nobody is reached who was not dialled")

        def close(session: Session, _: Ticket) -> None:
            self._attempts.end(session, secret, result, now)

        def rule(seen: Ticket) -> Change:
            return rules.attempted(seen, result, self._policy, now, dialled=attempt.dialled)

        return self._store.change(attempt.ticket, rule, close)

    def _others(self, begun: Iterable[tuple[T, str | None]]) -> list[tuple[T, str | None]]:
        """What is not this run's."""
        return [(one, run) for one, run in begun if run is None or run != self._runs.run]

    def _free(self, session: Session, number: str, now: datetime) -> bool:
        """Whether a number may be called now: nobody is doing so, and it has not been called too often."""
        if self._attempts.calling(session, number):
            return False
        return self._attempts.made(session, now, number) < self._policy.a_day_to_one

    def _tell_of_limit(self, full: bool) -> None:
        """Tell the log once: customers wait for their call although nobody is calling."""
        if full and not self._full:
            log.warning("tickets: %d call-backs within 24 hours; no more are made until then", self._policy.a_day)
        self._full = full

    def _number(self, ticket: Ticket) -> str:
        number = self._dialable(ticket)
        if number is None:
            raise PermitRefused(f"ticket {ticket.id}: {self.refusal(ticket.number)}; people must see to it")
        return number

    def _dialable(self, ticket: Ticket) -> str | None:
        """The digits to dial for a ticket; None where it is not to be called."""
        return dialable(ticket.number, self._policy.numbers) if self._policy.dials else None

    def _unfit(self, seen: Ticket, now: datetime) -> Change:
        refusal = self.refusal(seen.number)
        if seen.call_back is not CallBackState.OWED or refusal is None:
            return Change(seen)
        return rules.left(seen, now, refusal)

    def _call_over(self, seen: Ticket, now: datetime) -> Change:
        return rules.due(seen, self.first_due(now))


def _refused(permit: Permit, why: str) -> PermitRefused:
    return PermitRefused(f"ticket {permit.ticket}: this permit {why}; no call is made")
