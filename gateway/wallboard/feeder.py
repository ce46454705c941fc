"""The gateway's side of the wallboard: starts its process, feeds it, starts it anew when it died or hangs.

No call ever waits for it: what the process does not take stays where it is, newest state only, and nothing here
raises into the gateway.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from drivers import own_process
from drivers.line.masking import without_numbers
from drivers.process_log import LogLine, ProcessLog, levelled
from gateway.config import GatewayConfig
from gateway.feed import Feed
from gateway.feed.encoding import Message, rfc3339
from gateway.wallboard.conflation import Conflation
from gateway.wallboard.settings import Settings, settings_of

log = logging.getLogger(__name__)

DOWN: Final = "wallboard_down"
"""The alert's code: nobody can look at the wallboard."""
EVERY: Final = 0.1
"""Seconds from one frame to the next at the least."""
LOG_PERIOD: Final = 60.0
"""Seconds of a burst of the process's log lines."""
ALIVE: Final = 2.0
"""Seconds from one frame to the next at the most: without any, the page says that it is stale."""
UNHEARD: Final = 5
"""Times ALIVE seconds without a word of the process by which it counts as hung. Counted and not timed: while our
own loop stalls, nothing is missed."""
START_UNHEARD: Final = 30
"""The same of a new one, which loads first: some 2 s, a minute on a machine that does other things."""
BACK_OFF: Final = (0.5, 2.0, 5.0, 15.0, 60.0)
"""Seconds before each start in a row; the last one repeats."""
STEADY: Final = 60.0
"""Seconds that a process must have served for the next start to be a first one again."""
EXIT_LIMIT: Final = 3.0
"""Seconds from the end of its standard input to the process's end, before SIGKILL."""
_CHUNK: Final = 65_536

Alert = Callable[[str, str, bool], None]
Watch = Callable[[Callable[[Message], None]], list[Message]]


class Feeder:
    """Keeps one wallboard up. Made, started and stopped on the gateway's event loop."""

    def __init__(
        self,
        settings: Settings,
        root: str,
        watch: Watch,
        alert: Alert,
        *,
        alive: float = ALIVE,
        back_off: tuple[float, ...] = BACK_OFF,
    ) -> None:
        """`root` is what the feed's topics begin with; `watch` gives all of its messages, `alert` shows troubles
        in it. `alive` and `back_off` are in seconds."""
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._conflation = Conflation(root)
        self._watch, self._alert = watch, alert
        self._alive, self._back_off = alive, back_off
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._heard = False
        self._failed: str | None = None
        """The last words of a process that failed."""
        self._served_since: float | None = None
        self.problem: str | None = None
        """Why nobody can look at it at present, in words for the user; None: somebody can, or soon."""
        self.url: str | None = None
        """Where it is; None while it is nowhere."""

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Begin to keep it up. Never raises, waits for nothing."""
        self._conflation.begin(self._watch(self._receive))
        self._supervisor = asyncio.create_task(self._supervise(), name="wallboard")

    async def stop(self) -> None:
        """End it; SIGKILL after EXIT_LIMIT. Idempotent."""
        self._closing.set()
        self._news.set()
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            await supervisor

    def _receive(self, message: Message) -> None:
        if self._conflation.put(message):
            self._news.set()

    async def _supervise(self) -> None:
        failures = 0
        while not self._closing.is_set():
            try:
                why = await self._live()
            except Exception as error:  # the gateway must never suffer from its spectators
                log.exception("wallboard: its process cannot be kept up")
                why = f"it failed: {error}"
            served, self._served_since, self.url = self._served_since, None, None
            if self._closing.is_set():
                return
            self._report(f"{why}; it is started anew")
            now = asyncio.get_running_loop().time()
            failures = 1 if served is not None and now - served > STEADY else failures + 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._back_off[min(failures, len(self._back_off)) - 1]):
                    await self._closing.wait()

    async def _live(self) -> str:
        """One process from its start to its end; gives why it ended."""
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *own_process.command("gateway.wallboard"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=own_process.environment(),
            )
        except OSError as error:
            return f"the wallboard cannot be started: {error.strerror or error}"
        log.debug("wallboard: process %d", process.pid)
        self._heard, self._failed = False, None
        return await self._attend(process)

    async def _attend(self, process: asyncio.subprocess.Process) -> str:
        """Feed it, hear it and watch over it until it ends or has to; gives why."""
        assert process.stdin is not None
        process.stdin.write(self._settings.line())
        self._conflation.anew()
        hearing = [asyncio.create_task(work) for work in (self._listen(process), _relay_log(process))]
        watching, feeding = map(asyncio.create_task, (self._watch_over(), self._feed(process.stdin)))
        turning = [watching, feeding, asyncio.create_task(process.wait())]
        try:
            await asyncio.wait((*turning, *hearing), return_when=asyncio.FIRST_COMPLETED)
            hung = watching.done()
        finally:
            for task in turning:
                task.cancel()
            await _end(process, 0.0 if watching.done() else EXIT_LIMIT)
            await asyncio.gather(*turning, *hearing, return_exceptions=True)
            self._process = None
        for task in (feeding, *hearing):
            error = None if task.cancelled() else task.exception()
            if error is not None:
                log.error("wallboard: a mistake of the gateway's", exc_info=error)
                return f"the wallboard cannot be fed: {type(error).__name__}: {error}"
        if hung:
            return "the wallboard hung and was killed"
        if self._failed is not None:
            return f"the wallboard failed: {self._failed}"
        status = process.returncode or 0
        return f"the wallboard ended {f'by signal {-status}' if status < 0 else f'with status {status}'}"

    async def _feed(self, stdin: asyncio.StreamWriter) -> None:
        """Send frames until told to end."""
        pipe = stdin.transport
        while not self._closing.is_set():
            if pipe.get_write_buffer_size() == 0 and not pipe.is_closing():
                self._news.clear()
                pipe.write(self._conflation.frame(rfc3339(datetime.now(self._zone))))
                if self._conflation.dirty:
                    self._news.set()
            await asyncio.sleep(EVERY)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._alive):
                    await self._news.wait()

    async def _watch_over(self) -> None:
        """Until the process counts as hung: it has a word for every frame."""
        unheard, limit = 0, START_UNHEARD
        while unheard < limit:
            await asyncio.sleep(self._alive)
            unheard += 1
            if self._heard:
                self._heard, unheard, limit = False, 0, UNHEARD

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """What the process tells of itself, a JSON object a line."""
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self._heard = True
            try:
                told = json.loads(line)
            except ValueError:
                continue
            self._told(told if isinstance(told, dict) else {})

    def _told(self, words: dict[str, Any]) -> None:
        if "listening" in words:
            self.url = str(words["listening"])
            self._served_since = asyncio.get_running_loop().time()
            log.info("wallboard: %s", self.url)
            self._report(None)
        elif "failed" in words:
            self._failed = str(words["failed"])
        elif "problem" in words:
            self._report(str(words["problem"]))

    def _report(self, problem: str | None) -> None:
        """Tell the log and the feed once about each problem, and about its end."""
        if problem == self.problem:
            return
        before, self.problem = self.problem, problem
        if problem is not None:
            log.error("wallboard: %s", problem)
        self._alert(DOWN, problem or before or "", problem is not None)


async def _end(process: asyncio.subprocess.Process, patience: float) -> None:
    """Close its standard input, by which it ends; kill it where it does not within `patience` seconds."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def log_line(text: str) -> LogLine:
    """What a line of the process's means to the log: its level, numbers masked."""
    level, told = levelled(text)
    return logging.WARNING if level is None else level, without_numbers(told)


async def _relay_log(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    lines = ProcessLog(log_line, LOG_PERIOD)
    while data := await process.stderr.read(_CHUNK):
        for level, text in lines.feed(data, asyncio.get_running_loop().time()):
            log.log(level, "wallboard: %s", text)


def feeder_of(config: GatewayConfig, feed: Feed) -> Feeder | None:
    """The wallboard that a gateway.toml asks for; None: it asks for none."""
    settings = settings_of(config)
    if settings is None:
        return None
    return Feeder(settings, f"{config.mqtt.base_topic}/{config.site}", feed.watch, feed.alert)
