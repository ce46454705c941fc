"""One agent: what he wishes, what becomes of his telephone, and the presence that follows from both."""

from dataclasses import dataclass
from enum import Enum

from gateway.desk.presence import Presence, Why
from gateway.desk.terms import Agent


class Telephone(Enum):
    """What we do with an agent's telephone."""

    ON_HOOK = "on-hook"
    RUNG = "rung"
    JOINED = "joined"


@dataclass(slots=True, eq=False)
class Member:
    """One agent at the desk. `presence`, `why` and `since` are what was last told of him."""

    agent: Agent
    place: int
    """In the configuration: who is named first is asked first, where both have been free as long."""
    logged_in: bool
    since: float
    idle_since: float
    """Since when he has had nothing to do. A customer who left before he could answer costs him no place."""
    reachable: bool = False
    away: Why | None = None
    after_call: Why | None = None
    telephone: Telephone = Telephone.ON_HOOK
    call: str | None = None
    """Whose call his telephone is rung for or joined with."""
    outgoing: bool = False
    """That call is a call-back."""
    kept_for: str | None = None
    """The call that he is kept for until it is answered."""
    passed_over: bool = False
    """He was rung in vain a moment ago."""
    misses: int = 0
    """Calls missed in a row."""
    dismissed: bool = False
    """He is no agent any more, be it that he has a customer still."""
    presence: Presence = Presence.OFFLINE
    why: Why = Why.UNREACHABLE

    @property
    def number(self) -> str:
        """The number that customers are greeted with."""
        return self.agent.number

    @property
    def at_work(self) -> bool:
        """Whether he serves customers, be it after the call that he has."""
        return self.logged_in and self.reachable and self.away is None

    @property
    def available(self) -> bool:
        """Whether he can be kept or rung for a customer now."""
        return self.presence is Presence.FREE and self.kept_for is None and not self.passed_over

    @property
    def taken_by(self) -> str:
        """In words, why he is not available."""
        if self.presence is not Presence.FREE:
            return f"is {self.presence}"
        return "is kept for another call" if self.kept_for is not None else "was rung in vain a moment ago"

    def stands(self, freed: Why) -> tuple[Presence, Why]:
        """Where he stands by his wishes and his telephone; `freed` is why he is free, if he is."""
        call = Why.CALL_BACK if self.outgoing else Why.CALL
        if self.telephone is not Telephone.ON_HOOK:
            return Presence.BUSY if self.telephone is Telephone.JOINED else Presence.RINGING, call
        if not self.logged_in:
            return Presence.OFFLINE, Why.LOG_OUT
        if not self.reachable:
            return Presence.OFFLINE, Why.UNREACHABLE
        if self.away is not None:
            return Presence.AWAY, self.away
        if self.after_call is not None:
            return Presence.AFTER_CALL, self.after_call
        return Presence.FREE, freed
