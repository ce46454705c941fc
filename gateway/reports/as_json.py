"""A report as one JSON object."""

from typing import Any

from gateway.kpi.figures import Figures
from gateway.kpi.groups import By
from gateway.reports.counting import not_applicable
from gateway.reports.report import Report


def as_json(report: Report) -> dict[str, Any]:
    """Everything that is told; shares from 0 to 1, durations in seconds, null where there is none."""
    goal = report.standard.answer_rate_goal
    return {
        "site": report.site,
        **report.period.fields(),
        "dialplan": report.standard.dialplan,
        "ring_limit": report.standard.ring_limit,
        "answer_rate_goal": goal,
        "figures": {
            **_fields(report.overall, goal),
            **report.tickets.overall.fields(),
            **report.log_ins.overall.fields(),
        },
        "score": report.score.fields(),
        "bad_lines": [
            {
                "line": bad.line,
                "verdict": bad.verdict,
                "share": bad.share.rounded(),
                "calls": bad.share.whole,
                "others_share": bad.others.rounded(),
                "others_calls": bad.others.whole,
            }
            for bad in report.bad_lines
        ],
        "unreadable": report.unreadable,
        "broken_calls": [call.fields() for call in report.worst],
        "by": {by.value: {key: _fields(figures, goal) for key, figures in report.group(by).items()} for by in By},
        "tickets": {owner: figures.fields() for owner, figures in report.tickets.owners.items()},
        "log_ins_of": report.log_ins.site,
        "log_ins": {agent: figures.fields() for agent, figures in report.log_ins.agents.items()},
    }


def _fields(figures: Figures, goal: float) -> dict[str, Any]:
    """The figures; of each clause also to how many calls it did not apply."""
    clauses = {
        clause: {"kept": counted.kept, "broken": counted.broken}
        | {"not_applicable": not_applicable(figures, clause)}
        for clause, counted in figures.clauses.items()
    }
    return figures.fields(goal) | {"clauses": clauses}
