"""What sort of request it is: offered until chosen, and people called in at once where that is ordered (TT-1)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.saying import said
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import ChoiceRule, MenuRule

ALERT_WITHIN = 1.0
"""Seconds after the choice in which an alert is "at once"."""

UNDERSTOOD = ("speech", "loud")
"""Who speaks instead of pressing a key is served as he is."""

BEFORE_CHOICE = (
    Part.GREETING,
    Part.NOTICE,
    Part.MENU,
    Part.PHRASE,
    Part.LAST_WORDS,
    Part.WAITING,
    Part.CALL_BACK,
)
"""What may be said before the sort of request is known."""


def menu(case: Case) -> Iterator[Judgement]:
    """The menu, the choice and its alert."""
    rule = case.rules.menu
    offered = case.prompts(Part.MENU)
    if rule is None:
        yield from said(offered, Part.MENU)
        return
    broken = next((prompt for prompt in offered if spoilt(prompt)), None)
    went_on = any(case.part(prompt) not in BEFORE_CHOICE for prompt in case.record.prompts)
    heard = _offered(len(offered))
    if broken is not None:
        yield Judgement(rule.clause, False, f"{broken.prompt} not said to its end: {why(broken)}", Part.MENU)
    elif case.record.kind is not None:
        fault = _fault_of_choice(case.record, rule, len(offered)) or _fault_of_alert(case.record, rule)
        evidence = f"{heard}, {_choice(case.record)}; {fault or _alerted(case.record)}"
        yield Judgement(rule.clause, fault is None, evidence, Part.MENU)
    elif went_on and not case.attended:
        evidence = f"went on without a kind, menu offered {len(offered)} of {rule.times} times"
        yield Judgement(rule.clause, False, evidence, Part.MENU)
    elif any(prompt.whole for prompt in offered):
        yield Judgement(rule.clause, True, f"{heard}; the call ended before a choice", Part.MENU)


def _offered(times: int) -> str:
    return {0: "chosen before it was offered", 1: "offered once"}.get(times, f"offered {times} times")


def _choice(record: CallRecord) -> str:
    return f"key {record.kind_digit}: {record.kind}" if record.kind_digit else f"no key: {record.kind}"


def _fault_of_choice(record: CallRecord, rule: MenuRule, offered: int) -> str | None:
    meant = rule.meant(record.kind_digit)
    if meant is None or meant.kind != record.kind:
        return "the menu has no such choice"
    if record.kind_digit is None and offered < rule.times and not _spoke(record):
        return f"{rule.times} offers are due to who presses nothing"
    return None


def _spoke(record: CallRecord) -> bool:
    """Whether the customer was being understood when the choice was made for him."""
    at = record.kind_at
    before = [verdict for verdict in record.verdicts if at is None or verdict.at <= at]
    lost = at is not None and any(loss.at(at) for loss in record.losses)
    return bool(before) and before[-1].verdict in UNDERSTOOD and not lost


def _fault_of_alert(record: CallRecord, rule: MenuRule) -> str | None:
    meant: ChoiceRule | None = rule.meant(record.kind_digit)
    ordered = meant is not None and meant.alert
    if not ordered:
        return "an alert was raised, which this kind does not order" if record.alerts else None
    after = _alert_after(record)
    if after is None:
        return "no alert was raised"
    if after > ALERT_WITHIN:
        return f"alert raised {after:.1f} s after the choice, {ALERT_WITHIN:g} s allowed"
    return None


def _alert_after(record: CallRecord) -> float | None:
    """Seconds from the choice to its alert."""
    raised = next((alert.at for alert in record.alerts if alert.kind == record.kind), None)
    if raised is None or record.kind_at is None:
        return None
    return (raised - record.kind_at).total_seconds()


def _alerted(record: CallRecord) -> str:
    after = _alert_after(record)
    return "solved on the telephone" if after is None else f"alert raised {after:.1f} s after the choice"
