"""What a table of groups tells of each, on the terminal and on the page. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.kpi.figures import JUDGED_BY_EAR, Figures
from gateway.kpi.groups import By
from gateway.reports.pages import Words
from gateway.reports.report import Report
from gateway.reports.shown import NOTHING, count, points, seconds, share


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and what it shows of a group, by its key and its figures."""

    words: Words
    shows: Callable[[str, Figures], str]
    bad: Callable[[str, Figures], bool] = lambda _, __: False
    """Whether what it shows is worse than it ought to be."""


KEYS = {
    By.AGENT: Words("话务员", "agent"),
    By.LINE: Words("线路", "line"),
    By.HOUR: Words("时段", "hour"),
    By.DAY: Words("日期", "day"),
}
"""What the groups are named by."""
EARS = {
    "silent": Words("无声", "silent"),
    "noisy": Words("噪声", "noisy"),
    "faint": Words("声小", "faint"),
    "loud": Words("声大", "loud"),
}


def columns(report: Report, by: By) -> tuple[Column, ...]:
    """The columns of the table of one grouping."""
    goal = report.standard.answer_rate_goal
    usual = (
        Column(Words("呼入", "offered"), lambda _, f: count(f.offered)),
        Column(Words("接通", "answered"), lambda _, f: count(f.answered)),
        Column(Words("放弃", "abandoned"), lambda _, f: count(f.abandoned)),
        Column(Words("未接通", "failed"), lambda _, f: count(f.failed)),
        Column(
            Words("接通率", "rate"),
            lambda _, f: share(f.answer_rate, goal=goal),
            lambda _, f: f.answer_rate.misses(goal),
        ),
        Column(Words("限铃内", "in rings"), lambda _, f: share(f.within_rings_rate)),
        Column(Words("平均等待", "wait"), lambda _, f: seconds(f.wait.mean)),
        Column(Words("等待P95", "wait p95"), lambda _, f: seconds(f.wait.p95)),
        Column(Words("平均通话", "talk"), lambda _, f: seconds(f.talk.mean)),
        Column(Words("客户先挂", "cust. first"), lambda _, f: share(f.customer_first_rate)),
    )
    breaks = Column(Words("违规", "breaks"), lambda _, f: count(f.judged - f.unbroken))
    match by:
        case By.LINE:
            return (*usual[:6], *_ears(report), breaks)
        case By.AGENT:
            return (*usual, breaks, *_own(report))
        case _:
            return (*usual, breaks)


def _ears(report: Report) -> list[Column]:
    bad = {(one.line, one.verdict) for one in report.bad_lines}

    def column(verdict: str) -> Column:
        return Column(
            EARS[verdict],
            lambda _, f: share(f.share(verdict)),
            lambda line, _: (line, verdict) in bad,
        )

    return [column(verdict) for verdict in JUDGED_BY_EAR]


def _own(report: Report) -> list[Column]:
    """What is an agent's alone."""
    scores, came = report.score.agents, report.log_ins.agents
    on_time = Column(
        Words("按时登录", "log-ins"),
        lambda agent, _: share(came[agent].on_time_rate, 0) if agent in came else NOTHING,
    )
    score = Column(Words("得分", "score"), lambda agent, _: points(scores.get(agent)))
    return [score] if not came else [on_time, score]
