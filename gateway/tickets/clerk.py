"""The clerk: hears the facts of every call and has the tickets that they make on disk at once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.call.facts import Notice, Released
from gateway.records.writer import Writer
from gateway.tickets.draft import Draft, folded
from gateway.tickets.errors import TicketRefused

LIMIT = 10_000
"""Drafts kept while the database cannot be written: some hours of a busy hotline, a few megabytes."""
LOOK_EVERY = 2.0
"""Seconds between looks at what other processes have changed."""

Enter = Callable[[Draft], None]
"""Makes or enriches a draft's ticket. May raise SQLAlchemyError or OSError, and is then called again."""
Heal = Callable[[BaseException], bool]
"""Is given what was raised before that."""
Settle = Callable[[Collection[str]], None]
"""Tells that what these calls owe is on disk. May raise as `Enter` does."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is known of a call by now. `on_record`: it has ended, and its record is closed."""

    draft: Draft
    on_record: bool = False


class Clerk:
    """Folds facts into drafts where they are received, and has them entered on a thread of its own.

    A draft is handed on as soon as a ticket is wanted, and again when a later fact adds to it; entering one
    twice is the same as once. What a call owes is settled when it is on disk and the call on record
    (gateway.records.untold): of one that a crash left unsettled all facts are heard again.
    """

    def __init__(
        self,
        name: str,
        prepare: Callable[[], None],
        enter: Enter,
        settle: Settle,
        look: Callable[[], None],
        heal: Heal,
    ) -> None:
        """`prepare` opens the database, `look` is called every LOOK_EVERY seconds: both as `enter` is. `name` and
        `heal` are the database's."""
        self._drafts: dict[str, Draft] = {}
        self._ended: dict[str, Draft] = {}
        """Of calls that have ended and are not on record yet."""
        self._writer: Writer[_Heard] = Writer(
            _Sink(name, prepare, enter, settle, heal),
            "tickets",
            "calls' tickets",
            limit=LIMIT,
            named=lambda heard: f"the ticket of call {heard.draft.call}",
            look=look,
            every=LOOK_EVERY,
            # What is not settled, or waits in the spool, is handed to the next start's clerk
            # (gateway.records.Records, `recovered`).
            regained="made at the next start, of what the calls' facts tell",
        )

    @property
    def problem(self) -> str | None:
        """Why no ticket can be written at present; None while all is well."""
        return self._writer.problem

    def start(self) -> None:
        """Open the database and begin to write. Waits for the first attempt alone."""
        self._writer.start()

    def stop(self) -> None:
        """Write what waits and stop. Idempotent."""
        self._writer.stop()

    def receive(self, notice: Notice) -> None:
        """Take a notice; never waits, never raises."""
        if notice.call is None:
            return
        before = self._drafts.get(notice.call)
        after = folded(before, notice)
        if after is None or after is before:
            return
        self._keep(after)
        if isinstance(notice.fact, Released):
            self._ended[notice.call] = self._drafts.pop(notice.call)

    def on_record(self, call: str) -> None:
        """This call's end is on record: when its ticket is on disk too, nothing of it is left to be told. One that
        was not heard here is another's."""
        draft = self._ended.pop(call, None)
        if draft is not None and draft.may_owe:
            self._writer.put(_Heard(draft, on_record=True))

    def request(
        self, call: str, agent: str, now: datetime, *, kind: str | None, text: str | None, call_back: bool
    ) -> None:
        """What an agent asks for his customer's call that is up: a ticket; what one asks again adds to it. Raises
        TicketRefused."""
        draft = self._drafts.get(call)
        if draft is None:
            raise TicketRefused(f"no call {call!r} is up; a ticket is opened while its customer is there")
        asked = replace(draft, wants_call_back=call_back or draft.wants_call_back)
        told = asked.told(now, agent, kind=kind, text=text)
        self._keep(told.opened(now, f"asked for by agent {agent}"))

    def _keep(self, draft: Draft) -> None:
        self._drafts[draft.call] = draft
        if draft.wanted:
            self._writer.put(_Heard(draft))


class _Sink:
    """What the writer writes into: the book's tickets."""

    def __init__(self, name: str, prepare: Callable[[], None], enter: Enter, settle: Settle, heal: Heal) -> None:
        self.name = name
        self.prepare = prepare
        self.heal = heal
        self._enter = enter
        self._settle = settle

    def write(self, batch: Sequence[_Heard]) -> None:
        """Enter the last draft of each call: it holds all that those before it did. What was entered before is
        entered again with the call's end on record: in between it may have been dropped."""
        for draft in {heard.draft.call: heard.draft for heard in batch}.values():
            if draft.wanted:
                self._enter(draft)
        if settled := {heard.draft.call for heard in batch if heard.on_record}:
            self._settle(settled)

    def close(self) -> None:
        """The database is the book's."""
