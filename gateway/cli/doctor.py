"""`sansheng doctor`: what on this machine would stop the gateway, with the cure."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gateway.cli.check import config_faults
from gateway.cli.log import no_log
from gateway.doctor.examination import Examination
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine

STYLES = {Status.OK: "green", Status.WARNING: "yellow", Status.FAULT: "bold red"}
_WIDTH = max(map(len, Status))


def doctor(config_file: Path | None, *, ask_modems: bool = True, as_json: bool = False) -> int:
    """Print every finding, with its cure; 1 if there is a fault among them, else 0."""
    with no_log():
        config, faults = config_faults(config_file) if config_file is not None else (None, [])
        examination = Examination(Machine(), config, faults)
        findings = asyncio.run(_examined(examination, ask_modems))
    if as_json:
        for finding in findings:
            print(json.dumps(finding.fields(), ensure_ascii=False))
    else:
        _show(findings)
    return 1 if any(finding.status is Status.FAULT for finding in findings) else 0


async def _examined(examination: Examination, ask_modems: bool) -> list[Finding]:
    """The findings; until they are there, what is waited for, on standard error where that is a terminal."""
    console = Console(stderr=True, highlight=False)
    with console.status("looking") as status:

        def waiting(left: Sequence[str]) -> None:
            status.update(f"waiting for: {', '.join(left)}")

        return await examination.findings(ask_modems=ask_modems, waiting=waiting)


def _show(findings: Sequence[Finding]) -> None:
    console = Console(highlight=False)
    for finding in findings:
        line = Text.assemble((f"{finding.status.value:<{_WIDTH}}", STYLES[finding.status]), "  ", _told(finding))
        # Never broken: a cure is a command line to be pasted.
        console.print(line, soft_wrap=True)
        for step in finding.cure:
            console.print(Text(f"{'':<{_WIDTH}}    → {_plain(step)}"), soft_wrap=True)
    counts = {status: sum(finding.status is status for finding in findings) for status in Status}
    worst = next(status for status in reversed(list(Status)) if counts[status] or status is Status.OK)
    words = f"faults: {counts[Status.FAULT]}, warnings: {counts[Status.WARNING]}, ok: {counts[Status.OK]}"
    console.print(Text(words, style=STYLES[worst]))


def _told(finding: Finding) -> str:
    what = f"{finding.check} {finding.subject}".rstrip()
    return _plain(f"{what} – {finding.finding}")


def _plain(text: str) -> str:
    """Whatever a device or a program calls itself must not reach a terminal as an order to it."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
