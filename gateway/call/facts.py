"""What the engine tells the world of a call: the facts that records, feed and wallboard listen to.

Each has the event's name in the feed beside it. Times are added by whoever carries them (see Notice).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from drivers.line import CallerId, HangUpSign, LineNews, Verdict
from gateway.call.plan import Prompt, Question
from gateway.call.states import CallState


class ReleasedBy(StrEnum):
    """Who ended the call. `standard`: a release that a clause orders. `guard`: the timer after the farewell.
    `handset`: somebody took it at a parallel telephone; the customer is not cut, he goes on talking there."""

    CUSTOMER = "customer"
    STANDARD = "standard"
    GUARD = "guard"
    HANDSET = "handset"
    UNREACHED = "unreached"
    """Nobody there: a customer whom we called back and did not reach."""
    FAULT = "fault"
    SHUTDOWN = "shutdown"


class CutReason(StrEnum):
    """Why a prompt was not heard to its end."""

    BARGE_IN = "barge_in"
    FAR_END_HUNG_UP = "far_end_hung_up"
    HANDSET = "handset"
    """Somebody talks to the customer at a parallel telephone."""
    LINE = "line"
    """The line stopped it, or never told its end."""
    RELEASED = "released"
    WAIT_ENDED = "wait_ended"
    """Somebody has time for the waiting customer: he need not hear the reassurance to its end."""
    AGENT = "agent"
    """The agent has come: what the line would have said by itself he says."""


@dataclass(frozen=True, slots=True)
class CallFact:
    """Any fact of a call."""


@dataclass(frozen=True, slots=True)
class Offered(CallFact):
    """First fact of every call; creates its record. Not an event of its own in the feed (`ring` follows)."""

    site: str
    line: str
    driver: str
    dialplan: str
    agent: str


@dataclass(frozen=True, slots=True)
class StateEntered(CallFact):
    """The call's state changed; shown in `line/<id>/state`."""

    state: CallState


@dataclass(frozen=True, slots=True)
class Rang(CallFact):
    """`ring`."""

    rings: int


@dataclass(frozen=True, slots=True)
class CallerIdentified(CallFact):
    """`caller_id`."""

    caller_id: CallerId


@dataclass(frozen=True, slots=True)
class CallAnswered(CallFact):
    """`answered`. `waited` is seconds from the offer to off-hook."""

    rings: int
    waited: float


@dataclass(frozen=True, slots=True)
class PromptStarted(CallFact):
    """`prompt_started`: its first sample is on the line."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class PromptFinished(CallFact):
    """`prompt_finished`: heard to the end (`cut` is None), or cut and why. Exactly one for each PromptStarted."""

    prompt: Prompt
    cut: CutReason | None = None

    @property
    def complete(self) -> bool:
        """Whether the prompt was heard to its end."""
        return self.cut is None


@dataclass(frozen=True, slots=True)
class PromptFailed(CallFact):
    """`prompt_failed`: the line could not begin this prompt, as its recording is missing or it does not play;
    the customer heard nothing of it. No PromptStarted and no PromptFinished belong to it."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class VerdictGiven(CallFact):
    """`verdict`."""

    verdict: Verdict
    level_dbfs: float
    snr_db: float | None


@dataclass(frozen=True, slots=True)
class DigitDialled(CallFact):
    """`dtmf`."""

    digit: str


@dataclass(frozen=True, slots=True)
class KindChosen(CallFact):
    """`kind`: what sort of request it is (TT-1). `digit` is None where the customer pressed no key."""

    kind: str
    digit: str | None
    clause: str


@dataclass(frozen=True, slots=True)
class AlertRaised(CallFact):
    """`alert`: people must be called in at once, as `clause` orders for this kind of request (TT-1)."""

    kind: str
    clause: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered(CallFact):
    """`answer`: a question's time is over (JS-3). `spoken` tells whether the customer was understood; `digits` are
    the keys he pressed. Its recording is the question's own."""

    question: Question
    spoken: bool
    digits: str | None


@dataclass(frozen=True, slots=True)
class AgentAssigned(CallFact):
    """Another agent than the one of Offered will greet: the caller ID told whose customer he is (WD-13). Not an
    event of its own in the feed."""

    agent: str


@dataclass(frozen=True, slots=True)
class AgentRinging(CallFact):
    """`agent_ringing`: the agent's telephone is being rung for this customer."""

    agent: str


@dataclass(frozen=True, slots=True)
class AgentMissed(CallFact):
    """`agent_missed`: he did not come to the telephone. `why`: no_answer, busy, refused, unreachable, …"""

    agent: str
    why: str


@dataclass(frozen=True, slots=True)
class AgentConnected(CallFact):
    """`agent_connected`: customer and agent talk from now on. Where he picked up during the greeting, this comes
    at its end; they have heard each other beside it."""

    agent: str


@dataclass(frozen=True, slots=True)
class AgentLeft(CallFact):
    """`agent_left`: the agent has gone, and the customer has not (JH-2). `why`: hung_up, failed, no_audio, …"""

    agent: str
    why: str


@dataclass(frozen=True, slots=True)
class MessageTaken(CallFact):
    """`message`: the customer has told his case and no agent was to be had: it is passed on (JH-19)."""


class NumberSource(StrEnum):
    """Where a number to call back comes from."""

    CALLER_ID = "caller_id"
    KEYED = "keyed"


@dataclass(frozen=True, slots=True)
class CallBackAsked(CallFact):
    """`call_back`: the customer is to be called back (JS-2, JH-19). `number` is None where he gave none;
    `confirmed` tells whether he pressed the key that says it was read back right."""

    number: str | None
    source: NumberSource | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Dialled(CallFact):
    """First fact but Offered of a call that we make: the call-back owed by `ticket` (JS-7)."""

    ticket: int
    number: str


@dataclass(frozen=True, slots=True)
class CustomerRings(CallFact):
    """`customer_ringing`: the telephone of a customer whom we call back rings."""


@dataclass(frozen=True, slots=True)
class DialUnanswered(CallFact):
    """`not_reached`: the customer whom we called back was not reached (JS-9). `why` is a DialFailure's value."""

    why: str


@dataclass(frozen=True, slots=True)
class WaitBegan(CallFact):
    """`waiting`: the customer waits for somebody (JH-8). `position` is his place in the queue from 1; None: he
    waits for the agent whom he is joined with, or nobody keeps a queue."""

    position: int | None = None


@dataclass(frozen=True, slots=True)
class WaitMoved(CallFact):
    """`waiting` again: his place in the queue is another one."""

    position: int


@dataclass(frozen=True, slots=True)
class WaitEnded(CallFact):
    """`wait_ended`: after `waited` seconds somebody has time for him, or (`overdue`) the wait's limit has come or
    nobody can come any more, or (`chosen`) he would rather be called back or leave a message."""

    waited: float
    overdue: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class RecordingStarted(CallFact):
    """The customer's words are being written to `path`. Not in the feed."""

    path: str


@dataclass(frozen=True, slots=True)
class CustomerHeld(CallFact):
    """`held`: the customer has put us on hold; he hears nothing, and every wait for him stands still."""


@dataclass(frozen=True, slots=True)
class CustomerResumed(CallFact):
    """`resumed`: he is back."""


@dataclass(frozen=True, slots=True)
class MediaLost(CallFact):
    """`media_lost`: no audio comes from the customer any more. He is served as if he were silent; the last verdict
    stands."""


@dataclass(frozen=True, slots=True)
class MediaRestored(CallFact):
    """`media_restored`: it comes again."""


@dataclass(frozen=True, slots=True)
class CustomerHungUp(CallFact):
    """`far_end_hangup`."""

    sign: HangUpSign


@dataclass(frozen=True, slots=True)
class HandsetLifted(CallFact):
    """`handset_lifted`: somebody has picked up a telephone parallel to the line; we leave the customer to him."""


@dataclass(frozen=True, slots=True)
class Released(CallFact):
    """`released`: the last fact of every call, exactly one. `cause` names the clause, the sign or the fault."""

    by: ReleasedBy
    cause: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A fact on its way to the listeners: when (aware, the site's zone), on which line, of which call.

    `call` is None exactly for news of the line itself.
    """

    at: datetime
    line: str
    call: str | None
    fact: CallFact | LineNews


class Listener(Protocol):
    """Whoever listens to facts: records, feed, the demo's table."""

    def receive(self, notice: Notice) -> None:
        """Take a notice; called on the event loop's thread in order, returns at once, never raises."""
