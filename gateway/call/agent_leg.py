"""The leg of an agent who calls the gateway to dial codes. Driven like a CallEngine.

He is no customer: answered at once, told nothing, in no record and no figure. What he asks for is done in his
customer's call, or at the desk. Who calls a code in place of the line's number is let go once it is carried out.
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
from gateway.call.codes import BEGINS, Dialling, UnknownCode
from gateway.call.course import Effects
from gateway.call.desk_news import DeskNews
from gateway.call.engine import LEG_ENDS_BY_ITSELF
from gateway.call.facts import CallAnswered, CallFact, Released, ReleasedBy
from gateway.call.requests import CallRequest, RequestRefused, Wanted


@dataclass(frozen=True, slots=True)
class AgentAsked(CallFact):
    """The agent wants `request` done in his customer's call, or for himself."""

    request: Wanted


@dataclass(frozen=True, slots=True)
class AgentMisdialled(CallFact):
    """What he dialled is no code."""

    dialled: str


class AgentLeg:
    """One leg from its offer to its release. Its facts are for who carries out the agent's wishes, and never for
    those who listen to customers' calls."""

    def __init__(self, leg: str, codes: Mapping[str, Wanted], *, now: float) -> None:
        """`codes`: what each stands for, by its digits."""
        self._leg = leg
        self._offered_at = now
        self._codes = codes
        self._dialling = Dialling(codes)
        self._called: str | None = None
        """What he has called, in place of the line's number."""
        self._over = False

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        """Take a fact of the leg. After the release nothing has an effect any more."""
        if self._over:
            return ()
        match event:
            case CallOffered(called_number=called):
                self._called = called
                return (Answer(self._leg),)
            case Answered():
                return (CallAnswered(0, now - self._offered_at), *self._called_code())
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

    def news(self, news: DeskNews, *, now: float) -> Effects:
        """The desk has nothing to tell an agent's own leg."""
        return ()

    def _called_code(self) -> Effects:
        """What the called number asks for, if it is `*` and digits; then he has no more to say."""
        if self._called is None or not self._called.startswith(BEGINS):
            return ()
        digits = self._called.removeprefix(BEGINS)
        wanted = self._codes.get(digits)
        asked = AgentMisdialled(digits) if wanted is None else AgentAsked(wanted)
        return (asked, Release(self._leg), *self._ended(ReleasedBy.STANDARD, "code carried out"))

    def _dialled(self, code: Wanted | UnknownCode | None) -> Effects:
        match code:
            case None:
                return ()
            case UnknownCode(dialled=dialled):
                return (AgentMisdialled(dialled),)
            case _:
                return (AgentAsked(code),)

    def _ended(self, by: ReleasedBy, cause: str) -> Effects:
        self._over = True
        return (Released(by, cause),)
