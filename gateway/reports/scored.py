"""The monthly score (JH-22), of the whole and of each agent, by the formula in the config."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.kpi.figures import Figures
from gateway.kpi.groups import By
from gateway.kpi.log_ins import LogInFigures
from gateway.kpi.score import NoScore, Score
from gateway.kpi.score_names import score_values
from gateway.kpi.tickets import TicketFigures
from gateway.reports.counting import Counted
from gateway.reports.log_ins import LogIns
from gateway.reports.owed import Owed


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores, None where the figures allow none."""

    formula: str
    overall: float | None
    why: str | None
    """Why there is no score of the whole."""
    agents: Mapping[str, float | None] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"formula": self.formula, "overall": self.overall, "why": self.why, "agents": dict(self.agents)}


def scored(score: Score, counted: Counted, tickets: Owed, came: LogIns) -> Scored:
    """Reckon the scores: of the whole, and of whoever talked to a customer, owned a ticket or had a duty."""
    calls = counted.groups[By.AGENT]
    agents = sorted({*calls, *tickets.owners, *came.agents})
    answered = sum(figures.answered for figures in calls.values())
    mean = answered / len(calls) if calls else 0.0
    overall, why = _score(score, counted.overall, tickets.overall, came.overall, 1.0)
    own = {
        agent: _score(
            score,
            calls.get(agent, Figures()),
            tickets.owners.get(agent, TicketFigures()),
            came.agents.get(agent, LogInFigures()),
            calls[agent].answered / mean if agent in calls and mean else 0.0,
        )[0]
        for agent in agents
    }
    return Scored(score.formula, overall, why, own)


def _score(
    score: Score, calls: Figures, tickets: TicketFigures, came: LogInFigures, volume: float
) -> tuple[float | None, str | None]:
    try:
        return score.of(score_values(calls, tickets, came, volume)), None
    except NoScore as error:
        return None, str(error)
