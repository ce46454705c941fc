"""Whatever comes in whatever order: what always holds of agents, customers and telephones."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
    QueueMoved,
)
from gateway.desk import (
    Agent,
    Desk,
    DeskRefused,
    DeskRule,
    DropAgent,
    Effects,
    Presence,
    PresenceChanged,
    RingAgent,
    TellCall,
    Why,
    Wish,
)
from gateway.desk.presence import follow
from tests.examples import examples

pytestmark = pytest.mark.unit

Thing = TypeVar("Thing")

AGENTS = ("801", "802", "803")
RULE = DeskRule(starve_after=40.0)
RULES = (RULE, replace(RULE, manual_log_in=True), replace(RULE, after_call_seconds=0.0, misses=1))
RANKS = {"1": 1, "2": 2}

WHYS = ("no_answer", "busy", "refused", "unreachable", "hung_up", "worker_died")
WAYS = {
    "comes": 1,
    "answered": 1,
    "comes_and_is_answered": 3,
    "identified": 1,
    "wants": 1,
    "gives_up": 1,
    "released": 1,
    "called_back": 1,
    "rings": 1,
    "picks_up": 3,
    "leg_ends": 3,
    "holds": 1,
    "reached": 2,
    "wishes": 3,
    "passes": 2,
    "late": 1,
}
"""What may happen, each a method of World, and how often."""
STEPS = st.lists(
    st.tuples(st.sampled_from([way for way, often in WAYS.items() for _ in range(often)]), st.integers(0, 11)),
    min_size=10,
    max_size=60,
)


def one_of(things: Sequence[Thing], number: int) -> Thing:
    """Any of them; where there is none, a call that nobody knows."""
    return things[number % len(things)] if things else cast(Thing, "ghost")


@dataclass
class World:
    """Telephones and customers as they are outside, and what the desk has told of them."""

    rule: DeskRule
    now: float = 100.0
    legs: dict[str, str] = field(default_factory=dict)
    """The call of each agent whose telephone is rung or joined."""
    joined: set[str] = field(default_factory=set)
    told: dict[str, Presence] = field(default_factory=lambda: dict.fromkeys(AGENTS, Presence.OFFLINE))
    absent: dict[str, set[str]] = field(default_factory=lambda: {agent: set() for agent in AGENTS})
    """What keeps each from work."""
    kept: dict[str, str] = field(default_factory=dict)
    """The agent kept for a call that is not answered yet."""
    kept_till: dict[str, float] = field(default_factory=dict)
    passed_over: dict[str, float] = field(default_factory=dict)
    ringing: list[str] = field(default_factory=list)
    up: list[str] = field(default_factory=list)
    """Calls that are answered."""
    outgoing: set[str] = field(default_factory=set)
    expected: dict[str, bool] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    calls: int = 0

    def __post_init__(self) -> None:
        self.desk = Desk([Agent(agent) for agent in AGENTS], self.rule, RANKS.get, now=self.now)
        for reasons in self.absent.values():
            reasons |= {"unreachable", "logged out"} if self.rule.manual_log_in else {"unreachable"}

    # -- what the desk does ------------------------------------------------------------------------------------

    def obey(self, effects: Effects) -> Effects:
        for effect in effects:
            match effect:
                case RingAgent(agent=agent, call=call):
                    self.rung(agent, call)
                case DropAgent(agent=agent):
                    self.legs.pop(agent)
                    self.joined.discard(agent)
                case PresenceChanged(agent=agent, presence=presence, why=why, call=call):
                    assert follow(self.told[agent], why) is presence, "only who is free is rung, and so on"
                    has_call = presence in (Presence.RINGING, Presence.BUSY)
                    assert (call is not None) is has_call, "nobody has the call that he is rung for next"
                    if why is Why.MISSED_CALLS:
                        self.absent[agent].add("away")
                    self.told[agent] = presence
                case TellCall(call=call, news=news):
                    assert call in self.up or call in self.outgoing, "told of a call that is not up"
                    self.tell(call, news)
        return effects

    def rung(self, agent: str, call: str) -> None:
        assert self.told[agent] is Presence.RINGING
        assert agent not in self.legs, "a telephone that is in use is rung"
        assert call not in self.legs.values(), "two telephones are rung for one call"
        assert call in self.up or call in self.outgoing
        assert agent not in self.kept.values() or self.kept.get(call) == agent
        assert self.passed_over.get(agent, 0.0) <= self.now
        self.legs[agent] = call

    def tell(self, call: str, news: DeskNews) -> None:
        match news:
            case AgentsExpected(expected=expected):
                assert self.expected.get(call) is not expected, "told what he knows"
                self.expected[call] = expected
            case QueueMoved(position=position):
                assert self.expected[call]
                self.places[call] = position
            case AgentMisses(agent=agent):
                assert agent not in self.joined or self.legs[agent] != call, "who talks to him has not missed him"
                self.outgoing.discard(call)
            case AgentAnswers(agent=agent) | AgentRings(agent=agent):
                assert self.legs[agent] == call
            case AgentHolds():
                assert call in [self.legs[agent] for agent in self.joined]

    # -- what happens ------------------------------------------------------------------------------------------

    def comes(self, _: int) -> None:
        self.calls += 1
        call = f"c{self.calls:02}"
        self.ringing.append(call)
        self.is_kept(call, self.desk.offered(call, self.now).agent)

    def comes_and_is_answered(self, number: int) -> None:
        self.comes(number)
        self.answered(len(self.ringing) - 1)

    def is_kept(self, call: str, agent: str | None) -> None:
        before = self.kept.pop(call, None)
        if agent is not None and agent != before:
            self.kept_till[call] = self.now + RULE.keep_seconds
        if agent is not None:
            assert self.told[agent] is Presence.FREE
            assert agent not in self.kept.values(), "kept for two"
            assert agent not in self.passed_over
            self.kept[call] = agent

    def identified(self, number: int) -> None:
        call = one_of([*self.ringing, *self.up], number)
        offer = self.desk.identified(call, str(number % 4), one_of(AGENTS, number), self.now)
        assert offer.staffed is self.staffed
        if call in self.ringing:
            self.is_kept(call, offer.agent)
        self.till(self.now)  # what it changes for others is due at once

    def answered(self, number: int) -> None:
        call = one_of(self.ringing, number)
        if call in self.ringing:
            self.ringing.remove(call)
            self.up.append(call)
        kept = self.kept.get(call)
        effects = self.obey(self.desk.answered(call, self.now))
        assert kept is None or RingAgent(kept, call) in effects, "the number greeted is the number that is rung"
        self.kept.pop(call, None)

    def wants(self, number: int) -> None:
        self.obey(self.desk.wants(one_of(self.up, number), self.now))

    def gives_up(self, number: int) -> None:
        call = one_of(self.up, number)
        self.obey(self.desk.gives_up(call, self.now))
        assert call not in self.legs.values()

    def released(self, number: int) -> None:
        self.is_released(one_of([*self.ringing, *self.up, *sorted(self.outgoing)], number))

    def is_released(self, call: str) -> None:
        for calls in (self.ringing, self.up):
            if call in calls:
                calls.remove(call)
        self.outgoing.discard(call)
        self.kept.pop(call, None)
        self.obey(self.desk.released(call, self.now))
        assert call not in self.legs.values(), "his agent's leg is released at once"

    def called_back(self, number: int) -> None:
        agent = one_of(AGENTS, number)
        self.calls += 1
        call = f"o{self.calls:02}"
        self.outgoing.add(call)
        try:
            self.obey(self.desk.call_back(call, agent, self.now))
            assert self.legs[agent] == call
        except DeskRefused:
            self.outgoing.discard(call)

    def rings(self, number: int) -> None:
        self.obey(self.desk.leg_rings(one_of(sorted(self.legs) or AGENTS, number), self.now))

    def holds(self, number: int) -> None:
        self.obey(self.desk.leg_held(one_of(sorted(self.joined) or AGENTS, number), number > 5, self.now))

    def picks_up(self, number: int) -> None:
        agent = one_of(sorted(self.legs.keys() - self.joined) or AGENTS, number)
        if agent not in self.legs or agent in self.joined:
            return
        call = self.legs[agent]
        self.joined.add(agent)
        if call in self.outgoing:
            self.outgoing.remove(call)
            self.up.append(call)
        effects = self.obey(self.desk.leg_answered(agent, self.now, socket="in", peer="out"))
        assert TellCall(call, AgentAnswers(agent, "in", "out")) in effects

    def leg_ends(self, number: int) -> None:
        agent, why = one_of(sorted(self.legs) or AGENTS, number), one_of(WHYS, number // 2)
        effects = self.desk.leg_ended(agent, why, self.now)
        if agent not in self.legs:
            assert effects == ()
            return
        call, was_joined = self.legs.pop(agent), agent in self.joined
        self.joined.discard(agent)
        if not was_joined:
            self.passed_over[agent] = self.now + RULE.again_after
        assert effects[0] == TellCall(call, (AgentGoes if was_joined else AgentMisses)(agent, why))
        self.obey(effects)

    def reached(self, number: int) -> None:
        self.is_reached(one_of(AGENTS, number), number < 7)

    def is_reached(self, agent: str, reachable: bool) -> None:
        (self.absent[agent].discard if reachable else self.absent[agent].add)("unreachable")
        effects = self.desk.reached(agent, reachable, self.now)
        self.is_withdrawn(agent)
        self.obey(effects)

    def wishes(self, number: int) -> None:
        self.is_wished(one_of(AGENTS, number), one_of(tuple(Wish), number // 2))

    def is_wished(self, agent: str, wish: Wish) -> None:
        try:
            effects = self.desk.wish(agent, wish, self.now)
        except DeskRefused:
            return
        reasons = self.absent[agent]
        if wish is Wish.LOG_OUT:
            reasons.add("logged out")
        elif wish is Wish.LOG_IN:
            reasons.discard("logged out")
        (reasons.add if wish is Wish.AWAY else reasons.discard)("away")
        self.is_withdrawn(agent)
        self.obey(effects)

    def is_withdrawn(self, agent: str) -> None:
        """Who is not at work any more is kept for nobody."""
        if self.absent[agent]:
            self.kept = {call: kept for call, kept in self.kept.items() if kept != agent}

    def late(self, _: int) -> None:
        """Time has passed, and whoever drives the desk has not called it yet."""
        self.now += 4.0

    def passes(self, number: int) -> None:
        self.till(self.now + one_of((0.5, 5.0, 11.0, 60.0), number))

    def till(self, when: float) -> None:
        while (due := self.desk.next_deadline()) is not None and due <= when:
            self.now = max(self.now, due)
            self.passed_over = {agent: till for agent, till in self.passed_over.items() if till > self.now}
            self.kept = {call: agent for call, agent in self.kept.items() if self.kept_till[call] > self.now}
            effects = self.desk.fire_timers(self.now)
            for effect in effects:
                if isinstance(effect, TellCall) and isinstance(effect.news, AgentMisses):
                    self.passed_over[effect.news.agent] = self.now + RULE.again_after
            self.obey(effects)
            due = self.desk.next_deadline()
            assert due is None or due > self.now, "fired without effect"
        self.now = when

    # -- what always holds -------------------------------------------------------------------------------------

    @property
    def staffed(self) -> bool:
        return any(not reasons for reasons in self.absent.values())

    @property
    def hoping(self) -> bool:
        """Whether nobody is at work, which who was promised an agent need not know yet."""
        return not self.staffed and (self.desk.next_deadline() or 1e9) <= self.now + RULE.nobody_after

    def always(self) -> None:
        for agent in AGENTS:
            assert self.desk.presence(agent) is self.told[agent]
            assert (self.told[agent] is Presence.BUSY) == (agent in self.joined)
            assert (self.told[agent] is Presence.RINGING) == (agent in self.legs and agent not in self.joined)
            assert self.desk.call_of(agent) == self.legs.get(agent)
        waiting = self.desk.waiting()
        assert sorted({*waiting} - {*self.legs.values()}) == sorted(waiting), "each once, and none who is rung for"
        free = {a for a in AGENTS if self.told[a] is Presence.FREE} - {*self.kept.values(), *self.passed_over}
        assert not (waiting and free), "somebody waits, and an agent has nothing to do"
        for place, call in enumerate(waiting, 1):
            assert call in self.up
            assert self.expected[call] is self.staffed or self.hoping
            assert not self.staffed or self.places[call] == place


@settings(max_examples=examples(130), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from(RULES))
def test_what_always_holds(steps: list[tuple[str, int]], rule: DeskRule) -> None:
    world = World(rule)
    for agent in AGENTS[:2]:
        world.is_reached(agent, True)
        world.is_wished(agent, Wish.LOG_IN)
    for what, number in steps:
        getattr(world, what)(number)
        world.always()
    for call in [*world.ringing, *world.up, *sorted(world.outgoing)]:
        world.is_released(call)
    assert world.legs == {}
    world.till(world.now + 1000.0)
    assert (world.desk.next_deadline(), world.desk.waiting()) == (None, ())
