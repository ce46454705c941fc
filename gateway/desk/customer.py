"""One call, as the desk sees it."""

from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """What a customer has to do with the desk at the moment."""

    OFFERED = "offered"
    """Not answered yet; an agent may be kept for him."""
    WAITING = "waiting"
    """He wants an agent and nobody is rung for him."""
    RUNG = "rung"
    """An agent's telephone is being rung for him."""
    JOINED = "joined"
    """He and an agent hear each other."""
    CONTENT = "content"
    """He wants no agent."""


@dataclass(slots=True, eq=False)
class Customer:
    """One call from its offer, or from the ringing of the agent who is to call back, to its release."""

    call: str
    serial: int
    """Tells who came first where times are equal."""
    stage: Stage = Stage.OFFERED
    agent: str | None = None
    """Who is kept for him, rung for him or joined with him."""
    lost: str | None = None
    """Who was kept for him, and greets him, but has gone since."""
    rank: int | None = None
    owner: str | None = None
    """Who keeps an open ticket of his number (WD-13)."""
    former: str | None = None
    """Who was joined with him before, in this call."""
    outgoing: bool = False
    """We call him back, and his agent alone is rung."""
    came: float = 0.0
    """Since when he waits; what he waited earlier in this call is counted in."""
    waited: float = 0.0
    """Seconds of the waits that are over."""
    expected: bool | None = None
    """What he was last told of whether an agent may come."""
    told: int | None = None
    """The place that he was last told."""

    def begins_to_wait(self, now: float) -> None:
        """He wants an agent from now on."""
        self.came, self.told = now - self.waited, None

    def ends_waiting(self, stage: Stage, now: float) -> None:
        """He has an agent, or wants none any more."""
        self.waited = now - self.came
        self.stage = stage

    @property
    def preferred(self) -> tuple[str | None, str | None]:
        """Who should serve him, if he is free (WD-13)."""
        return self.former, self.owner
