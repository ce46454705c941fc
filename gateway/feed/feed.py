"""The line-status feed: a listener of facts that publishes them over MQTT."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from importlib.metadata import version
from typing import Any

from gateway.call.facts import Notice
from gateway.feed.board import Board
from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.desk_board import DeskBoard, TicketCall, TicketShown
from gateway.feed.discovery import DevicesTold, with_discovery
from gateway.feed.encoding import Message, encode
from gateway.feed.kpi import Kpi, PastCall
from gateway.feed.last_calls import EndedCall, LastCalls
from gateway.feed.line_alerts import LineAlerts
from gateway.feed.publisher import BROKER_AWAY, Gateway, Publisher
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.authority import SHORTEST_KEY, Authority
from gateway.feed.requests.commands import Command
from gateway.feed.standing import NO_MORE
from gateway.feed.throttle import Throttle
from gateway.feed.topics import Topics
from gateway.kpi.alarm import Goal

log = logging.getLogger(__name__)

Watcher = Callable[[Message], None]

FIGURES_PAUSE = 0.25
"""Seconds from one telling of the figures to the next: many lines change them more often than anybody looks."""
LOOK_AGAIN = 10.0
"""Seconds after a fault until the date is looked at again."""
LONGEST_SLEEP = 600.0
"""Seconds after which the date is looked at anew at the latest: the machine's clock may have been set."""


class Feed:
    """Publishes what the lines of one gateway do. Made, started, used and stopped on one event loop.

    Raises FeedError when made from a config that cannot be right; after that a trouble is never an exception: it
    is a `problem`, and is retried until it has gone.
    """

    def __init__(
        self,
        config: FeedConfig,
        now: Callable[[], datetime] | None = None,
        *,
        commands: Mapping[str, Command] | None = None,
    ) -> None:
        """`now` gives aware times in the site's zone; the machine's clock by default. `commands` are done beside
        `refresh`, by name."""
        self._now = now or (lambda: datetime.now(config.zone))
        self._topics = with_discovery(Topics(config.base_topic, config.site), config.discovery_prefix)
        started = self._now()
        self._board = Board(
            self._topics,
            config.lines,
            started,
            show_numbers=config.show_numbers,
            reassure_every=config.reassure_every,
        )
        self._line_alerts = LineAlerts(self._topics)
        self._desk = DeskBoard(self._topics, config.agents, started, show_numbers=config.show_numbers)
        self._kpi = Kpi(started, config.ring_limit, Goal(config.answer_rate_goal, config.alarm_from_calls))
        self._calls = LastCalls(show_numbers=config.show_numbers)
        self._watchers: list[Watcher] = []
        self._states_due = False
        """Whether the states are told at the end of this turn of the event loop."""
        self._devices = DevicesTold(config, self._topics, version("sansheng"))
        states = [*self._board.states(), *self._desk.states(), self._kpi_message(), self._calls_message()]
        known = {"refresh": self._refresh, **(commands or {})}
        authority = _authority(config, started)
        self._answering = Answering(known, lambda: self._now().timestamp(), authority=authority)
        gateway = Gateway(self._now, self._board.lines, self._put, self._left_behind, self.alert)
        self._publisher = Publisher(
            config, self._topics, self._answering, [*self._devices.changes(), *states], gateway
        )
        self._figures = Throttle(FIGURES_PAUSE, lambda: self._put(self._kpi_message()))
        self._tickets_shown = False
        self._left: set[str] = set()
        """Topics of tickets that an earlier run left, and of which it is not known yet whether they are open."""
        self._calendar: asyncio.Task[None] | None = None

    @property
    def problem(self) -> str | None:
        """Why nothing is published at present, in words for the user; None while all is well."""
        return self._publisher.problem

    @property
    def online(self) -> asyncio.Event:
        """Set while the broker has the birth and all retained states."""
        return self._publisher.online

    @property
    def url(self) -> str:
        """The broker's address, an embedded one's too."""
        return self._publisher.url

    @property
    def dropped(self) -> int:
        """Events lost because the broker stayed away for too long."""
        return self._publisher.dropped

    @property
    def waiting(self) -> int:
        """Messages that the broker does not have yet."""
        return self._publisher.waiting

    def lines(self) -> dict[str, tuple[str, int]]:
        """The state of every line as it is shown now, and how many calls are up on it."""
        return self._board.lines()

    def line_added(self, line: str, driver: str) -> None:
        """Show one line more, or one anew that has become another; it is offline until its LineRestored."""
        self._put(self._board.add(line, driver, self._now()))
        self._devices.line_added(line, driver)
        self._put_all(self._devices.changes())

    def line_removed(self, line: str) -> None:
        """Show a line no more, on which no call is up."""
        self.flush()
        self._put_alerts(line, self._line_alerts.forget(line, self._now()))
        self._board.remove(line)
        self._put(Message(self._topics.line_state(line), NO_MORE, retained=True))
        self._devices.line_removed(line)
        self._put_all(self._devices.changes())

    def agent_added(self, number: str) -> None:
        """Show one agent more; he is offline until the desk tells otherwise."""
        self._put(self._desk.added(number, self._now()))
        self._devices.agent_added(number)
        self._put_all(self._devices.changes())

    def agent_removed(self, number: str) -> None:
        """Show an agent no more."""
        self._put(Message(self._topics.agent_state(number), NO_MORE, retained=True))
        self._devices.agent_removed(number)
        self._put_all(self._devices.changes())

    def renew(self, reassure_every: float | None, phrases: Collection[str]) -> None:
        """Calls go by another plan from now on: how often who waits is reassured (see FeedConfig), and the keys of
        the phrases that can be asked for."""
        self._board.reassure(reassure_every)
        self._devices.renew(phrases)
        self._put_all(self._devices.changes())

    def seed(self, calls: Iterable[PastCall]) -> None:
        """Count the calls of earlier runs that are on record, today's and the last hour's; again when more of them
        are: each counts once."""
        self._kpi.seed(calls)
        self._tell_figures()

    def watch(self, watcher: Watcher) -> list[Message]:
        """Give `watcher` every message from now on, on the event loop, before the broker has it; gives all that is
        retained now, but for what is told elsewhere. It must not raise, nor wait."""
        self._watchers.append(watcher)
        return [message for message in self._publisher.retained() if self._topics.has(message.topic)]

    def ended(self, calls: Iterable[EndedCall]) -> None:
        """Show calls that have ended and are on record; each once, however often it is told."""
        if self._calls.add(calls):
            self._put(self._calls_message())

    def obey(self, commands: Mapping[str, Command]) -> None:
        """Do these requests too, by name."""
        self._answering.obey(commands)

    async def start(self) -> None:
        """Begin to publish; does not wait for the broker (see `online`)."""
        await self._publisher.start()
        self._calendar = asyncio.create_task(self._turn_days(), name="feed: calendar")

    def receive(self, notice: Notice) -> None:
        """Take a notice; never blocks, never raises. Its event is told at once, the line's state in the event
        loop's next turn: once for all notices of one moment."""
        try:
            self._states_soon()  # first: so what is published goes out with the events, not after them
            self._put_all(self._board.receive(notice))
            self._put_alerts(notice.line, self._line_alerts.receive(notice))
            if self._kpi.receive(notice):
                self._tell_figures()
        except Exception:  # a call must never suffer from its spectators
            log.exception("feed: a %s was not published", type(notice.fact).__name__)

    def flush(self) -> None:
        """Tell at once which states of lines have changed. Without an event loop nothing else does."""
        try:
            self._put_all(self._board.changes())
        except Exception:  # as above: it is called by the loop, or while the gateway stops
            log.exception("feed: states of lines were not published")

    def agent(self, number: str, state: str, since: datetime, why: str | None, call: str | None) -> None:
        """Show what an agent does now: `state` is a Presence's value, `since` aware, `call` the one he is rung for
        or talks in. Like all below it never raises for what the config allows."""
        self._put(self._desk.agent(number, state, since, why, call))

    def ticket(self, ticket: TicketShown) -> None:
        """Show what a ticket needs, for as long as it is open."""
        self._put(self._desk.ticket(ticket))

    def tickets_shown(self) -> None:
        """Every ticket that is not closed has been shown: what else an earlier run left of tickets goes."""
        self._tickets_shown = True
        left, self._left = self._left, set()
        for topic in left:
            self._left_behind(topic)

    def ticket_alert(self, ticket: TicketShown, what: TicketCall) -> None:
        """Call people for a ticket: a reminder, or that it is overdue."""
        self._put(self._desk.ticket_call(ticket, what, self._now()))

    def alert(self, code: str, detail: str, raised: bool) -> None:
        """Show a trouble of the gateway's own while it lasts: `raised`, and no more once it is cured. `code` is a
        word for programs, `detail` the words for people; telling the same again changes nothing."""
        for message in self._desk.trouble(code, detail, self._now(), raised=raised):
            if message.retained or code != BROKER_AWAY:  # told when it is over, in another's place
                self._put(message)

    async def stop(self) -> None:
        """Publish what waits, then `offline`, and disconnect. Idempotent."""
        if self._calendar is not None:
            self._calendar.cancel()
            await asyncio.gather(self._calendar, return_exceptions=True)
            self._calendar = None
        self.flush()
        try:
            self._figures.flush()
        except Exception:  # `offline` must be said all the same
            log.exception("feed: the last figures were not published")
        await self._publisher.stop()

    def _left_behind(self, topic: str) -> None:
        """An earlier run published this. Its troubles are over, or told anew; its tickets are known once the
        database has been looked at."""
        if self._publisher.keeps(topic):
            return
        if self._topics.is_ticket(topic) and not self._tickets_shown:
            self._left.add(topic)
        else:
            self._put(Message(topic, NO_MORE, retained=True))

    def _put(self, message: Message) -> None:
        self._publisher.put(message)
        for watcher in self._watchers:
            watcher(message)

    def _put_all(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._put(message)

    def _put_alerts(self, line: str, alerts: list[Message]) -> None:
        """A line's alerts, and its state, which names those that stand."""
        if alerts:
            self._states_soon()
            self._put_all(alerts)
            self._board.alerted(line, self._line_alerts.codes(line))

    def _states_soon(self) -> None:
        if self._states_due:
            return
        with contextlib.suppress(RuntimeError):  # no event loop: see `flush`
            asyncio.get_running_loop().call_soon(self._turn_over)
            self._states_due = True

    def _turn_over(self) -> None:
        self._states_due = False
        self.flush()

    def _refresh(self, _: Mapping[str, Any]) -> None:
        self._publisher.refresh()

    def _kpi_message(self) -> Message:
        return Message(self._topics.kpi, encode(self._kpi.fields()), retained=True)

    def _calls_message(self) -> Message:
        return Message(self._topics.calls, encode(self._calls.fields()), retained=True)

    def _tell_figures(self) -> None:
        self._figures.changed()
        for alert in self._kpi.alerts():
            self.alert(alert.code, alert.words, alert.raised)
        for line, alert in self._kpi.line_alerts():
            if line in self._board.lines():  # calls of today may be of a line that the config has no more
                self._put_alerts(line, self._line_alerts.rate(line, alert, self._now()))

    async def _turn_days(self) -> None:
        """A new day begins with its own figures, and a call is an hour old, even if nobody calls."""
        while True:
            try:
                pause = self._turn()
            except Exception:  # the days after this one are to turn, too
                log.exception("feed: the day's figures were not looked at")
                pause = LOOK_AGAIN
            await asyncio.sleep(pause)

    def _turn(self) -> float:
        """Gives the seconds until the figures change by time alone."""
        now = self._now()
        if self._kpi.turn_to(now):
            self._tell_figures()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
        # Subtracted by the wall clock: an hour off when summer time changes, and then slept again.
        turn = min((midnight - now).total_seconds(), self._kpi.next_turn(now), LONGEST_SLEEP)
        return max(turn, 0.0) + 0.01


def _authority(config: FeedConfig, began: datetime) -> Authority:
    """Whose requests are done."""
    key = config.command_key
    if key is not None and len(key) < SHORTEST_KEY:
        raise FeedError(
            f"[mqtt] command_key_file holds a key of {len(key)} bytes, at least {SHORTEST_KEY} are needed; make "
            "one with: openssl rand -hex 32"
        )
    return Authority(key, config.known_to_broker, began.timestamp())
