"""Customers' numbers with a history (JH-13, JH-14, WD-9): what agents had to say to them, and who is warned."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gateway.call.facts import CallerIdentified, Dialled, Notice, PromptFinished, Released
from gateway.call.plan import Part
from gateway.desk.accounts import normalised
from gateway.people.database import PeopleDatabase
from gateway.people.schema import NumberRow
from gateway.records import RecordsConfig
from gateway.records.writer import Writer

COUNTED = {"phrase-nuisance": "nuisance", "phrase-foul-language": "foul_language"}
"""Keys of the prompts that are counted, as every dialplan names them, and the column of each."""
SAID_BY_AGENTS = (Part.PHRASE, Part.LAST_WORDS)
"""A warning that the line says by itself is none of these: it must not earn the next one."""

POLL = 3.0
"""Seconds after which it is known here that a number was put on the list or taken off it: less than the two rings
that a call is let ring at least. One indexed query."""
LIMIT = 10_000
"""Phrases kept while the database cannot be written; a busy day has some dozens."""


@dataclass(frozen=True, slots=True)
class PhraseSaid:
    """An agent had to have this said to a customer; `column` is one of COUNTED's."""

    number: str
    column: str
    at: datetime


class Numbers:
    """Counts such phrases by the customer's number, a listener of facts, and knows who is on the list.

    Both the list and the counts are in the database, written and read by a thread of its own. While that cannot be
    read, who was on the list stays on it.
    """

    def __init__(
        self, config: RecordsConfig, *, every: float = POLL, also: Callable[[], None] | None = None
    ) -> None:
        """`every`: seconds between looks at the list; `also` is called at each of them, and may take its time.

        Raises RecordsError for a config that cannot be right.
        """
        self._sink = _NumbersSink(config)
        self._also = also
        self._warned: frozenset[str] = frozenset()
        self._callers: dict[str, str] = {}
        self._writer: Writer[PhraseSaid] = Writer(
            self._sink, "numbers", "phrases", limit=LIMIT, named=_named, look=self._look, every=every
        )

    def start(self) -> None:
        """Open the database and read the list. Blocks; waits for the first attempt alone."""
        self._writer.start()

    def stop(self) -> None:
        """Write what waits and close the database. Blocks. Idempotent."""
        self._writer.stop()

    def warned(self, number: str | None) -> bool:
        """Whether this number is on the list of those who hear JH-13's words; from memory, from any thread."""
        plain = None if number is None else normalised(number)
        return plain in self._warned

    def receive(self, notice: Notice) -> None:
        """Take a notice of a call; returns at once, never raises."""
        call, fact = notice.call, notice.fact
        if call is None:
            return
        match fact:
            case CallerIdentified():
                self._identify(call, fact.caller_id.number)
            case Dialled():
                self._identify(call, fact.number)
            case PromptFinished() if fact.prompt.part in SAID_BY_AGENTS and fact.prompt.key in COUNTED:
                if (number := self._callers.get(call)) is not None:
                    self._writer.put(PhraseSaid(number, COUNTED[fact.prompt.key], notice.at))
            case Released():
                self._callers.pop(call, None)

    def _identify(self, call: str, number: str | None) -> None:
        plain = None if number is None else normalised(number)
        if plain is not None:
            self._callers[call] = plain

    def _look(self) -> None:
        self._warned = self._sink.warned()
        if self._also is not None:
            self._also()


class _NumbersSink(PeopleDatabase):
    def write(self, batch: Sequence[PhraseSaid]) -> None:
        """Count all of them, or none."""
        with self.engine.begin() as connection:
            for (number, column), count in Counter((said.number, said.column) for said in batch).items():
                last_at = max(said.at for said in batch if said.number == number)
                _count(connection, number, column, count, last_at)

    def warned(self) -> frozenset[str]:
        """The list."""
        with self.engine.connect() as connection:
            return frozenset(connection.scalars(select(NumberRow.number).where(NumberRow.warned)))


def _count(connection: Connection, number: str, column: str, count: int, last_at: datetime) -> None:
    """Added in the database itself: several gateways may count the same number. Where two of them make its row at
    the same instant the later batch fails, is written again item by item (Writer), and finds the row."""
    counter = getattr(NumberRow, column)
    more = (
        update(NumberRow).where(NumberRow.number == number).values({column: counter + count, "last_at": last_at})
    )
    if connection.execute(more).rowcount == 0:
        first = {"nuisance": 0, "foul_language": 0, "warned": False, "number": number, "last_at": last_at}
        connection.execute(insert(NumberRow).values(first | {column: count}))


def _named(said: PhraseSaid) -> str:
    return f"a count of {said.column}"
