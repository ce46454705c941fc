"""The people behind the greeting, put together for one gateway: desk, agents' telephones, tickets, call-backs,
numbers, recordings. The composition root gives it its lines; it knows no drivers.
"""

import asyncio
import logging
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from drivers.line import Line
from gateway.call.desk_news import AgentAnswers, DeskNews
from gateway.call.facts import Listener, Notice
from gateway.call.requests import AgentWish, CallRequest
from gateway.call.zoned import before
from gateway.config import GatewayConfig
from gateway.database.runs import ALONE, Runs
from gateway.desk.attendance import Change
from gateway.desk.desk import Desk
from gateway.desk.terms import Agent, DeskRule, PresenceChanged
from gateway.feed import Feed
from gateway.people import People, wished
from gateway.privacy import Retention
from gateway.recordings import RecordingsKeeper
from gateway.records import RecordsConfig
from gateway.runner.agent_telephones import AgentTelephones, LineWatch
from gateway.runner.call_backs import CallBackRunner
from gateway.runner.database_threads import DatabaseThreads
from gateway.runner.in_time import AT_WORK, in_time
from gateway.runner.line_runner import DialOrder
from gateway.runner.reachability import Reachability
from gateway.runner.reception import Compile, Known, Reception
from gateway.runner.roster import Roster
from gateway.runner.sockets_folder import sockets_folder
from gateway.runner.switchboard import Switchboard
from gateway.runner.telephones import Codes
from gateway.runner.ticket_feed import TicketFeed
from gateway.runner.wishes_kept import changes_on_record
from gateway.tickets import TicketBook, TicketsError
from gateway.tickets.configured import tickets_config

log = logging.getLogger(__name__)


class Reach(Protocol):
    """What came of a probe."""

    @property
    def asked(self) -> bool:
        """Whether the question went out; if not, nothing is known of who is there."""

    @property
    def reachable(self) -> bool:
        """Whether anything answers there."""


class DeskLine(Line, Protocol):
    """A line on which agents are rung, and which can ask their telephones whether they are there."""

    async def probe(self, address: str) -> Reach:
        """Whether something answers at this SIP address."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The gateway's calls, as the office needs them."""

    tell: Callable[[str, DeskNews], None]
    """Tells a call that is up something; drops it for one that is not."""
    ask: Callable[[str, CallRequest], str]
    """What an agent asks of his customer's call. Raises RequestRefused."""
    dial: Callable[[str, DialOrder], None]
    """Has the line with this id call a customer. Raises RequestRefused."""
    cannot_dial: Callable[[str], str | None]
    """Why it calls nobody; None: it does."""


class Office:
    """Made, started and stopped with its gateway, on one event loop."""

    def __init__(
        self,
        config: GatewayConfig,
        records: RecordsConfig,
        compile_call: Compile,
        desk_lines: Sequence[DeskLine],
        calls: Calls,
        feed: Feed,
        codes: dict[str, CallRequest],
        *,
        promised: float | None = None,
        runs: Runs = ALONE,
        line_event: LineWatch = lambda _line, _event: None,
    ) -> None:
        """`codes`: what an agent can dial for his customer, by its digits; `promised`: in how many seconds the
        dialplan promises an answer (ET-3); `runs` tells which gateways of this site live; `line_event` is told
        what becomes of the desk's lines. Raises RecordsError, TicketsError or ConfigErrors for a config that
        cannot be right."""
        self._config = config
        self._records_config = records
        self._calls = calls
        self._feed = feed
        self._zone = ZoneInfo(config.timezone)
        self._lines = desk_lines
        self.people = People(records, config.key_accounts_path, runs=runs)
        self.tickets = TicketBook(tickets_config(config, records, promised=promised), runs=runs)
        self._recordings = RecordingsKeeper(
            config.data_path / "recordings",
            config.recordings.retention_days,
            config.recordings.min_free_mb,
            alert=feed.alert,
            needed=self._needed_recordings,
        )
        self._retention = Retention(records, config.records.retention_days)
        self.reception = self._reception(compile_call)
        self.codes = Codes({**codes, **_wishes(config)}, calls.ask, self.wish)
        extensions = {agent.number: agent.extension for agent in config.agents if agent.extension is not None}
        self._reachability = Reachability(extensions, self._reaches, self._reached)
        self._sockets = sockets_folder()  # last: nothing below refuses a config
        telephones = AgentTelephones(
            desk_lines, extensions, self._sockets, self.codes, self._reachability.doubt, line_event
        )
        self._telephones = telephones
        self.desk = self._desk(tuple(extensions))
        self._untold = set(extensions)
        """Of whom neither feed nor log knows anything yet."""
        self.switchboard = Switchboard(self.desk, telephones, self._tell, (self,))
        self.threads = DatabaseThreads()
        """For what waits for tickets or numbers."""
        self._roster = Roster(
            config.agents, extensions, self.reception, self.switchboard, self._reachability, feed, self.tickets
        )
        self._call_backs = self._call_back_runner()
        self._ticket_feed = TicketFeed(self.tickets, feed, self._now, self.threads.ask)
        if extensions:
            self.reception.desk = self.switchboard

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Who must hear the facts of calls."""
        backs: tuple[Listener, ...] = () if self._call_backs is None else (self._call_backs,)
        return (self.reception, self.tickets, self.people.numbers, self.switchboard, *backs)

    @property
    def recordings_stopped(self) -> bool:
        """Whether no recording is begun, as the disk is full."""
        return not self._recordings.may_record()

    def recover(self, notices: Sequence[Notice]) -> None:
        """All facts of a call that an earlier run left: what it owes the customer is entered."""
        for notice in notices:
            self.tickets.receive(notice)
        self.on_record({notice.call for notice in notices if notice.call is not None})

    def on_record(self, calls: Collection[str]) -> None:
        """These calls have ended and are on record; of each its last fact was received before."""
        for call in calls:
            self.tickets.on_record(call)

    def renew(self, config: GatewayConfig, compile_call: Compile, codes: dict[str, CallRequest]) -> None:
        """From the next call on another dialplan, or other contents of it, and other agents."""
        self._config = config
        self.reception.renew(compile_call, config.answer.on_ring)
        self.codes.renew({**codes, **_wishes(config)})
        self._roster.renew(config.agents, overflows=config.names_agents)

    async def start(self, patience: float = AT_WORK, *beside: Callable[[], None]) -> None:
        """Open everything; returns once it is known which agents are there. Before the customers' lines are.

        What waits for the database, and what is given as `beside`, is begun side by side, and not waited for
        longer than `patience` seconds: it goes on in the background.
        """
        rooms = (self.people.start, self.tickets.start, *beside)
        opening = asyncio.gather(*(in_time(patience, room) for room in rooms))
        begins = f"log_in {self._config.desk.log_in!r}"
        reading = changes_on_record(self._records_config, self._now, patience, begins)
        changes, _ = await asyncio.gather(reading, opening)
        await self._recordings.start()  # which asks the tickets what it may delete
        self._retention.start()
        self._wish_as_before(changes)
        await self._telephones.open()
        await self._reachability.start()
        self._tell_what_has_not_changed()
        self._ticket_feed.start()

    def begin_call_backs(self) -> None:
        """The customers' lines are in service: who is owed a call gets it."""
        if self._call_backs is not None:
            self._call_backs.start()

    async def stop_call_backs(self) -> None:
        """Nobody new is called back; who is being called is seen through, with the lines."""
        if self._call_backs is not None:
            await self._call_backs.stop()

    async def stop(self) -> None:
        """Close everything, also after a start that failed; the customers' lines are closed."""
        if self._call_backs is not None:
            await self._call_backs.close()
        await self._ticket_feed.stop()
        await self._reachability.stop()
        self.switchboard.stop()
        await self._telephones.close()
        await self._recordings.stop()
        await asyncio.to_thread(self._retention.stop)
        await asyncio.to_thread(self.threads.close)
        await asyncio.gather(asyncio.to_thread(self.tickets.stop), asyncio.to_thread(self.people.stop))
        shutil.rmtree(self._sockets, ignore_errors=True)

    def wish(self, agent: str, wish: AgentWish) -> None:
        """What an agent asks for himself. Raises RequestRefused, and then nothing has changed."""
        self.switchboard.wish(agent, wish)

    def presence_changed(self, change: PresenceChanged) -> None:
        """An agent stands elsewhere: feed and log are told."""
        self._untold.discard(change.agent)
        now = self._now()
        log.info("agent %s: %s (%s)", change.agent, change.presence, change.why)
        stood = asyncio.get_running_loop().time() - self.desk.since(change.agent)
        since = before(now, stood)  # the reason alone may have changed
        self._feed.agent(change.agent, change.presence.value, since, change.why.value, change.call)
        self.people.log.changed(change.agent, change.presence, change.why.value, now)
        self._roster.presence_changed(change.agent, change.presence)

    # -- how it is put together --------------------------------------------------------------------------------

    def _reception(self, compile_call: Compile) -> Reception:
        config = self._config
        reaches_agents = any(agent.extension is not None for agent in config.agents)
        return Reception(
            tuple(agent.number for agent in config.agents),
            compile_call,
            config.data_path / "recordings",
            trainees=config.trainees,
            on_ring=config.answer.on_ring,
            overflows=config.names_agents,
            both_sides=reaches_agents and config.recordings.both_sides,
            known=Known(
                owner_of=self.tickets.owner_of,
                warned=self.people.numbers.warned,
                may_record=self._recordings.may_record,
            ),
        )

    def _desk(self, reached: Sequence[str]) -> Desk:
        desk = self._config.desk
        rule = DeskRule(
            ring_seconds=desk.ring_seconds,
            after_call_seconds=desk.after_call_seconds,
            manual_log_in=desk.log_in == "command",
        )
        agents = [Agent(a.number, trainee=a.trainee) for a in self._config.agents if a.number in reached]
        return Desk(agents, rule, self.people.rank_of, now=asyncio.get_running_loop().time())

    def _call_back_runner(self) -> CallBackRunner | None:
        back = self._config.call_backs
        if back is None:
            return None
        return CallBackRunner(
            self.tickets,
            self.switchboard,
            self.reception,
            partial(self._calls.dial, back.line),
            partial(self._calls.cannot_dial, back.line),
            line_id=back.line,
            address=_dialled(back.address, back.prefix),
            agents=self.desk.available,
            at_work=self.desk.at_work,
            now=self._now,
            ask=self.threads.ask,
        )

    # -- what holds over a restart -----------------------------------------------------------------------------

    def _wish_as_before(self, changes: dict[str, list[Change]]) -> None:
        """Nobody is logged in, or taken for back, because the gateway was started again."""
        for agent in self._config.agents:
            if agent.extension is not None:
                for wish in wished(changes.get(agent.number, ())):
                    self.wish(agent.number, AgentWish(wish.value))

    def _tell_what_has_not_changed(self) -> None:
        """Who stands where every agent begins has not changed; yet he is absent, not unknown (JH-20)."""
        for agent in sorted(self._untold):
            desk = self.desk
            self.presence_changed(
                PresenceChanged(agent, desk.presence(agent), desk.why(agent), desk.call_of(agent))
            )

    # -- joints ------------------------------------------------------------------------------------------------

    def _tell(self, call: str, news: DeskNews) -> None:
        if self._call_backs is not None and self._call_backs.has(call):
            self._call_backs.news(call, news)
            return
        if isinstance(news, AgentAnswers):
            news = replace(news, phrases=self.reception.phrases(call, news.agent))
        self._calls.tell(call, news)

    async def _reaches(self, address: str) -> bool | None:
        """Whether something answers there; None where no line of ours could ask."""
        for line in self._lines:
            if line.line_id in self._telephones.serving:
                reach = await line.probe(address)
                if reach.asked:
                    return reach.reachable
        return None

    def _needed_recordings(self) -> Collection[Path] | None:
        try:
            return self.tickets.recordings()
        except TicketsError as error:
            log.warning("which recordings open tickets need is not known: %s", error)
            return None

    def _reached(self, agent: str, reachable: bool) -> None:
        self.switchboard.reached(agent, reachable)

    def _now(self) -> datetime:
        return datetime.now(self._zone)


def _wishes(config: GatewayConfig) -> dict[str, AgentWish]:
    """What an agent wishes by the digits of his feature code."""
    return {
        code.removeprefix("*"): AgentWish(key.removesuffix("_code")) for key, code in config.desk.codes.items()
    }


def _dialled(address: str | None, prefix: str | None) -> Callable[[str], str]:
    """What the line dials of a customer's number."""
    if address is not None:
        return lambda number: address.format(number=number)
    return lambda number: f"{prefix or ''}{number}"
