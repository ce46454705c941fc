"""The customers' lines of one gateway, opened and drained together, and changed while calls are up."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from drivers.line import LineFault, LineRestored
from gateway.call.desk_news import DeskNews
from gateway.call.facts import Notice
from gateway.call.requests import CallRequest, RequestRefused
from gateway.config import FxoLineConfig, LineConfig
from gateway.runner.line_runner import DialOrder, LineRunner

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """One line's: what runs there, what it was made from, and what is wanted there."""

    wanted: LineConfig | None
    made: LineConfig | None = None
    runner: LineRunner | None = None
    changing: asyncio.Task[None] | None = field(default=None, repr=False)


class LineGroup:
    """Belongs to one event loop. A Listener: it keeps count of the faulty lines.

    A line that is changed goes on as it was until no call is up on it; one that is no more wanted takes no new
    call, and goes once the last of its calls has ended by itself.
    """

    def __init__(
        self,
        lines: Iterable[LineConfig],
        make: Callable[[LineConfig], LineRunner],
        *,
        added: Callable[[str, str], None] = lambda _line, _driver: None,
        removed: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """`lines` are expanded, `make` builds the runner of one of them. `added` is told the id and
        driver of a line before it is opened anew, `removed` the id of one that is closed for good."""
        self._make = make
        self._added = added
        self._removed = removed
        self._places = {line.id: _Place(line, line, make(line)) for line in lines}
        self._faulty: set[str] = set()
        self._moved = asyncio.Event()
        """A line was closed, or another one is wanted."""

    def receive(self, notice: Notice) -> None:
        """Keeps count of the faulty lines."""
        if isinstance(notice.fact, LineFault):
            self._faulty.add(notice.line)
        elif isinstance(notice.fact, LineRestored):
            self._faulty.discard(notice.line)

    @property
    def told(self) -> str:
        """How many there are and how many cannot serve, in words."""
        faulty = len(self.faulty)
        return f"{len(self._runners()) - faulty} lines in service, {faulty} faulty"

    @property
    def faulty(self) -> list[str]:
        """The ids of those that cannot serve, sorted."""
        return sorted(runner.line_id for runner in self._runners() if runner.line_id in self._faulty)

    async def open(self) -> None:
        """Put every line in service; returns once each is, or is reported faulty."""
        opening = [asyncio.create_task(runner.open()) for runner in self._runners()]
        try:
            await asyncio.gather(*opening)
        finally:  # where one failed the others are not waited for
            for task in opening:
                task.cancel()
            await asyncio.gather(*opening, return_exceptions=True)

    async def drain(self, seconds: float) -> None:
        """Begin nothing new on any line; live calls may end by themselves for `seconds`, then all are released
        and the lines closed: together, as a port that nobody has tells a dispatcher less than a refusal."""
        changes = [place.changing for place in self._places.values() if place.changing is not None]
        for change in changes:
            change.cancel()
        await asyncio.gather(*changes, return_exceptions=True)
        await self._all(lambda runner: runner.wind_down(seconds))
        await self._all(lambda runner: runner.close())

    def hurry(self) -> None:
        """Cut a running drain short."""
        for runner in self._runners():
            runner.hurry()

    def change(self, lines: Sequence[LineConfig]) -> list[str]:
        """Have these lines in place of those there are; gives what becomes of which, in words. Returns at once:
        what has to wait for calls goes on by itself."""
        self._moved.set()
        wanted = {line.id: line for line in lines}
        words: list[str] = []
        for line_id in sorted(self._places.keys() | wanted.keys()):
            place = self._places.setdefault(line_id, _Place(None))
            before, place.wanted = place.wanted, wanted.get(line_id)
            if place.wanted != before:
                words.append(f"line {line_id} {_becomes(before, place.wanted)}")
            if place.changing is None and place.wanted != place.made:
                place.changing = asyncio.create_task(self._change(line_id, place), name=f"line {line_id} changes")
        return words

    # -- what is asked of the line that a call is up on -----------------------------------------------------------

    def request(self, call: str, request: CallRequest) -> None:
        """What people ask of the call with this id. Raises RequestRefused, and then nothing has changed."""
        runner = self._runner_of(call)
        if runner is None:
            raise RequestRefused(f"no call {call!r} is up; the feed's line states name those that are")
        runner.request(call, request)

    def tell(self, call: str, news: DeskNews) -> None:
        """What the desk has to tell the call with this id, if it is up."""
        runner = self._runner_of(call)
        if runner is not None:
            runner.news(call, news)

    def dial(self, line: str, order: DialOrder) -> None:
        """Have a line call a customer back. Raises RequestRefused."""
        if (why := self.cannot_dial(line)) is not None:
            raise RequestRefused(why)
        runner = self._places[line].runner
        assert runner is not None  # as cannot_dial found it
        runner.dial(order)

    def cannot_dial(self, line: str) -> str | None:
        """Why a line calls nobody back; None: it does."""
        place = self._places.get(line)
        if place is None or place.runner is None:
            return f"line {line} is not there at present; see [[lines]]"
        return place.runner.cannot_dial()

    # -- a line becomes another -----------------------------------------------------------------------------------

    async def _change(self, line_id: str, place: _Place) -> None:
        """Until the line is what is wanted, which may change meanwhile."""
        try:
            while place.wanted != place.made:
                if place.runner is not None and not await self._closed(place, place.runner):
                    continue
                if place.wanted is None:
                    continue
                if (holder := self._holder(place.wanted)) is not None:
                    log.info("line %s: waits for what line %s still holds", line_id, holder)
                    await self._port_is_free(place, place.wanted)
                    continue
                new = place.wanted
                self._added(new.id, new.driver)
                place.made, place.runner = new, self._make(new)
                await place.runner.open()
            if place.runner is None:
                del self._places[line_id]
        except Exception:  # the next reading of the config tries it again
            log.exception("line %s could not be changed; reload once more", line_id)
        finally:
            place.changing = None

    def _holder(self, wanted: LineConfig) -> str | None:
        """The line that has what `wanted` is to be opened on: as it had another name, or number, before."""
        taken = [place.made for place in self._places.values() if place.runner is not None]
        return next((made.id for made in taken if made is not None and _port(made) == _port(wanted)), None)

    async def _port_is_free(self, place: _Place, wanted: LineConfig) -> None:
        """Until it is, or another line is wanted in this place."""
        while self._holder(wanted) is not None and place.wanted is wanted:
            self._moved.clear()
            await self._moved.wait()

    async def _closed(self, place: _Place, runner: LineRunner) -> bool:
        """Close the line as it was, when nobody is on it; False: something else was wanted before that."""
        made, wanted = place.made, place.wanted
        if wanted is None:
            await runner.drain(math.inf)
        else:
            await runner.quiet()
            if place.wanted is not wanted:
                return False
            await runner.drain(0.0)
        place.made = place.runner = None
        self._moved.set()
        self._faulty.discard(runner.line_id)
        if place.wanted is None and made is not None:
            log.info("line %s: closed for good", made.id)
            self._removed(made.id)
        return True

    async def _all(self, end: Callable[[LineRunner], Awaitable[None]]) -> None:
        """Every line does so at once; one that cannot keeps neither others nor what comes after from their end."""
        runners = self._runners()
        ended = await asyncio.gather(*map(end, runners), return_exceptions=True)
        for runner, wrong in zip(runners, ended, strict=True):
            if isinstance(wrong, Exception):
                log.error("line %s did not end as it should", runner.line_id, exc_info=wrong)

    def _runner_of(self, call: str) -> LineRunner | None:
        return next((runner for runner in self._runners() if runner.has(call)), None)

    def _runners(self) -> list[LineRunner]:
        return [place.runner for place in self._places.values() if place.runner is not None]


def _port(line: LineConfig) -> str:
    """What only one line can have."""
    return line.port if isinstance(line, FxoLineConfig) else line.listen


def _becomes(before: LineConfig | None, wanted: LineConfig | None) -> str:
    if before is None:
        return "is opened"
    if wanted is None:
        return "takes no more calls and is closed after its last one"
    return "changes as soon as no call is up on it"
