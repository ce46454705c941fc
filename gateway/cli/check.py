"""`sansheng check`: the config and dialplans, every fault on a line of its own."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import typer

from drivers.fxo.profiles import PROFILES
from gateway.cli.faults import show_faults
from gateway.config import ConfigErrors, Fault, GatewayConfig, check_profiles, expand_lines, load_config
from gateway.config.places import shipped_dialplans
from gateway.dialplan import load_dialplan, load_for


def check(config: Path | None, dialplans: Sequence[str]) -> int:
    """Check `config`, if given, with the dialplan it names, and each of `dialplans`; every shipped one if neither.

    Prints a line for each fault, or for each good file. Gives the exit code: 0, or 1 with a fault.
    """
    faults: list[Fault] = []
    if config is not None:
        faults += _faults_of(partial(_check_config, config))
    names = dialplans or (shipped_dialplans() if config is None else [])
    for name in names:
        faults += _faults_of(partial(_check_dialplan, name))
    show_faults(faults)
    return 1 if faults else 0


def _check_config(path: Path) -> None:
    config: GatewayConfig = load_config(path)
    load_for(config)
    check_profiles(config, PROFILES)
    lines = expand_lines(config)
    typer.echo(f"{path}: good: lines: {len(lines)}, agents: {len(config.agents)}, dialplan: {config.dialplan}")


def _check_dialplan(name: str) -> None:
    dialplan = load_dialplan(name)
    typer.echo(f"{dialplan.document.file}: good: {dialplan.title}")


def _faults_of(step: Callable[[], None]) -> Iterator[Fault]:
    try:
        step()
    except ConfigErrors as errors:
        yield from errors.faults
