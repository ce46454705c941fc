"""What each command does: a table from its name to a handler, and one rule for all plain parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from drivers.emulator.command_line import BadCommandError, Command, Operation
from drivers.emulator.interpreter import Reply, Steps
from drivers.emulator.tone_commands import data_call, dial, tones
from drivers.emulator.voice_stream import Mode

if TYPE_CHECKING:
    from drivers.emulator.core import ModemCore

Handler = Callable[["ModemCore", Command], Steps]

RESET_TIME = 0.3
"""Seconds ATZ takes; 0.2 to 1 was seen."""
SEIZE_TIME = 0.2
"""Seconds from +VLS=1 to the closed loop; 0.1 to 1 was seen."""
SPARE_BASICS = frozenset(
    [*"BLMNOPTWXY", "&C", "&D", "&G", "&K", "&P", "&Q", "&R", "&S", "\\A", "\\G", "\\K", "\\N", "\\V", "%C", "%E"]
)
"""Basic commands a voice line has no use for: taken, without effect."""


def _identify(core: ModemCore, command: Command) -> Steps:
    key = f"I{int(command.argument or 0)}" if command.name == "I" else command.name
    lines = core.personality.identity.get(key)
    if lines is None or command.operation is Operation.RANGE:
        raise BadCommandError(key)
    yield 0
    return Reply(core.settings.prefixed(command.name, lines) if command.name[0] == "+" else lines)


def _switch(core: ModemCore, command: Command) -> Steps:
    if command.argument not in ("", "0", "1"):
        raise BadCommandError(command.name)
    on = command.argument == "1"
    match command.name:
        case "E":
            core.settings.echo = on
        case "V":
            core.settings.verbose = on
        case "Q":
            core.settings.quiet = on
    yield 0
    return Reply()


def _reset(core: ModemCore, _command: Command) -> Steps:
    core.hang_up()
    yield RESET_TIME
    core.settings.reset()
    return Reply()


def _factory(core: ModemCore, _command: Command) -> Steps:
    echo = core.settings.echo
    core.settings.reset()
    core.settings.echo = echo
    yield 0
    return Reply()


def _store(core: ModemCore, _command: Command) -> Steps:
    core.settings.store()
    yield 0
    return Reply()


def _view(core: ModemCore, _command: Command) -> Steps:
    settings = core.settings
    registers = " ".join(f"S{number:02}:{value:03}" for number, value in settings.registers.items())
    basics = {"X": "4", "&C": "1", "&D": "2", "&K": "3"} | settings.basics
    switches = " ".join(
        (
            f"E{int(settings.echo)} Q{int(settings.quiet)} V{int(settings.verbose)}",
            *map("".join, basics.items()),
        )
    )
    yield 0
    return Reply(("ACTIVE PROFILE:", switches, registers))


def _register(core: ModemCore, command: Command) -> Steps:
    number = int(command.name[1:] or 0)
    if number > 255 or command.operation is Operation.RANGE or command.name == "S":
        raise BadCommandError(command.name)
    yield 0
    if command.operation is Operation.SET:
        core.settings.registers[number] = min(int(command.argument or 0), 255)
        return Reply()
    return Reply((f"{core.settings.registers.get(number, 0):03}",))


def _hook(core: ModemCore, command: Command) -> Steps:
    if command.argument == "1":
        core.seize()
    else:
        core.hang_up()
        if core.personality.on_hook_leaves_voice:
            core.settings.service_class = "0"
    yield 0.05
    return Reply()


def _answer(core: ModemCore, _command: Command) -> Steps:
    if core.settings.in_voice:
        return (yield from _seize(core, "1"))
    core.seize()
    return (yield from data_call(core))


def _service_class(core: ModemCore, command: Command) -> Steps:
    settings, classes = core.settings, core.personality.classes
    yield 0
    if command.operation is Operation.RANGE:
        return Reply((classes,))
    if command.operation is not Operation.SET:
        return Reply((settings.service_class,))
    if command.argument not in classes.split(","):
        raise BadCommandError(command.argument)
    if command.argument != settings.service_class or core.repeat_would_drop:
        core.hang_up()
    settings.service_class = command.argument
    return Reply()


def _line_select(core: ModemCore, command: Command) -> Steps:
    core.needs_voice()
    sources = core.personality.sources
    yield 0
    if command.operation is Operation.RANGE:
        return Reply(tuple(sources.values()))
    if command.operation is Operation.READ:
        return Reply((core.settings.source,))
    if command.argument not in sources:
        raise BadCommandError(command.argument)
    if command.argument in core.personality.off_hook_sources:
        if core.faults.refuses_off_hook:
            core.faults.refuses_off_hook -= 1
            raise BadCommandError(command.argument)
        return (yield from _seize(core, command.argument))
    core.hang_up()
    core.settings.source = command.argument
    yield 0.05
    return Reply()


def _seize(core: ModemCore, source: str) -> Steps:
    if core.repeat_would_drop:
        core.hang_up()
        return Reply()
    yield SEIZE_TIME
    first = core.settings.source not in core.personality.off_hook_sources
    core.settings.source = source
    core.seize()
    if first and (core.personality.reports_own_off_hook or core.faults.own_off_hook_code):
        core.notify("H")
    return Reply()


def _coding(core: ModemCore, command: Command) -> Steps:
    core.needs_voice()
    yield 0
    if command.operation is Operation.RANGE and not core.personality.lists_codings:
        raise BadCommandError(command.name)
    if command.operation is Operation.RANGE:
        return Reply(tuple(mode.listing for mode in core.personality.modes))
    if command.operation is Operation.READ:
        return Reply((f"{core.settings.mode.number},8000,0,0",))
    if not core.settings.choose_mode(command.argument):
        raise BadCommandError(command.argument)
    return Reply()


def _stream(core: ModemCore, command: Command) -> Steps:
    core.needs_voice()
    mode = Mode(command.name)
    refused = mode is Mode.DUPLEX and (core.faults.no_duplex or not core.personality.duplex_ends)
    if refused or command.operation is not Operation.DO or core.settings.source == "0":
        raise BadCommandError(command.name)
    yield core.personality.connect_delay
    return Reply(result="CONNECT", then=lambda: core.start_stream(mode))


def _voice_defaults(core: ModemCore, command: Command) -> Steps:
    core.needs_voice()
    if command.operation is not Operation.DO:
        raise BadCommandError(command.name)
    for name, parameter in core.personality.parameters.items():
        if parameter.voice_only:
            core.settings.values[name] = parameter.default
    yield 0
    return Reply()


def obey_parameter(core: ModemCore, command: Command) -> Steps:
    """Every command without a handler: a parameter to set or to read, a spare basic command, else ERROR."""
    yield 0
    if command.name in SPARE_BASICS:
        return _spare(core, command)
    parameter = core.settings.parameter(command.name)
    if parameter is None:
        raise BadCommandError(command.name)
    match command.operation:
        case Operation.RANGE:
            return Reply(core.settings.prefixed(command.name, (parameter.allowed,)))
        case Operation.READ:
            return Reply(core.settings.prefixed(command.name, (core.settings.values[command.name],)))
        case Operation.SET if parameter.admits(command.argument):
            if parameter.takes_effect:
                core.settings.values[command.name] = command.argument
            return Reply()
    raise BadCommandError(command.name)


def _spare(core: ModemCore, command: Command) -> Reply:
    writes_zero = command.operation is Operation.READ and command.name in core.personality.query_writes_zero
    if command.operation not in (Operation.DO, Operation.SET) and not writes_zero:
        raise BadCommandError(command.name)
    core.settings.basics[command.name] = command.argument or "0"
    return Reply()


COMMANDS: dict[str, Handler] = {
    "A": _answer,
    "D": dial,
    "E": _switch,
    "H": _hook,
    "I": _identify,
    "Q": _switch,
    "S": _register,
    "V": _switch,
    "Z": _reset,
    "&F": _factory,
    "&V": _view,
    "&W": _store,
    "+FCLASS": _service_class,
    "+GCAP": _identify,
    "+GMI": _identify,
    "+GMI9": _identify,
    "+GMM": _identify,
    "+GMR": _identify,
    "+VIP": _voice_defaults,
    "+VLS": _line_select,
    "+VRX": _stream,
    "+VSM": _coding,
    "+VTR": _stream,
    "+VTS": tones,
    "+VTX": _stream,
}
