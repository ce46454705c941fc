"""The agents: their presence, who of them is free the longest, and who has missed too much."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from gateway.desk.member import Member, Telephone
from gateway.desk.presence import Presence, Why, Wish, follow
from gateway.desk.terms import Agent, DeskEffect, DeskRefused, DeskRule, PresenceChanged
from gateway.desk.timers import Timers

NOBODY_CAME = frozenset({"no_answer", "unreachable", "vacant_number"})
"""Ends of a ringing leg that tell of an empty chair or a dead telephone. Busy and refused tell of somebody there;
a network or a worker that fails tells nothing of him."""


class AgentTimer(Enum):
    """What an agent has a deadline for."""

    KEPT = "kept"
    RING = "ring"
    AFTER_CALL = "after call"
    PASSED_OVER = "passed over"


class Staff:
    """All agents. Costs the logarithm of how many there are for each change, not their number."""

    def __init__(
        self, agents: Iterable[Agent], rule: DeskRule, emit: Callable[[DeskEffect], None], now: float
    ) -> None:
        """Raises DeskRefused where two agents have the same number."""
        self._rule = rule
        self._emit = emit
        self._members: dict[str, Member] = {}
        self._by_place: list[Member] = []
        self._available: list[tuple[float, int]] = []
        self._listed: dict[int, tuple[float, int]] = {}
        self._at_work: set[int] = set()
        self.timers: Timers[tuple[AgentTimer, str]] = Timers()
        for agent in agents:
            if agent.number in self._members:
                raise DeskRefused(f"agent {agent.number} is named twice; give each agent his own number")
            self._hire(agent, now)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Everybody's."""
        return tuple(self._members)

    @property
    def staffed(self) -> bool:
        """Whether anybody is at work."""
        return bool(self._at_work)

    @property
    def available(self) -> int:
        """How many can be kept or rung for a customer now."""
        return len(self._available)

    def member(self, number: str) -> Member:
        """The agent of this number; raises DeskRefused where there is none."""
        try:
            return self._members[number]
        except KeyError:
            raise DeskRefused(f"there is no agent {number}; agents are named in the configuration") from None

    def known(self, number: str) -> Member | None:
        """The agent of this number; None where there is none."""
        return self._members.get(number)

    def find(self, number: str | None) -> Member | None:
        """The agent of this number if he can be kept or rung now, else None."""
        member = self._members.get(number) if number is not None else None
        return member if member is not None and member.available else None

    def by_idleness(self) -> Iterator[Member]:
        """Those who can be kept or rung now, first who has had nothing to do the longest."""
        return (self._by_place[place] for _, place in self._available)

    # -- calls -------------------------------------------------------------------------------------------------

    def keep(self, member: Member, call: str, now: float) -> None:
        """Keep him for `call`."""
        member.kept_for = call
        self.timers.set((AgentTimer.KEPT, member.number), now + self._rule.keep_seconds)
        self._list(member)

    def let_go(self, member: Member) -> None:
        """He is kept for nobody any more."""
        member.kept_for = None
        self.timers.clear((AgentTimer.KEPT, member.number))
        self._list(member)

    def ring(self, member: Member, call: str, now: float, *, outgoing: bool) -> None:
        """His telephone is rung for `call`."""
        self.let_go(member)
        member.call, member.outgoing = call, outgoing
        member.telephone = Telephone.RUNG
        self.timers.set((AgentTimer.RING, member.number), now + self._rule.ring_seconds)
        self._stand(member, Why.CALL, now)

    def answered(self, member: Member, now: float) -> None:
        """He is on the telephone."""
        self.timers.clear((AgentTimer.RING, member.number))
        member.telephone, member.misses = Telephone.JOINED, 0
        self._stand(member, Why.CALL, now)

    def missed(self, member: Member, why: str, now: float) -> None:
        """His telephone was rung in vain: he is passed over for a while, and set away if it was once too often."""
        self._on_hook(member)
        member.misses += why in NOBODY_CAME
        if member.misses >= self._rule.misses:
            member.away = member.away or Why.MISSED_CALLS
        member.passed_over = True
        self.timers.set((AgentTimer.PASSED_OVER, member.number), now + self._rule.again_after)
        self._stand(member, Why.MISSED, now)

    def spared(self, member: Member, now: float) -> None:
        """Whom he was rung for has gone before he could answer: he keeps his place."""
        idle_since = member.idle_since
        self._on_hook(member)
        self._stand(member, Why.CALL_GONE, now)
        if member.presence is Presence.FREE:
            member.idle_since = idle_since
            self._list(member)

    def left(self, member: Member, now: float) -> None:
        """His call is over."""
        self._on_hook(member)
        stays = member.logged_in and member.away is None and member.after_call is None
        if stays and self._rule.after_call_seconds > 0:
            member.after_call = Why.CALL_ENDED
            self.timers.set((AgentTimer.AFTER_CALL, member.number), now + self._rule.after_call_seconds)
        self._stand(member, Why.TIME_UP, now)

    # -- who they are ------------------------------------------------------------------------------------------

    def engage(self, agent: Agent, now: float) -> None:
        """One agent more, who stands where all began; or one there is, as he is from now on, who is no more
        dismissed."""
        if (member := self._members.get(agent.number)) is None:
            self._hire(agent, now)
            return
        member.agent = agent
        if member.dismissed:
            member.dismissed, member.logged_in = False, not self._rule.manual_log_in
            self._stand(member, Why.LOG_IN, now)

    def _hire(self, agent: Agent, now: float) -> None:
        manual = self._rule.manual_log_in
        member = Member(agent, len(self._by_place), logged_in=not manual, since=now, idle_since=now)
        member.why = Why.LOG_OUT if manual else Why.UNREACHABLE
        self._members[agent.number] = member
        self._by_place.append(member)

    # -- himself -----------------------------------------------------------------------------------------------

    def reached(self, member: Member, reachable: bool, now: float) -> None:
        """His telephone can, or cannot, be reached."""
        if reachable and not member.reachable:
            member.misses = 0
        member.reachable = reachable
        self._stand(member, Why.REACHABLE, now)

    def wish(self, member: Member, wish: Wish, now: float) -> None:
        """What he asks for. Raises DeskRefused, and then nothing has changed."""
        if member.dismissed and wish is not Wish.LOG_OUT:
            raise DeskRefused(f"agent {member.number} is no agent any more; agents are named in the configuration")
        if wish is not Wish.LOG_IN and wish is not Wish.LOG_OUT and not member.logged_in:
            raise DeskRefused(f"agent {member.number} is not logged in: he cannot ask for {wish}; log in first")
        match wish:
            case Wish.LOG_IN:
                member.logged_in, member.away, member.misses = True, None, 0
            case Wish.LOG_OUT:
                member.logged_in = False
                self._no_more_time(member)
            case Wish.AWAY:
                member.away = Why.BY_HIMSELF
                self._no_more_time(member)
            case Wish.BACK:
                member.away, member.misses = None, 0
                self._no_more_time(member)
            case Wish.AFTER_CALL:
                self._needs_time(member)
        self._stand(member, Why.LOG_IN if wish is Wish.LOG_IN else Why.BACK, now)

    def time_up(self, member: Member, timer: AgentTimer, now: float) -> None:
        """The time after a call, or that of being passed over, has ended."""
        if timer is AgentTimer.PASSED_OVER:
            member.passed_over = False
        else:
            member.after_call = None
        self._stand(member, Why.TIME_UP, now)

    def _needs_time(self, member: Member) -> None:
        if member.presence not in (Presence.BUSY, Presence.AFTER_CALL):
            raise DeskRefused(
                f"agent {member.number} is {member.presence}: time after a call is for who has just had one; "
                f"ask for {Wish.AWAY}"
            )
        self._no_more_time(member)
        member.away, member.after_call = None, Why.NEEDS_TIME

    def _no_more_time(self, member: Member) -> None:
        member.after_call = None
        self.timers.clear((AgentTimer.AFTER_CALL, member.number))

    def _on_hook(self, member: Member) -> None:
        self.timers.clear((AgentTimer.RING, member.number))
        member.telephone, member.call, member.outgoing = Telephone.ON_HOOK, None, False

    def _stand(self, member: Member, freed: Why, now: float) -> None:
        """Let him stand where he does now, and tell it if that is elsewhere, or for another reason."""
        presence, why = member.stands(freed)
        if presence is not member.presence:
            member.since = now
            if presence is Presence.FREE:
                member.idle_since = now
        if presence is not member.presence or (why is not member.why and presence is not Presence.FREE):
            member.presence, member.why = follow(member.presence, why), why
            self._emit(PresenceChanged(member.number, presence, why, member.call))
        self._list(member)

    def _list(self, member: Member) -> None:
        """Count him among those who can be chosen, and who are at work, or not."""
        if (listed := self._listed.pop(member.place, None)) is not None:
            del self._available[bisect_left(self._available, listed)]
        if member.available:
            self._listed[member.place] = listed = (member.idle_since, member.place)
            insort(self._available, listed)
        (self._at_work.add if member.at_work else self._at_work.discard)(member.place)
