"""A dialplan from its folder to a checked model."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.config.document import Document
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.models import GatewayConfig
from gateway.config.places import DIALPLAN_FILE, dialplan_folder, shipped_dialplans
from gateway.config.validate import validate
from gateway.dialplan.crosscheck import cross_faults
from gateway.dialplan.holidays import calendar_of
from gateway.dialplan.inherit import read_layers, with_base
from gateway.dialplan.lint import idle, lint
from gateway.dialplan.models import Dialplan
from gateway.dialplan.standards import DEADLINE, ring_limit_of


def load_dialplan(
    name: str | Path,
    base: Path | None = None,
    parameters: Mapping[str, str] | None = None,
    *,
    thorough: bool = False,
) -> Dialplan:
    """Read and check the dialplan `name`: a shipped name, else a folder, relative to `base` (default: here).

    `parameters` go before those the dialplan has. `thorough`: what no call ever hears is a fault too; it keeps
    nobody from running. Raises ConfigErrors with every fault found, and nothing else.
    """
    return _good(*_examined(_read(name, base), parameters or {}, thorough=thorough))


def dialplan_of(document: Document, *, thorough: bool = False) -> Dialplan:
    """As `load_dialplan`, of a document already read."""
    return _good(*_examined(with_base(document), {}, thorough=thorough))


def load_for(config: GatewayConfig, *, thorough: bool = False) -> Dialplan:
    """The dialplan that `config` names, with its `[parameters]` and `[answer]`, as `load_dialplan` reads it."""
    document = _read(config.dialplan, config.folder)
    dialplan, faults = _examined(document, config.parameters, config.document, thorough=thorough)
    return _good(dialplan, [*faults, *_override_faults(config, dialplan)])


def check_override(config: GatewayConfig, dialplan: Dialplan) -> None:
    """Raise ConfigErrors where the config goes past what the dialplan's standard permits, or means another one."""
    _good(dialplan, list(_override_faults(config, dialplan)))


def _read(name: str | Path, base: Path | None) -> Document:
    try:
        folder = dialplan_folder(str(name), base or Path())
    except ValueError:  # a NUL in it
        folder = None
    if folder is None:
        shipped = ", ".join(shipped_dialplans())
        message = f"no such dialplan; allowed: {shipped}, or a folder with a {DIALPLAN_FILE}"
        raise ConfigErrors([Fault(Path(name), 1, "", message)])
    return read_layers(folder / DIALPLAN_FILE)


def _override_faults(config: GatewayConfig, dialplan: Dialplan) -> Iterator[Fault]:
    yield from _code_faults(config, dialplan)
    yield from _deadline_faults(config, dialplan)
    on_ring, limit = config.answer.on_ring, dialplan.answer.ring_limit
    clause, standards_own = ring_limit_of(dialplan.answer.clause, limit)
    if on_ring is not None and on_ring > min(limit, standards_own):
        limit = min(limit, standards_own)
        message = f"is {on_ring}, but {clause} permits ring {limit} at the latest; allowed: 1 to {limit}"
        yield config.document.fault(("answer", "on_ring"), message)
    for name in config.parameters:
        if name not in dialplan.parameters:
            known = ", ".join(dialplan.parameters) or "none"
            message = f"no parameter of dialplan {dialplan.name}; allowed: {known}"
            yield config.document.fault(("parameters", name), message)


def _code_faults(config: GatewayConfig, dialplan: Dialplan) -> Iterator[Fault]:
    """A phrase's code and a code of the desk are dialled on the same telephone: neither may begin the other."""
    if all(agent.extension is None for agent in config.agents):
        return
    phrases = {f"*{phrase.code}": name for name, phrase in dialplan.phrases.items() if phrase.code}
    for key, code in config.desk.codes.items():
        for dialled, name in phrases.items():
            if code.startswith(dialled) or dialled.startswith(code):
                yield _clash(config, dialplan, key, name)
                break


def _clash(config: GatewayConfig, dialplan: Dialplan, key: str, phrase: str) -> Fault:
    """Blamed on the desk's code where the site has written one, else on the phrase's."""
    code, dialled = config.desk.codes[key], f"*{dialplan.phrases[phrase].code}"
    if key in config.desk.model_fields_set:
        message = f"{code} cannot be told from {dialled}, the code of phrases.{phrase}; allowed: another code"
        return config.document.fault(("desk", key), message)
    message = f"{dialled} cannot be told from {code}, the desk's {key}; allowed: another code"
    return dialplan.document.fault(("phrases", phrase, "code"), message)


def _deadline_faults(config: GatewayConfig, dialplan: Dialplan) -> Iterator[Fault]:
    hours = config.call_backs.deadline_hours if config.call_backs else 0.0
    clause, most = DEADLINE
    if dialplan.call_back is not None and dialplan.call_back.clause == clause and hours > most:
        message = f"is {hours:g}, but {clause} answers within {most:g} hours; allowed: up to {most}"
        yield config.document.fault(("call_backs", "deadline_hours"), message)


def _examined(
    document: Document, parameters: Mapping[str, str], given_in: Document | None = None, *, thorough: bool = False
) -> tuple[Dialplan, list[Fault]]:
    """The dialplan and what is wrong with it; ConfigErrors where it can't even be read.

    `given_in` is the file that gives `parameters`, for faults in their words.
    """
    dialplan = validate(Dialplan, document)
    dialplan._document = document
    dialplan._given = {name: value for name, value in parameters.items() if name in dialplan.parameters}
    dialplan._given_in = given_in
    calendar, faults = calendar_of(dialplan)
    dialplan._calendar = calendar
    contradictions = list(cross_faults(dialplan))
    faults += [*contradictions, *lint(dialplan)]
    if thorough and not contradictions:  # a name misspelt would be told twice
        faults += idle(dialplan)
    return dialplan, faults


def _good(dialplan: Dialplan, faults: list[Fault]) -> Dialplan:
    if faults:
        raise ConfigErrors(faults)
    return dialplan
