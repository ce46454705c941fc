"""The board: folds facts into what each line does now. Pure: notices in, messages out.

What happens in one moment is many notices. Each event is told as it comes, a line's state once, when the moment is
over: so no state contradicts itself, and each event is followed by a state that includes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from drivers.line import LineFault, LineRestored
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.zoned import zoned
from gateway.feed.call_on_board import CallOnBoard
from gateway.feed.encoding import Message, encode, rfc3339
from gateway.feed.events import event_fields
from gateway.feed.topics import Topics

IDLE = "idle"
OFFLINE = "offline"


@dataclass(slots=True)
class LineOnBoard:
    """One line. `seq` counts its events from 1; a state carries the number of the last event it includes."""

    line: str
    driver: str
    since: datetime
    in_service: bool = False
    seq: int = 0
    calls: dict[str, CallOnBoard] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    """The codes of those that stand, sorted."""
    published: dict[str, Any] | None = None

    @property
    def up(self) -> int:
        """How many of its calls are not over."""
        return sum(not call.over for call in self.calls.values())

    @property
    def state(self) -> str:
        """The first call's state; without a call `idle` or `offline`."""
        for call in self.calls.values():
            return call.state.value
        return IDLE if self.in_service else OFFLINE

    def fields(self) -> dict[str, Any]:
        """What `line/<id>/state` holds."""
        return {
            "line": self.line,
            "driver": self.driver,
            "state": self.state,
            "since": rfc3339(self.since),
            "seq": self.seq,
            "calls": [call.fields() for call in self.calls.values()],
            "alerts": self.alerts,
        }

    def forget(self) -> None:
        """Its calls that are over have been shown so; they are no more."""
        for call in [call for call in self.calls.values() if call.over]:
            before = self.state
            del self.calls[call.call]
            if self.state != before:
                self.since = call.since


class Board:
    """All lines of one gateway. A line is `offline` until its first LineRestored."""

    def __init__(
        self,
        topics: Topics,
        lines: Iterable[tuple[str, str]],
        now: datetime,
        *,
        show_numbers: bool = False,
        reassure_every: float | None = None,
    ) -> None:
        """`lines` are (id, driver); `now` is aware, in the site's zone. `reassure_every`: seconds from one
        reassurance of who waits to the next (JH-8), None where the dialplan knows none."""
        self._topics = topics
        self._show_numbers = show_numbers
        self._every = None if reassure_every is None else timedelta(seconds=reassure_every)
        self._lines = {line: LineOnBoard(line, driver, since=now) for line, driver in lines}
        self._touched: dict[str, LineOnBoard] = {}
        """Lines that may have changed since their state was told."""

    def lines(self) -> dict[str, tuple[str, int]]:
        """The state of every line as it is now, and how many calls are up on it."""
        return {name: (line.state, line.up) for name, line in self._lines.items()}

    def add(self, line: str, driver: str, now: datetime) -> Message:
        """Show one line more, or one anew that has become another; it is `offline`."""
        shown = self._lines.setdefault(line, LineOnBoard(line, driver, since=now))
        shown.driver, shown.in_service, shown.since = driver, False, now
        return self._state_message(shown, shown.fields())

    def remove(self, line: str) -> None:
        """Show a line no more; no call is up on it."""
        self._lines.pop(line, None)
        self._touched.pop(line, None)

    def reassure(self, every: float | None) -> None:
        """From now on who waits is reassured so often (see __init__)."""
        self._every = None if every is None else timedelta(seconds=every)

    def states(self) -> list[Message]:
        """The state of every line, as it is now."""
        for line in self._lines.values():
            line.forget()
        return [self._state_message(line, line.fields()) for line in self._lines.values()]

    def changes(self) -> list[Message]:
        """What happened in this moment has been told: the states of the lines that it concerned, where they are
        news. A call that is over is shown `released` once, then no more."""
        touched, self._touched = self._touched, {}
        messages: list[Message] = []
        for line in touched.values():
            self._add_news(messages, line)
            if line.up < len(line.calls):
                line.forget()
                self._add_news(messages, line)
        return messages

    def receive(self, notice: Notice) -> list[Message]:
        """The event that a notice is, if it is one, also as alert, if it is that. `changes` gives the state that
        includes it."""
        line = self._lines.get(notice.line)
        if line is None:
            line = self._lines[notice.line] = LineOnBoard(notice.line, "", since=notice.at)
        messages = self._events(line, notice)
        before = line.state
        if notice.call is None:
            self._line_changed(line, notice)
        else:
            self._call_changed(line, notice.call, notice)
        if line.state != before:
            line.since = notice.at
        self._touched[line.line] = line
        return messages

    def alerted(self, line: str, codes: Iterable[str]) -> None:
        """These alerts of a line stand now."""
        shown = self._touched[line] = self._lines[line]
        shown.alerts = sorted(codes)

    def _events(self, line: LineOnBoard, notice: Notice) -> list[Message]:
        event = event_fields(notice, show_numbers=self._show_numbers)
        if event is None:
            return []
        call = None if notice.call is None else line.calls.get(notice.call)
        alerts = isinstance(notice.fact, facts.AlertRaised)
        if alerts:
            event |= {"caller": call.caller if call else None, "agent": call.agent if call else None}
        if call is not None and call.asked and isinstance(notice.fact, facts.DigitDialled):
            # Key by key a telephone number would be told after all (WD-11).
            event["digit"] = event["digit"] if self._show_numbers else None
        line.seq += 1
        head = {"seq": line.seq, "ts": rfc3339(notice.at), "line": line.line, "call": notice.call}
        topics = [self._topics.line_event(line.line), *([self._topics.alert] if alerts else [])]
        return [Message(topic, encode(head | event), retained=False) for topic in topics]

    def _line_changed(self, line: LineOnBoard, notice: Notice) -> None:
        if isinstance(notice.fact, LineFault | LineRestored):
            line.in_service = isinstance(notice.fact, LineRestored)

    def _call_changed(self, line: LineOnBoard, call_id: str, notice: Notice) -> None:
        fact = notice.fact
        if isinstance(fact, facts.Offered):
            line.driver = line.driver or fact.driver
            line.in_service = True
            line.calls[call_id] = CallOnBoard(call_id, notice.at, notice.at, agent=fact.agent)
        elif (call := line.calls.get(call_id)) is not None:
            call.receive(fact, zoned(notice.at), every=self._every, show_numbers=self._show_numbers)

    def _add_news(self, messages: list[Message], line: LineOnBoard) -> None:
        if (fields := line.fields()) != line.published:
            messages.append(self._state_message(line, fields))

    def _state_message(self, line: LineOnBoard, fields: dict[str, Any]) -> Message:
        line.published = fields
        return Message(self._topics.line_state(line.line), encode(fields), retained=True)
