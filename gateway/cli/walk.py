"""`sansheng dialplan walk`: a call by a dialplan, from its first ring to its end, in virtual time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from gateway.cli.faults import or_faults
from gateway.cli.walk_shown import show_json, show_walk
from gateway.config import FxoLineConfig, GatewayConfig, SipLineConfig, load_config
from gateway.config.forms import zone
from gateway.dialplan import Call, Dialplan, check_override, load_dialplan, load_for
from gateway.walk import AgentScript, LineDriver, LineKind, Script, Signalling, rehearse

DEFAULT_DIALPLAN, DEFAULT_AGENT, DEFAULT_ZONE, DEFAULT_TIME = "jihua-gas", "801", "Asia/Shanghai", time(10)
YEARS = range(1900, 2101)
"""The years whose lunar holidays are known."""
_KEYS = re.compile(r"[0-9*#A-D]*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class WalkOptions:
    """What the command line asks for, each as it was written; None: not given."""

    dialplan: str | None = None
    config: Path | None = None
    line: str = LineKind.TALKING.value
    day: str | None = None
    at: str | None = None
    timezone: str | None = None
    agent: str | None = None
    trainee: bool = False
    overflow: bool = False
    keys: str | None = None
    wait: float | None = None
    phrases: tuple[str, ...] = ()
    stays: bool = False
    driver: str | None = None
    answers: float | None = None


def walk(options: WalkOptions, *, as_json: bool = False) -> int:
    """Walk one call and print its timeline. Gives the exit code: 0, or 1 with a clause broken or a file faulty.

    Raises typer.BadParameter for what no call could have.
    """
    return or_faults(lambda: _walk(options, as_json))


def _walk(options: WalkOptions, as_json: bool) -> int:
    checked = _Checked(options)
    config = None if options.config is None else load_config(options.config)
    dialplan = _dialplan(options.dialplan, config)
    call = _call(checked, options, config)
    script = Script.of(
        checked.line,
        keys=checked.keys,
        wait=options.wait,
        phrases=options.phrases,
        stays=options.stays,
        agent=None if options.answers is None else AgentScript(call.agent, options.answers),
    )
    _refuse_impossible(dialplan, script)
    signalling = _signalling(checked.driver, config)
    rehearsal = rehearse(dialplan, call, script, signalling)
    if as_json:
        show_json(rehearsal, signalling)
    else:
        show_walk(dialplan, call, checked.line, signalling, rehearsal)
    good = rehearsal.walk.record.compliance and not rehearsal.walk.broken
    return 0 if good else 1


class _Checked:
    """Options that have a form of their own. Raises typer.BadParameter."""

    def __init__(self, options: WalkOptions) -> None:
        self.line = _line(options.line)
        self.driver = None if options.driver is None else _driver(options.driver)
        self.day = None if options.day is None else _day(options.day)
        self.at = DEFAULT_TIME if options.at is None else _time(options.at)
        self.zone = None if options.timezone is None else _zone(options.timezone)
        self.keys = () if options.keys is None else tuple(_keys(part) for part in options.keys.split(","))
        if options.agent is not None and not re.fullmatch(r"[0-9]{1,8}", options.agent):
            raise typer.BadParameter(
                f"--agent {options.agent}: no agent's number; allowed: 1 to 8 digits, like 801"
            )


def _dialplan(name: str | None, config: GatewayConfig | None) -> Dialplan:
    """The dialplan of that name, with what the config overrides; the config's own where no name is given."""
    if config is None:
        return load_dialplan(name or DEFAULT_DIALPLAN)
    if name is None:
        return load_for(config)
    dialplan = load_dialplan(name, None, config.parameters)
    # Parameters that this dialplan does not have are the config's own dialplan's, and no fault here.
    check_override(config.model_copy(update={"parameters": {}}), dialplan)
    return dialplan


def _call(checked: _Checked, options: WalkOptions, config: GatewayConfig | None) -> Call:
    site_zone = checked.zone or ZoneInfo(config.timezone if config else DEFAULT_ZONE)
    day = checked.day or datetime.now(site_zone).date()
    agent = options.agent or (config.agents[0].number if config else DEFAULT_AGENT)
    return Call(
        agent,
        trainee=options.trainee or (config is not None and agent in config.trainees),
        overflow=options.overflow,
        at=datetime.combine(day, checked.at, tzinfo=site_zone),
        on_ring=config.answer.on_ring if config else None,
    )


def _signalling(driver: LineDriver | None, config: GatewayConfig | None) -> Signalling:
    """Of the config's first line (of that driver, where one is named); a SIP line where there is none."""
    lines = config.lines if config else ()
    line = next((line for line in lines if driver in (None, line.driver)), None)
    if driver is LineDriver.FXO or isinstance(line, FxoLineConfig):
        return Signalling.fxo()
    return Signalling.sip(line.ring_period) if isinstance(line, SipLineConfig) else Signalling.sip()


def _refuse_impossible(dialplan: Dialplan, script: Script) -> None:
    """Raises typer.BadParameter for what the script asks for and the dialplan does not have."""
    allowed = ", ".join(dialplan.phrases) or "none, as it has no [phrases]"
    for phrase in script.phrases:
        if phrase not in dialplan.phrases:
            raise typer.BadParameter(f"--phrase {phrase}: {dialplan.name} has no such phrase; allowed: {allowed}")
    if script.wait is not None and dialplan.waiting is None:
        raise typer.BadParameter(
            f"{dialplan.name} has no [waiting]: nobody can be let wait; add the table, or walk another line"
        )


def _line(text: str) -> LineKind:
    try:
        return LineKind(text)
    except ValueError:
        raise typer.BadParameter(f"--line {text}: no such line; allowed: {', '.join(LineKind)}") from None


def _driver(text: str) -> LineDriver:
    try:
        return LineDriver(text)
    except ValueError:
        raise typer.BadParameter(f"--driver {text}: no such driver; allowed: {', '.join(LineDriver)}") from None


def _day(text: str) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError  # fromisoformat takes 20260217 and 2026-W08-2 too
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--date {text}: no date that exists; allowed: a date like 2026-02-17") from None
    if day.year not in YEARS:
        raise typer.BadParameter(f"--date {text}: allowed: years from {YEARS[0]} to {YEARS[-1]}")
    return day


def _time(text: str) -> time:
    for form in ("%H:%M:%S", "%H:%M"):
        try:
            return datetime.strptime(text, form).time()
        except ValueError:
            continue
    raise typer.BadParameter(f"--time {text}: no time of a day; allowed: a time like 23:59 or 23:59:50")


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone(text))
    except ValueError as error:
        raise typer.BadParameter(f"--timezone: {error}; allowed: a zone like Asia/Shanghai") from None


def _keys(text: str) -> str:
    if not _KEYS.fullmatch(text):
        allowed = "0 to 9, *, #, A to D, and commas between one question and the next"
        raise typer.BadParameter(f"--keys: {text!r} holds what no telephone has; allowed: {allowed}")
    return text
