"""The leg of an agent who calls the gateway to dial codes. Driven like a CallEngine.

He is no customer: answered at once, told nothing, in no record and no figure. What he asks for is done in his
customer's call.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    LegEvent,
    LegFailed,
    LegReleased,
    Release,
)
from gateway.call.codes import Dialling, UnknownCode
from gateway.call.course import Effects
from gateway.call.engine import LEG_ENDS_BY_ITSELF
from gateway.call.facts import CallAnswered, CallFact, Released, ReleasedBy
from gateway.call.requests import CallRequest, RequestRefused, SayPhrase


@dataclass(frozen=True, slots=True)
class AgentAsked(CallFact):
    """The agent wants `request` done in his customer's call."""

    request: CallRequest


@dataclass(frozen=True, slots=True)
class AgentMisdialled(CallFact):
    """What he dialled is no code."""

    dialled: str


class AgentLeg:
    """One leg from its offer to its release. Its facts are for who carries out the agent's wishes, and never for
    those who listen to customers' calls."""

    def __init__(self, leg: str, codes: Mapping[str, str], *, now: float) -> None:
        """`codes`: the phrase's key by its code."""
        self._leg = leg
        self._offered_at = now
        self._dialling = Dialling(codes)
        self._over = False

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        """Take a fact of the leg. After the release nothing has an effect any more."""
        if self._over:
            return ()
        match event:
            case CallOffered():
                return (Answer(self._leg),)
            case Answered():
                return (CallAnswered(0, now - self._offered_at),)
            case DigitReceived(digit=digit):
                return self._dialled(self._dialling.key(digit, now))
            case FarEndHungUp(sign=sign):
                release: Effects = () if sign in LEG_ENDS_BY_ITSELF else (Release(self._leg),)
                return (*release, *self._ended(ReleasedBy.CUSTOMER, sign.value))
            case LegFailed(code=code):
                return self._ended(ReleasedBy.FAULT, code.value)
            case LegReleased():
                return self._ended(ReleasedBy.FAULT, "line released by itself")
        return ()

    def next_deadline(self) -> float | None:
        """When `fire_timers` must be called at the latest; None: nothing is waited for."""
        return None if self._over else self._dialling.deadline

    def fire_timers(self, *, now: float) -> Effects:
        """Do what has come due by `now`."""
        due = self.next_deadline()
        return self._dialled(self._dialling.expire()) if due is not None and due <= now else ()

    def request(self, request: CallRequest, *, now: float) -> Effects:
        """Nothing can be asked of an agent's own leg: raises RequestRefused."""
        raise RequestRefused("this is an agent's leg; ask it of his customer's call")

    def shut_down(self, *, now: float) -> Effects:
        """The process stops, or serves no customer any more."""
        return () if self._over else (Release(self._leg), *self._ended(ReleasedBy.SHUTDOWN, "shutdown"))

    def _dialled(self, code: SayPhrase | UnknownCode | None) -> Effects:
        match code:
            case SayPhrase():
                return (AgentAsked(code),)
            case UnknownCode(dialled=dialled):
                return (AgentMisdialled(dialled),)
        return ()

    def _ended(self, by: ReleasedBy, cause: str) -> Effects:
        self._over = True
        return (Released(by, cause),)
