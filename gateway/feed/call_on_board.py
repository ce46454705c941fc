"""One call as its line's state shows it: folded from the call's facts. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from drivers.line.masking import shown
from gateway.call import facts
from gateway.call.prompt import Part
from gateway.call.states import CallState
from gateway.feed.encoding import rfc3339

KEYED_IN = frozenset({Part.QUESTION, Part.CALL_BACK})
"""Prompts that may be answered with a telephone number."""


@dataclass(slots=True)
class CallOnBoard:
    """One call. Times are aware, in the site's zone."""

    call: str
    offered_at: datetime
    since: datetime
    """When its state began."""
    state: CallState = CallState.RINGING
    rings: int = 0
    caller: str | None = None
    agent: str | None = None
    verdict: str | None = None
    prompt: str | None = None
    kind: str | None = None
    position: int | None = None
    """His place in the queue, while he waits in one."""
    waiting_since: datetime | None = None
    """When he began to wait; None: he does not."""
    reassured_at: datetime | None = None
    """When he is reassured next (JH-8); None: he does not wait, or is on hold."""
    ticket: int | None = None
    """The ticket that a call of ours is owed by; None: he calls us."""
    asked: bool = False
    """Whether a question has been asked, or his number is being taken: what he keys in from then on may be an
    answer, be it a late one."""
    over: bool = False
    """Whether it has been released."""
    _left: timedelta | None = None
    """Of the time to the next reassurance, when he put us on hold."""

    def fields(self) -> dict[str, Any]:
        """Its entry under `calls`."""
        return {
            "call": self.call,
            "state": self.state.value,
            "since": rfc3339(self.since),
            "offered_at": rfc3339(self.offered_at),
            "rings": self.rings,
            "caller": self.caller,
            "agent": self.agent,
            "verdict": self.verdict,
            "prompt": self.prompt,
            "kind": self.kind,
            "position": self.position,
            "waiting_since": None if self.waiting_since is None else rfc3339(self.waiting_since),
            "next_reassurance": None if self.reassured_at is None else rfc3339(self.reassured_at),
            "ticket": self.ticket,
        }

    def receive(self, fact: object, at: datetime, *, every: timedelta | None, show_numbers: bool) -> None:
        """Take a fact of this call. `every`: from the beginning of one reassurance to the next (JH-8), None where
        the dialplan knows none."""
        match fact:
            case facts.StateEntered(state=state):
                self._enter(state, at)
            case facts.Rang(rings=rings):
                self.rings = rings
            case facts.CallerIdentified(caller_id=caller_id):
                self.caller = shown(caller_id.number, show_numbers)
            case facts.PromptStarted(prompt=prompt):
                self.prompt = prompt.key
                self.asked = self.asked or prompt.part in KEYED_IN
                self._reassured(at, every if prompt.part is Part.WAITING else None)
            case facts.PromptFinished():
                self.prompt = None
            case facts.KindChosen(kind=kind):
                self.kind = kind
            case facts.VerdictGiven(verdict=verdict):
                self.verdict = verdict.value
            case facts.Dialled(ticket=ticket, number=number):
                self.state, self.since, self.ticket = CallState.DIALLING, at, ticket
                self.caller = shown(number, show_numbers)
            case facts.AgentAssigned(agent=agent) | facts.AgentConnected(agent=agent):
                self.agent, self.position = agent, None
            case _:
                self._receive_of_wait(fact, at, every)

    def _receive_of_wait(self, fact: object, at: datetime, every: timedelta | None) -> None:
        """What concerns a wait, and the end of all."""
        match fact:
            case facts.Released():
                self._enter(CallState.RELEASED, at)
                self.over = True
            case facts.WaitBegan(position=position):
                self.position, self.waiting_since = position, at
                self._reassured(at, every)
            case facts.WaitMoved(position=position):
                self.position = position
            case facts.WaitEnded():
                self._waits_no_more()
            case facts.CustomerHeld() if self.reassured_at is not None:
                self._left, self.reassured_at = self.reassured_at - at, None
            case facts.CustomerResumed() if self._left is not None:
                self.reassured_at, self._left = at + self._left, None
            case facts.DigitDialled() if self.state is CallState.WAITING:
                self.asked = True  # the key for a call-back, and he may go on with his number before he is asked
            case _:
                pass

    def _enter(self, state: CallState, at: datetime) -> None:
        if state is not self.state:
            self.state, self.since = state, at
        if state is CallState.RELEASED:  # who hangs up while he waits ends his wait with that
            self._waits_no_more()

    def _waits_no_more(self) -> None:
        self.position = self.waiting_since = self.reassured_at = self._left = None

    def _reassured(self, at: datetime, every: timedelta | None) -> None:
        if self.waiting_since is not None and every is not None:
            self.reassured_at = at + every
