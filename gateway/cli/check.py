"""`sansheng check`: the config and dialplans, every fault on a line of its own."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import typer

from drivers.fxo.profiles import PROFILES
from gateway.cli.faults import show_faults
from gateway.config import ConfigErrors, Fault, GatewayConfig, check_profiles, expand_lines, load_config
from gateway.config.places import shipped_dialplans
from gateway.config.registrar_calls import refused_registrars
from gateway.config.secret_files import secret_files
from gateway.dialplan import load_dialplan, load_for
from gateway.people.accounts_file import read_accounts
from gateway.prompts import recording_faults

MORE = "more is checked once these are mended"
"""A dialplan and recordings, where the config cannot be loaded, and what is compared with a wrong key."""


def check(config: Path | None, dialplans: Sequence[str]) -> int:
    """Check `config`, if given, with the dialplan it names, and each of `dialplans`; every shipped one if neither.

    Prints a line for each good file, or one for each fault, by file and line; on standard error MORE where the
    config could not be loaded. Gives the exit code: 0, or 1 with a fault.
    """
    loaded: GatewayConfig | None = None
    faults: list[Fault] = []
    if config is not None:
        loaded, faults = config_faults(config)
        faults += _recordings_of(loaded) if loaded is not None else ()
        if loaded is not None and not faults:
            _show_good(config, loaded)
    names = dialplans or (shipped_dialplans() if config is None else [])
    for name in names:
        faults += _faults_of(partial(_check_dialplan, name))
    show_faults(sorted(faults))
    if config is not None and loaded is None:
        typer.echo(MORE, err=True)  # not among the faults: each of those is a line that names its place
    return 1 if faults else 0


def config_faults(path: Path) -> tuple[GatewayConfig | None, list[Fault]]:
    """A config, None if it cannot be loaded; and all that is wrong in it, in the dialplan and in the key accounts
    that it names.

    Recordings are not looked at.
    """
    try:
        config = load_config(path)
    except ConfigErrors as errors:
        return None, list(errors.faults)
    return config, [
        *_faults_of(partial(load_for, config, thorough=True)),
        *_faults_of(partial(check_profiles, config, PROFILES)),
        *(_faults_of(partial(read_accounts, accounts)) if (accounts := config.key_accounts_path) else ()),
    ]


def _recordings_of(config: GatewayConfig) -> list[Fault]:
    """What keeps the recordings of a config's dialplan from going live; nothing where that cannot be loaded."""
    try:
        dialplan = load_for(config)
    except ConfigErrors:
        return []  # told already
    return recording_faults(dialplan, [agent.number for agent in config.agents])


def _show_good(path: Path, config: GatewayConfig) -> None:
    lines = expand_lines(config)
    typer.echo(f"{path}: good: lines: {len(lines)}, agents: {len(config.agents)}, dialplan: {config.dialplan}")
    for file in secret_files(config):
        if file.open:
            typer.echo(f"{path}: warning: {file.key}: {file.path}: {file.finding}: {file.cure}", err=True)
    for line, finding, cure in refused_registrars(config):
        typer.echo(f"{path}: warning: {line}.registrar: {finding}: {cure}", err=True)


def _check_dialplan(name: str) -> None:
    dialplan = load_dialplan(name, thorough=True)
    faults = recording_faults(dialplan)
    if faults:
        raise ConfigErrors(faults)
    typer.echo(f"{dialplan.document.file}: good: {dialplan.title}")


def _faults_of(step: Callable[[], object]) -> Iterator[Fault]:
    try:
        step()
    except ConfigErrors as errors:
        yield from errors.faults
