"""What passes between the desk and who drives it: its agents and rules, its offers, its effects."""

from dataclasses import dataclass

from gateway.call.desk_news import DeskNews
from gateway.desk.presence import Presence, Why


class DeskRefused(Exception):
    """What was asked of the desk cannot be done, and why; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent, by the number that customers are greeted with (JH-3, JH-4)."""

    number: str
    trainee: bool = False


@dataclass(frozen=True, slots=True)
class DeskRule:
    """How the desk works. All times in seconds."""

    ring_seconds: float = 15.0
    """How long an agent's telephone is rung before the next one's: three rings of 5 s, as JH-1 gives the line."""
    after_call_seconds: float = 5.0
    """How long he has after each call without asking; 0: he is free at once."""
    starve_after: float = 120.0
    """Who has waited so long is overtaken no more by those who came later, of whatever rank. Long enough for rank
    to count in an ordinary rush: eight reassurances (JH-8)."""
    keep_seconds: float = 60.0
    """How long an agent is kept for one who does not come off-hook, or to the end of a menu: the three rings of
    15 s (JH-1), a greeting, and a menu said twice. Who puts the line on hold meanwhile keeps him from nobody."""
    again_after: float = 10.0
    """How long an agent who was rung in vain is passed over: busy elsewhere, or not at his desk. Long enough to
    end what he does, shorter than the 15 s between two reassurances (JH-8) of a customer who waits for him."""
    misses: int = 3
    """Calls missed in a row, by nobody's coming to the telephone, after which he is set away: one may be a cough
    and two the walk to the printer; a customer who is sent to an empty chair waits ring_seconds for nothing."""
    nobody_after: float = 10.0
    """Who waits is told that nobody is at work any more once that has lasted so long: a network switch that starts
    anew, or who logs out and the next one in on one chair, must not send away everybody who waits."""
    manual_log_in: bool = False
    """False: who can be reached is logged in, unless he logged out. True: he must log in himself."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Who is kept for a call before it is answered, so that his number can be greeted."""

    agent: str | None
    """None: nobody is free."""
    overflow: bool
    """Nobody is free, but some are at work (JH-5)."""
    staffed: bool
    """Anybody is at work: logged in, reachable and not away."""
    trainee: bool = False
    """The agent is one (JH-4)."""


@dataclass(frozen=True, slots=True)
class RingAgent:
    """Ring the agent's telephone on a new leg, for `call`. Ends in DropAgent or leg_ended."""

    agent: str
    call: str


@dataclass(frozen=True, slots=True)
class DropAgent:
    """Release his leg at once. Nothing of that leg may be told to the desk any more: the next one is a new one."""

    agent: str


@dataclass(frozen=True, slots=True)
class TellCall:
    """News for a call."""

    call: str
    news: DeskNews


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """`agent/<number>/state`: he stands elsewhere, or for another reason."""

    agent: str
    presence: Presence
    why: Why
    call: str | None
    """The call that his telephone is rung for or joined with from then on; None: none."""


DeskEffect = RingAgent | DropAgent | TellCall | PresenceChanged
Effects = tuple[DeskEffect, ...]
