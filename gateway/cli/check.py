"""`sansheng check`: the config and dialplans, every fault on a line of its own."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import typer

from drivers.fxo.profiles import PROFILES
from gateway.cli.faults import show_faults
from gateway.config import ConfigErrors, Fault, GatewayConfig, check_profiles, expand_lines, load_config
from gateway.config.places import shipped_dialplans
from gateway.dialplan import Dialplan, load_dialplan, load_for
from gateway.prompts import recording_faults


def check(config: Path | None, dialplans: Sequence[str]) -> int:
    """Check `config`, if given, with the dialplan it names, and each of `dialplans`; every shipped one if neither.

    Prints a line for each good file, or one for each fault, by file and line. Gives the exit code: 0, or 1 with a
    fault.
    """
    faults: list[Fault] = []
    if config is not None:
        loaded, faults = config_faults(config)
        if loaded is not None and not faults:
            _show_good(config, loaded)
    names = dialplans or (shipped_dialplans() if config is None else [])
    for name in names:
        faults += _faults_of(partial(_check_dialplan, name))
    show_faults(sorted(faults))
    return 1 if faults else 0


def config_faults(path: Path) -> tuple[GatewayConfig | None, list[Fault]]:
    """A config, None if it cannot be loaded, and all that is wrong with it and with the dialplan it names."""
    try:
        config = load_config(path)
    except ConfigErrors as errors:
        return None, list(errors.faults)
    agents = [agent.number for agent in config.agents]
    return config, [
        *_faults_of(partial(_check_for_good, partial(load_for, config, thorough=True), agents)),
        *_faults_of(partial(check_profiles, config, PROFILES)),
    ]


def _show_good(path: Path, config: GatewayConfig) -> None:
    lines = expand_lines(config)
    typer.echo(f"{path}: good: lines: {len(lines)}, agents: {len(config.agents)}, dialplan: {config.dialplan}")


def _check_dialplan(name: str) -> None:
    dialplan = _check_for_good(partial(load_dialplan, name, thorough=True))
    typer.echo(f"{dialplan.document.file}: good: {dialplan.title}")


def _check_for_good(load: Callable[[], Dialplan], agents: Sequence[str] = ()) -> Dialplan:
    """The dialplan, if its recordings can go live too. Raises ConfigErrors."""
    dialplan = load()
    faults = recording_faults(dialplan, agents)
    if faults:
        raise ConfigErrors(faults)
    return dialplan


def _faults_of(step: Callable[[], object]) -> Iterator[Fault]:
    try:
        step()
    except ConfigErrors as errors:
        yield from errors.faults
