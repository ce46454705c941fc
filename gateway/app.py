"""The composition root: builds a gateway from its config. The only room that knows which drivers exist."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.fxo.profiles import PROFILES
from drivers.line import Line
from drivers.sip.caller import free_address
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from gateway.call.facts import Listener, Notice
from gateway.call.requests import CallRequest
from gateway.compiled import Compiled, extensions
from gateway.config import FxoLineConfig, GatewayConfig, LineConfig, check_profiles, expand_lines
from gateway.config.desk_lines import DeskLine, desk_lines
from gateway.config.forms import split_host_port
from gateway.database import Database
from gateway.feed import DeskToAsk, Feed, FeedError, call_commands, desk_commands
from gateway.feed.configured import feed_config
from gateway.kpi import CallFigures
from gateway.metrics import Metrics, MetricsServer, Seen
from gateway.office import Calls, Office
from gateway.people import NumbersBook, NumberUnknown, NumberWrong
from gateway.records import CallRecord, Records, RecordsError
from gateway.records.configured import records_config
from gateway.records.rules import Rules
from gateway.reloading import Reload
from gateway.reports.last_calls import calls_that_ended_last, ended_call
from gateway.reports.today import calls_to_begin_with
from gateway.runner.calls_up import CallsUp
from gateway.runner.in_time import AT_WORK, PATIENCE, in_time
from gateway.runner.line_group import LineGroup
from gateway.runner.line_runner import LineRunner
from gateway.runner.looking import look
from gateway.runner.telephones import Telephones
from gateway.starting import StartError, lock
from gateway.tickets import TicketsError, kinds_of
from gateway.tidying import Tidying
from gateway.wallboard.feeder import feeder_of

log = logging.getLogger(__name__)

DATABASE_CORRUPT = "database_corrupt"
"""The alert's code: a corrupt database was set aside, and a new one begun."""


class Gateway:
    """One gateway: its lines, its records, its feed. Made, started and stopped on one event loop."""

    def __init__(self, config: GatewayConfig, listeners: Sequence[Listener] = ()) -> None:
        """Reads the dialplan and builds the recordings that are missing; starts nothing yet.

        `listeners` hear every fact beside records and feed. Raises ConfigErrors or StartError.
        """
        self._config = config
        self._listeners: list[Listener] = []
        self._lock = lock(config.data_path)
        try:
            self._put_together(config, listeners)
        except BaseException:
            self._lock.close()
            raise

    def _put_together(self, config: GatewayConfig, listeners: Sequence[Listener]) -> None:
        lines = expand_lines(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        """That of the start."""
        self._tidying = Tidying()
        self._metrics = Metrics(
            [line.id for line in lines], self._look, version=version("sansheng"), site=config.site
        )
        self._metrics_server = self._make_metrics_server()
        check_profiles(config, PROFILES)
        compiled = self._compiled = Compiled.of(config)
        try:
            self._records_config = replace(
                records_config(config, compiled.plan), set_aside=self._database_set_aside
            )
            self._database = Database(self._records_config.url, self._records_config.data_dir)
            self._records = Records(
                self._records_config,
                alert=self._alert,
                recovered=self._recover,
                ended=self._ended,
                caught_up=self._catch_up,
            )
            self.feed = Feed(
                feed_config(config, lines, compiled.plan, compiled.phrases),
                commands=call_commands(self, compiled.phrases),
            )
            self._wallboard = feeder_of(config, self.feed)
            self._numbers = NumbersBook(self._records_config)
            self._office = self._make_office()  # last: it makes a folder
        except (RecordsError, FeedError, TicketsError) as error:
            raise StartError(str(error)) from error
        self._calls_up = CallsUp()
        self.feed.obey(desk_commands(self._desk_to_ask()))
        self._telephones = Telephones(extensions(config), self._office.codes)
        self._lines = LineGroup(lines, self._runner, added=self.feed.line_added, removed=self.feed.line_removed)
        own: tuple[Listener, ...] = (self._records, self.feed, self._lines, self._calls_up, self._metrics)
        self._listeners.extend((*own, *self._office.listeners, *listeners))

    def request(self, call: str, request: CallRequest) -> None:
        """What people ask of the call with this id. Raises RequestRefused, and then nothing has changed."""
        self._lines.request(call, request)

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        """The one answered call on `line`, or of `agent`. Raises RequestRefused."""
        return self._calls_up.find(line=line, agent=agent)

    def number_of(self, call: str) -> str | None:
        """The customer's whole number in a call that is up. Raises RequestRefused."""
        return self._calls_up.number_of(call)

    def request_of(self, agent: str, request: CallRequest) -> str:
        """What `agent` asks of his customer's call, whose id is given. Raises RequestRefused."""
        call = self.find(agent=agent)
        self.request(call, request)
        return call

    async def start(self) -> None:
        """Open everything; returns once every line is in service or reported faulty; logs `ready`. Where it
        raises, or is cancelled, all is closed again."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._open()
        except BaseException:
            await self._close(drain_seconds=0.0)
            raise

    async def _open(self) -> None:
        answers = bool(await in_time(PATIENCE, self._refuse_newer_database))
        patience = PATIENCE
        if answers:  # first what earlier runs left: it is of today's figures and in the agents' log
            await in_time(AT_WORK, self._records.start)
            patience = AT_WORK if self._records.problem is None else PATIENCE
        today = await in_time(AT_WORK, self._calls_of_today) if patience == AT_WORK else None
        if today is None:
            log.warning("today's figures begin anew: the database does not answer")
        self.feed.seed(today or [])
        if today is not None:
            self.feed.ended(await in_time(AT_WORK, partial(calls_that_ended_last, self._records_config)) or [])
        await self.feed.start()
        if self._wallboard is not None:
            self._wallboard.start()
        if self._metrics_server is not None:
            await self._metrics_server.start()
        await self._office.start(patience, *(() if answers else (self._records.start,)))
        self._tidying.start()
        await self._lines.open()
        self._office.begin_call_backs()
        log.info("ready: %s", self._lines.told)

    async def reload(self, config: GatewayConfig) -> tuple[list[str], tuple[str, ...]]:
        """Go by `config` from the next call on, as far as can be without a restart: gives what becomes of it in
        words, and the keys that need one. Calls that are up end by what they began with. Raises ConfigErrors, and
        then nothing has changed."""
        new = Reload.of(self._config, config)
        check_profiles(new.config, PROFILES)
        compiled = await asyncio.to_thread(Compiled.of, new.config)
        # First whatever may fail, then what follows from it.
        lines, rules = expand_lines(new.config), {compiled.plan.dialplan: Rules.of(compiled.plan)}
        renewed = feed_config(new.config, (), compiled.plan, compiled.phrases)
        self._config, self._compiled = new.config, compiled
        self._records_config.rules.amend(rules, datetime.now(ZoneInfo(new.config.timezone)))
        self._office.renew(new.config, compiled.compile_call, compiled.codes)
        self._telephones.renew(extensions(new.config))
        self.feed.obey({**call_commands(self, compiled.phrases), **desk_commands(self._desk_to_ask())})
        self.feed.renew(renewed.reassure_every, renewed.phrases)
        return self._lines.change(lines), new.restart

    async def stop(self) -> None:
        """Begin nothing new, let live calls end up to `drain_seconds`, release the rest, close everything."""
        await self._close(self.drain_seconds)

    @property
    def told(self) -> str:
        """What it does, in one line for people: `2 calls up; faulty: fxo1`."""
        up, faulty = len(self._calls_up), self._lines.faulty
        calls = f"{up} call{'' if up == 1 else 's'} up"
        return f"{calls}; faulty: {', '.join(faulty)}" if faulty else calls

    @property
    def drain_seconds(self) -> float:
        """How long live calls may last once it stops."""
        return self._config.drain_seconds

    async def _close(self, drain_seconds: float) -> None:
        """Of what was not opened nothing is left to close."""
        await asyncio.gather(self._office.stop_call_backs(), self._lines.drain(drain_seconds))
        # The records first: they tell the office's tickets which calls are on record.
        for other in (self._records, self._office, self._metrics_server, self._wallboard, self.feed):
            try:
                if isinstance(other, Records):
                    await asyncio.to_thread(other.stop)
                elif other is not None:
                    await other.stop()
            except Exception:  # each of the others is stopped all the same
                log.exception("%s did not stop as it should", type(other).__name__)
        self._numbers.close()
        self._lock.close()
        self._tidying.stop()

    def hurry(self) -> None:
        """Cut a running `stop` short: release what is up now."""
        self._lines.hurry()

    def _refuse_newer_database(self) -> bool:
        """Gives whether the database answers. Blocks."""
        try:
            return self._database.refuse_newer()
        except RecordsError as error:
            raise StartError(str(error)) from error

    def _database_set_aside(self, detail: str) -> None:
        """Told until the gateway starts anew: people are to look at the file, and at the disk."""
        self._alert(DATABASE_CORRUPT, detail, True)

    def _alert(self, code: str, detail: str, raised: bool) -> None:
        """A trouble, or its cure, told from any thread."""
        self._soon(self.feed.alert, code, detail, raised)

    def _recover(self, notices: Sequence[Notice]) -> None:
        """A call that an earlier run left, told from any thread: the ticket it makes is not lost with that run."""
        self._soon(self._office.recover, notices)

    def _ended(self, records: Sequence[CallRecord]) -> None:
        """Calls that have ended are on record, told from any thread."""
        self._soon(self._office.on_record, [record.call for record in records])
        self._soon(self.feed.ended, [ended_call(record) for record in records])

    def _catch_up(self) -> None:
        """What earlier runs had left is on record after all; on the records' thread, before it goes on."""
        now = datetime.now(ZoneInfo(self._config.timezone))
        self._soon(self.feed.seed, calls_to_begin_with(self._records_config, now))
        self._soon(self.feed.ended, calls_that_ended_last(self._records_config))

    def _soon(self, do: Callable[..., None], *told: object) -> None:
        """Have it done on the event loop, from any thread; not any more once that has ended."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(do, *told)

    def _make_office(self) -> Office:
        compiled = self._compiled
        return Office(
            self._config,
            self._records_config,
            compiled.compile_call,
            [build_desk_line(line) for line in desk_lines(self._config)],
            Calls(
                lambda call, news: self._lines.tell(call, news),
                self.request_of,
                lambda line, order: self._lines.dial(line, order),
                lambda line: self._lines.cannot_dial(line),
            ),
            self.feed,
            compiled.codes,
            promised=compiled.promised,
            runs=self._records,
            line_event=self._metrics.line_event,
        )

    def _make_metrics_server(self) -> MetricsServer | None:
        listen = self._config.metrics.listen
        return None if listen is None else MetricsServer(self._metrics, *split_host_port(listen))

    def _look(self) -> Seen:
        office, now = self._office, datetime.now(ZoneInfo(self._config.timezone))
        stopped = office.recordings_stopped
        return look(self._records, self.feed, office.desk, office.tickets, now, recordings_stopped=stopped)

    def _runner(self, line: LineConfig) -> LineRunner:
        return LineRunner(
            build_line(line),
            line.driver,
            site=self._config.site,
            zone=ZoneInfo(self._config.timezone),
            reception=self._office.reception,
            listeners=self._listeners,
            telephones=self._telephones,
        )

    def _desk_to_ask(self) -> DeskToAsk:
        return DeskToAsk(
            calls=self,
            agents=self._office,
            tickets=self._office.tickets,
            numbers=self._numbers,
            kinds=kinds_of(self._compiled.plan.menu),
            now=lambda: datetime.now(ZoneInfo(self._config.timezone)),
            refusals=(TicketsError, RecordsError, NumberUnknown, NumberWrong),
            show_numbers=self._config.show_numbers,
            in_thread=self._office.threads.ask,
        )

    def _calls_of_today(self) -> list[CallFigures]:
        """What the feed begins with. Blocks."""
        return calls_to_begin_with(self._records_config, datetime.now(ZoneInfo(self._config.timezone)))


def build_line(line: LineConfig) -> Line:
    """The line that one (expanded) `[[lines]]` table describes."""
    if isinstance(line, FxoLineConfig):
        return FxoLine(FxoConfig(line.id, line.port, profile=line.profile, tones=line.tones))
    return SipLine(
        SipConfig(
            line.id,
            line.listen,
            line.aor,
            registrar=line.registrar,
            username=line.username,
            password=line.password,
            calls=line.calls,
            ring_period=line.ring_period,
            allow=tuple(line.allow),
            callers=line.callers,
            requests_per_second=line.requests_per_second,
            ban_seconds=line.ban_seconds,
            tones=line.tones,
        )
    )


def build_desk_line(line: DeskLine) -> SipLine:
    """One of the softphones that ring the agents: nobody may call it, and it registers nowhere."""
    listen = free_address(line.host) if line.port is None else f"{line.host}:{line.port}"
    return SipLine(SipConfig(line.id, listen, line.aor, username=line.username, password=line.password, allow=()))
