"""What a formula of the score may name, and the figures that the names stand for. Pure."""

from collections.abc import Mapping

from gateway.kpi.figures import Figures
from gateway.kpi.log_ins import LogInFigures
from gateway.kpi.tickets import TicketFigures

NAMES: Mapping[str, tuple[str, str]] = {
    "wrong_tickets": ("tickets marked as wrong", "标记为错误的工单数"),
    "missed_tickets": ("tickets answered late, or not at all by their deadline", "逾期答复或到期未答复的工单数"),
    "tickets": ("all tickets", "工单总数"),
    "calls": ("calls offered", "呼入量"),
    "answered": ("calls answered", "接通量"),
    "abandoned": ("calls given up before the answer", "放弃量"),
    "failed": ("calls that were neither", "未接通量(故障等)"),
    "attended": ("calls in which an agent talked", "人工通话量"),
    "volume": (
        "answered calls of the agent among the mean of all agents; 1 for the whole",
        "该话务员接通量与全体平均之比;总体为 1",
    ),
    "quality": ("share of calls that broke no clause, 0 to 1", "未违反任何条款的通话占比,0 至 1"),
    "answer_rate": ("share answered, 0 to 1", "接通率,0 至 1"),
    "within_rings_rate": ("share answered by the standard's last ring, 0 to 1", "规定铃声内接听率,0 至 1"),
    "customer_first_rate": ("share in which the customer hung up first, 0 to 1", "客户先挂机率,0 至 1"),
    "wait_mean": ("mean wait for an agent, seconds", "平均等待时长,秒"),
    "talk_mean": ("mean talk, seconds", "平均通话时长,秒"),
    "replied_rate": ("share of tickets due that were answered, 0 to 1", "工单回复率,0 至 1"),
    "call_backs_kept_rate": ("share of call-backs kept in time, 0 to 1", "回电按时率,0 至 1"),
    "log_ins_on_time_rate": ("share of duties begun with a log-in in time, 0 to 1", "按时登录率,0 至 1"),
}
"""Each name in English and Chinese."""


def score_values(
    calls: Figures, tickets: TicketFigures, log_ins: LogInFigures, volume: float | None
) -> dict[str, float | None]:
    """What a formula's names stand for, of one agent or of the whole. `volume`: his answered calls among the mean
    of all agents; 1.0 of the whole."""
    return {
        "wrong_tickets": tickets.wrong,
        "missed_tickets": tickets.missed,
        "tickets": tickets.tickets,
        "calls": calls.offered,
        "answered": calls.answered,
        "abandoned": calls.abandoned,
        "failed": calls.failed,
        "attended": calls.attended,
        "volume": volume,
        "quality": calls.quality.exact,
        "answer_rate": calls.answer_rate.exact,
        "within_rings_rate": calls.within_rings_rate.exact,
        "customer_first_rate": calls.customer_first_rate.exact,
        "wait_mean": calls.wait.mean,
        "talk_mean": calls.talk.mean,
        "replied_rate": tickets.all.rate.exact,
        "call_backs_kept_rate": tickets.call_backs_kept_rate.exact,
        "log_ins_on_time_rate": log_ins.on_time_rate.exact,
    }
