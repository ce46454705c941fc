"""The composition root: builds a gateway from its config. The only room that knows which drivers exist."""

import asyncio
import contextlib
import gc
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
from drivers.line import Line, LineFault, LineRestored
from drivers.sip.caller import free_address
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from gateway.call.desk_news import DeskNews
from gateway.call.facts import Listener, Notice
from gateway.call.plan import Menu
from gateway.call.requests import CallRequest, RequestRefused
from gateway.compiled import codes, compiler, extensions, phrases
from gateway.config import FxoLineConfig, GatewayConfig, LineConfig, check_profiles, expand_lines
from gateway.config.desk_lines import DeskLine, desk_lines
from gateway.config.forms import split_host_port
from gateway.database import Database
from gateway.dialplan import Call, load_for
from gateway.dialplan.models import Dialplan
from gateway.dialplan.promise import promise_of
from gateway.feed import DeskToAsk, Feed, FeedError, call_commands, desk_commands
from gateway.feed.configured import feed_config
from gateway.kpi import CallFigures
from gateway.metrics import Metrics, MetricsServer, Seen
from gateway.office import Calls, Office
from gateway.people import NumbersBook, NumberUnknown, NumberWrong
from gateway.records import CallRecord, Records, RecordsError
from gateway.records.configured import records_config
from gateway.reports.last_calls import calls_that_ended_last, ended_call
from gateway.reports.today import calls_to_begin_with
from gateway.runner.calls_up import CallsUp
from gateway.runner.in_time import AT_WORK, PATIENCE, in_time
from gateway.runner.line_runner import DialOrder, LineRunner
from gateway.runner.looking import look
from gateway.runner.reception import Compile
from gateway.runner.telephones import Telephones
from gateway.starting import StartError, lock
from gateway.tickets import TicketsError, kinds_of
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
        self._lock = lock(config.data_path)
        try:
            self._put_together(config, listeners)
        except BaseException:
            self._lock.close()
            raise

    def _put_together(self, config: GatewayConfig, listeners: Sequence[Listener]) -> None:
        self._lines = expand_lines(config)
        self._faulty: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        """That of the start."""
        self._metrics = Metrics(
            [line.id for line in self._lines], self._look, version=version("sansheng"), site=config.site
        )
        self._metrics_server = self._make_metrics_server()
        agents = tuple(agent.number for agent in config.agents)
        check_profiles(config, PROFILES)
        dialplan = load_for(config)
        compile_call = compiler(config, dialplan, agents)
        plan = compile_call(Call(agents[0]))
        try:
            self._records_config = replace(records_config(config, plan), set_aside=self._database_set_aside)
            self._database = Database(self._records_config.url, self._records_config.data_dir)
            self._records = Records(
                self._records_config,
                alert=self._alert,
                recovered=self._recover,
                ended=self._ended,
                caught_up=self._catch_up,
            )
            listed = phrases(dialplan)
            self.feed = Feed(
                feed_config(config, self._lines, plan, listed),
                commands=call_commands(self, listed),
            )
            self._wallboard = feeder_of(config, self.feed)
            self._numbers = NumbersBook(self._records_config)
            self._office = self._make_office(compile_call, dialplan)  # last: it makes a folder
        except (RecordsError, FeedError, TicketsError) as error:
            raise StartError(str(error)) from error
        self._calls_up = CallsUp()
        self.feed.obey(desk_commands(self._desk_to_ask(plan.menu)))
        own: tuple[Listener, ...] = (self._records, self.feed, self, self._calls_up, self._metrics)
        self._listeners = (*own, *self._office.listeners, *listeners)
        telephones = Telephones(extensions(config), self._office.codes)
        self._runners = {line.id: self._runner(line, telephones) for line in self._lines}

    def receive(self, notice: Notice) -> None:
        """Keeps count of the faulty lines, for the log."""
        if isinstance(notice.fact, LineFault):
            self._faulty.add(notice.line)
        elif isinstance(notice.fact, LineRestored):
            self._faulty.discard(notice.line)

    def request(self, call: str, request: CallRequest) -> None:
        """What people ask of the call with this id. Raises RequestRefused, and then nothing has changed."""
        for runner in self._runners.values():
            if runner.has(call):
                runner.request(call, request)
                return
        raise RequestRefused(f"no call {call!r} is up; the feed's line states name those that are")

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

    def tell(self, call: str, news: DeskNews) -> None:
        """What the desk has to tell the call with this id, if it is up."""
        for runner in self._runners.values():
            if runner.has(call):
                runner.news(call, news)

    def dial(self, line: str, order: DialOrder) -> None:
        """Have a line call a customer back. Raises RequestRefused."""
        self._runners[line].dial(order)

    def cannot_dial(self, line: str) -> str | None:
        """Why a line calls nobody back; None: it does."""
        return self._runners[line].cannot_dial()

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
        # What is there now stays: searched for garbage with the rest, it would hold up every call for 0.1 s.
        gc.collect()
        gc.freeze()
        await self._open_lines()
        good = len(self._runners) - len(self._faulty)
        self._office.begin_call_backs()
        log.info("ready: %d lines in service, %d faulty", good, len(self._faulty))

    async def stop(self) -> None:
        """Begin nothing new, let live calls end up to `drain_seconds`, release the rest, close everything."""
        await self._close(self._config.drain_seconds)

    async def _open_lines(self) -> None:
        opening = [asyncio.create_task(runner.open()) for runner in self._runners.values()]
        try:
            await asyncio.gather(*opening)
        finally:  # where one failed the others are not waited for
            for task in opening:
                task.cancel()
            await asyncio.gather(*opening, return_exceptions=True)

    async def _close(self, drain_seconds: float) -> None:
        """Of what was not opened nothing is left to close."""
        drains = (runner.drain(drain_seconds) for runner in self._runners.values())
        await asyncio.gather(self._office.stop_call_backs(), *drains)
        await self._office.stop()
        for spectator in (self._metrics_server, self._wallboard, self.feed):
            try:
                if spectator is not None:
                    await spectator.stop()
            except Exception:  # what is shown must not cost what is on record
                log.exception("%s did not stop as it should", type(spectator).__name__)
        await asyncio.to_thread(self._records.stop)
        self._numbers.close()
        self._lock.close()
        gc.unfreeze()

    def hurry(self) -> None:
        """Cut a running `stop` short: release what is up now."""
        for runner in self._runners.values():
            runner.hurry()

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

    def _make_office(self, compile_call: Compile, dialplan: Dialplan) -> Office:
        return Office(
            self._config,
            self._records_config,
            compile_call,
            [build_desk_line(line) for line in desk_lines(self._config)],
            Calls(self.tell, self.request_of, self.dial, self.cannot_dial),
            self.feed,
            codes(dialplan),
            promised=promise_of(dialplan),
            line_event=self._metrics.line_event,
        )

    def _make_metrics_server(self) -> MetricsServer | None:
        listen = self._config.metrics.listen
        return None if listen is None else MetricsServer(self._metrics, *split_host_port(listen))

    def _look(self) -> Seen:
        office, now = self._office, datetime.now(ZoneInfo(self._config.timezone))
        stopped = office.recordings_stopped
        return look(self._records, self.feed, office.desk, office.tickets, now, recordings_stopped=stopped)

    def _runner(self, line: LineConfig, telephones: Telephones) -> LineRunner:
        return LineRunner(
            build_line(line),
            line.driver,
            site=self._config.site,
            zone=ZoneInfo(self._config.timezone),
            reception=self._office.reception,
            listeners=self._listeners,
            telephones=telephones,
        )

    def _desk_to_ask(self, menu: Menu | None) -> DeskToAsk:
        return DeskToAsk(
            calls=self,
            agents=self._office,
            tickets=self._office.tickets,
            numbers=self._numbers,
            kinds=kinds_of(menu),
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
            tones=line.tones,
        )
    )


def build_desk_line(line: DeskLine) -> SipLine:
    """One of the softphones that ring the agents: nobody may call it, and it registers nowhere."""
    listen = free_address(line.host) if line.port is None else f"{line.host}:{line.port}"
    return SipLine(SipConfig(line.id, listen, line.aor, username=line.username, password=line.password, allow=()))
