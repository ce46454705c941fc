"""What a record notes of agents, from one fact to the next. Pure: what was noted in, what is noted out."""

from dataclasses import replace
from datetime import datetime

from gateway.call import facts
from gateway.records.noted import AgentNoted, WaitNoted

Agents = tuple[AgentNoted, ...]
AgentFact = facts.AgentRinging | facts.AgentMissed | facts.AgentConnected | facts.AgentLeft


def attended(agents: Agents, at: datetime, fact: AgentFact) -> Agents:
    """The agents after a fact of one of them: each ringing is noted once, and what came of it beside it."""
    match fact:
        case facts.AgentRinging(agent=agent):
            return (*agents, AgentNoted(agent, rung_at=at))
        case facts.AgentMissed(agent=agent, why=why):
            return _with(agents, replace(_latest(agents, agent), missed_at=at, missed=why))
        case facts.AgentConnected(agent=agent):
            return _with(agents, replace(_latest(agents, agent), connected_at=at))
        case facts.AgentLeft(agent=agent, why=why):
            return _with(agents, replace(_latest(agents, agent), left_at=at, left=why))


def moved(waits: tuple[WaitNoted, ...], position: int) -> tuple[WaitNoted, ...]:
    """The waits with another place in the queue of the one that lasts."""
    if not waits or waits[-1].ended_at is not None:
        return waits
    return (*waits[:-1], replace(waits[-1], positions=(*waits[-1].positions, position)))


def _latest(agents: Agents, agent: str) -> AgentNoted:
    """What is noted of this agent's ringing that is not over; a fresh note where nothing is."""
    return next(
        (noted for noted in reversed(agents) if noted.agent == agent and not noted.over), AgentNoted(agent)
    )


def _with(agents: Agents, noted: AgentNoted) -> Agents:
    """The agents with a newer note of one of them, in its place."""
    for number in reversed(range(len(agents))):
        if agents[number].agent == noted.agent and not agents[number].over:
            return (*agents[:number], noted, *agents[number + 1 :])
    return (*agents, noted)
