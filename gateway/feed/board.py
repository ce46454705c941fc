"""The board: folds facts into what each line does now. Pure: notices in, messages out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from drivers.line import LineFault, LineRestored
from drivers.line.masking import shown
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.prompt import Part
from gateway.call.states import CallState
from gateway.feed.payloads import Message, encode, event_fields, rfc3339
from gateway.feed.topics import Topics

IDLE = "idle"
OFFLINE = "offline"
KEYED_IN = frozenset({Part.QUESTION, Part.CALL_BACK})
"""Prompts that may be answered with a telephone number."""


@dataclass(slots=True)
class CallOnBoard:
    """One call as the line's state shows it."""

    call: str
    state: CallState = CallState.RINGING
    rings: int = 0
    caller: str | None = None
    agent: str | None = None
    verdict: str | None = None
    prompt: str | None = None
    kind: str | None = None
    position: int | None = None
    """His place in the queue, while he waits in one."""
    ticket: int | None = None
    """The ticket that a call of ours is owed by; None: he calls us."""
    asked: bool = False
    """Whether a question has been asked, or his number is being taken: what he keys in from then on may be an
    answer, be it a late one."""

    def fields(self) -> dict[str, Any]:
        """Its entry under `calls`."""
        return {
            "call": self.call,
            "state": self.state.value,
            "rings": self.rings,
            "caller": self.caller,
            "agent": self.agent,
            "verdict": self.verdict,
            "prompt": self.prompt,
            "kind": self.kind,
            "position": self.position,
            "ticket": self.ticket,
        }


@dataclass(slots=True)
class LineOnBoard:
    """One line. `seq` counts its events from 1; a state carries the number of the last event it includes."""

    line: str
    driver: str
    since: datetime
    in_service: bool = False
    seq: int = 0
    calls: dict[str, CallOnBoard] = field(default_factory=dict)
    published: dict[str, Any] | None = None

    @property
    def state(self) -> str:
        """The first call's state; without a call `idle` or `offline`."""
        for call in self.calls.values():
            return call.state.value
        return IDLE if self.in_service else OFFLINE

    def fields(self) -> dict[str, Any]:
        """What `line/<id>/state` holds, but for `since` and `seq`."""
        calls = [call.fields() for call in self.calls.values()]
        return {"line": self.line, "driver": self.driver, "state": self.state, "calls": calls}


class Board:
    """All lines of one gateway. A line is `offline` until its first LineRestored."""

    def __init__(
        self, topics: Topics, lines: Iterable[tuple[str, str]], now: datetime, *, show_numbers: bool = False
    ) -> None:
        """`lines` are (id, driver); `now` is aware, in the site's zone."""
        self._topics = topics
        self._show_numbers = show_numbers
        self._lines = {line: LineOnBoard(line, driver, since=now) for line, driver in lines}

    def lines(self) -> dict[str, tuple[str, int]]:
        """The state of every line as it is shown now, and how many calls are up on it."""
        return {name: (line.state, len(line.calls)) for name, line in self._lines.items()}

    def states(self) -> list[Message]:
        """The state of every line, as it is now."""
        return [self._state_message(line) for line in self._lines.values()]

    def receive(self, notice: Notice) -> list[Message]:
        """The messages a notice leads to: its event, if it is one, also as alert, if it is that; then the line's
        state, if it has changed."""
        line = self._lines.setdefault(notice.line, LineOnBoard(notice.line, "", since=notice.at))
        messages = self._events(line, notice)
        before = line.state
        if notice.call is None:
            self._line_changed(line, notice)
        else:
            self._call_changed(line, notice.call, notice.fact)
        if line.state != before:
            line.since = notice.at
        # What kind of call was offered, the fact right after it tells: until then there is nothing to show.
        if line.fields() != line.published and not isinstance(notice.fact, facts.Offered):
            messages.append(self._state_message(line))
        return messages

    def _events(self, line: LineOnBoard, notice: Notice) -> list[Message]:
        event = event_fields(notice, show_numbers=self._show_numbers)
        if event is None:
            return []
        call = None if notice.call is None else line.calls.get(notice.call)
        alerts = isinstance(notice.fact, facts.AlertRaised)
        if call is not None and alerts:
            event |= {"caller": call.caller, "agent": call.agent}
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

    def _call_changed(self, line: LineOnBoard, call_id: str, fact: object) -> None:
        if isinstance(fact, facts.Offered):
            line.driver = line.driver or fact.driver
            line.in_service = True
            line.calls[call_id] = CallOnBoard(call_id, agent=fact.agent)
        elif isinstance(fact, facts.Released):
            line.calls.pop(call_id, None)
        elif (call := line.calls.get(call_id)) is not None:
            self._update(call, fact)

    def _update(self, call: CallOnBoard, fact: object) -> None:
        match fact:
            case facts.StateEntered(state=state):
                call.state = state
            case facts.Rang(rings=rings):
                call.rings = rings
            case facts.CallerIdentified(caller_id=caller_id):
                call.caller = shown(caller_id.number, self._show_numbers)
            case facts.PromptStarted(prompt=prompt):
                call.prompt = prompt.key
                call.asked = call.asked or prompt.part in KEYED_IN
            case facts.PromptFinished():
                call.prompt = None
            case facts.KindChosen(kind=kind):
                call.kind = kind
            case facts.VerdictGiven(verdict=verdict):
                call.verdict = verdict.value
            case _:
                self._update_of_desk(call, fact)

    def _update_of_desk(self, call: CallOnBoard, fact: object) -> None:
        """What concerns agents, waits and call-backs."""
        match fact:
            case facts.AgentAssigned(agent=agent):
                call.agent = agent
            case facts.AgentConnected(agent=agent):
                call.agent, call.position = agent, None
            case facts.WaitBegan(position=position) | facts.WaitMoved(position=position):
                call.position = position
            case facts.WaitEnded():
                call.position = None
            case facts.DigitDialled() if call.state is CallState.WAITING:
                call.asked = True  # the key for a call-back, and he may go on with his number before he is asked
            case facts.Dialled(ticket=ticket, number=number):
                call.state, call.ticket = CallState.DIALLING, ticket
                call.caller = shown(number, self._show_numbers)
            case _:
                pass

    def _state_message(self, line: LineOnBoard) -> Message:
        line.published = line.fields()
        fields = line.published | {"since": rfc3339(line.since), "seq": line.seq}
        return Message(self._topics.line_state(line.line), encode(fields), retained=True)
