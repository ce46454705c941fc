"""The figures at a glance: one to a card, with what it is held against. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.kpi.rates import Share
from gateway.reports.pages import Words
from gateway.reports.report import Report
from gateway.reports.report_page.shapes import same
from gateway.reports.shown import aim, count, points, seconds, share


class Standing(StrEnum):
    """A figure and its goal."""

    KEPT = "kept"
    BROKEN = "broken"
    NONE = ""
    """It has no goal, or there is no figure."""


@dataclass(frozen=True, slots=True)
class Card:
    """One figure, what it is, and a line below."""

    words: Words
    value: str
    note: Words
    standing: Standing = Standing.NONE


def cards(report: Report) -> tuple[Card, ...]:
    """What became of the calls, and how they were served."""
    f, standard = report.overall, report.standard
    goal = standard.answer_rate_goal
    fallen = count(f.abandoned), count(f.failed)
    ends = f.released_by
    guard, fault = count(ends.get("guard", 0)), count(ends.get("fault", 0))
    limit = standard.ring_limit
    return (
        Card(Words("呼入量", "calls offered"), count(f.offered), _up(f.up)),
        Card(
            Words("接通量", "answered"),
            count(f.answered),
            Words(f"放弃 {fallen[0]} · 未接通 {fallen[1]}", f"{fallen[0]} abandoned · {fallen[1]} failed"),
        ),
        Card(
            Words("接通率", "answer rate"),
            share(f.answer_rate, goal=goal),
            Words(f"目标 {aim(goal)} · JH-21", f"goal {aim(goal)} · JH-21"),
            _standing(f.answer_rate, goal),
        ),
        Card(
            Words(f"{limit} 声内接听率", f"answered by ring {limit}"),
            share(f.within_rings_rate),
            Words("标准:每一通", "standard: every call"),
            _standing(f.within_rings_rate),
        ),
        Card(
            Words("平均等待", "mean wait"),
            seconds(f.wait.mean),
            Words(
                f"P95 {seconds(f.wait.p95)} · {count(f.wait.count)} 通",
                f"p95 {seconds(f.wait.p95)} · {f.wait.count:,} calls",
            ),
        ),
        Card(
            Words("客户先挂机率", "customer hung up first"),
            share(f.customer_first_rate),
            Words(f"保护释放 {guard} · 故障释放 {fault}", f"{guard} by the guard timer · {fault} by a fault"),
            _standing(f.customer_first_rate),
        ),
        Card(
            Words("无违规率", "calls that broke no clause"),
            share(f.quality),
            Words(f"违规 {count(report.calls.broken)} 通", f"{count(report.calls.broken)} broke one"),
            _standing(f.quality),
        ),
        Card(Words("月度得分", "monthly score"), points(report.score.overall), same("JH-22")),
    )


def service_cards(report: Report) -> tuple[Card, ...]:
    """What customers were owed, and how agents came to their shifts."""
    owed, came = report.tickets.overall, report.log_ins.overall
    complaints = owed.complaints
    return (
        Card(
            Words("工单量", "tickets"),
            count(owed.tickets),
            Words(
                f"错误 {count(owed.wrong)} · 逾期 {count(owed.missed)}",
                f"{count(owed.wrong)} wrong · {count(owed.missed)} missed",
            ),
        ),
        Card(
            Words("回电按时率", "call-backs kept in time"),
            share(owed.call_backs_kept_rate),
            Words(
                f"应回 {count(owed.call_backs_owed)} · 逾期 {count(owed.call_backs_overdue)} · JH-19",
                f"{count(owed.call_backs_owed)} owed · {count(owed.call_backs_overdue)} overdue · JH-19",
            ),
            _standing(owed.call_backs_kept_rate),
        ),
        Card(
            Words("投诉回复率", "complaints replied"),
            share(complaints.rate),
            Words(
                f"已回复 {count(complaints.replied)} · 逾期 {count(complaints.overdue)} · WD-12",
                f"{count(complaints.replied)} replied · {count(complaints.overdue)} overdue · WD-12",
            ),
            _standing(complaints.rate),
        ),
        Card(
            Words("按时登录率", "log-ins on time"),
            share(came.on_time_rate),
            _came(report),
            _standing(came.on_time_rate),
        ),
    )


def _came(report: Report) -> Words:
    """How late agents came; and whose they are, if it is not all of the report's."""
    came, site = report.log_ins.overall, report.log_ins.site
    if site is None:
        return Words("他站班次不在本站配置中 · JH-20", "another site's shifts are not in this config · JH-20")
    zh = f"迟到 {count(came.late)} · 缺勤 {count(came.absent)} · JH-20"
    en = f"{count(came.late)} late · {count(came.absent)} absent · JH-20"
    return Words(zh, en) if site == report.site else Words(f"{zh} · 仅 {site}", f"{en} · {site} alone")


def _up(up: int) -> Words:
    return Words(f"进行中 {count(up)}", f"{count(up)} still up")


def _standing(rate: Share, goal: float = 1.0) -> Standing:
    if not rate.whole:
        return Standing.NONE
    return Standing.BROKEN if rate.misses(goal) else Standing.KEPT
