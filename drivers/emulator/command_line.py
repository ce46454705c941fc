"""An AT command line taken apart, V.250 clause 5: pure text to commands."""

import re
from dataclasses import dataclass
from enum import Enum


class Operation(Enum):
    """What is asked of a command or parameter."""

    DO = "do"
    SET = "set"
    READ = "read"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Command:
    """`AT+VLS=1` is ("+VLS", SET, "1"); `ATE0` is ("E", SET, "0"); `ATZ` is ("Z", DO, "")."""

    name: str
    operation: Operation
    argument: str = ""


class BadCommandError(Exception):
    """Not a command: the modem answers ERROR and drops the rest of the line."""


_EXTENDED = re.compile(r"([+#\-*][A-Z][A-Z0-9]*)(=\?|\?|=([^;]*))?;?")
_REGISTER = re.compile(r"S(\d+)(\?|=(\d*));?")
_DIAL = re.compile(r"D(.*)")
_BASIC = re.compile(r"([&%\\]?[A-Z])(\d*)(\?)?;?")


def parse(body: str) -> list[Command | BadCommandError]:
    """The commands of a line without its `AT`. A fault ends the list: what stands before it is still obeyed."""
    rest = body.upper().replace(" ", "")
    commands: list[Command | BadCommandError] = []
    while rest:
        found = _next(rest)
        if found is None:
            return [*commands, BadCommandError(rest)]
        command, length = found
        commands.append(command)
        rest = rest[length:]
    return commands


def _next(rest: str) -> tuple[Command, int] | None:
    if match := _EXTENDED.match(rest):
        return Command(match[1], _operation(match[2]), match[3] or ""), match.end()
    if match := _REGISTER.match(rest):
        return Command(f"S{match[1]}", _operation(match[2]), match[3] or ""), match.end()
    if match := _DIAL.match(rest):
        return Command("D", Operation.DO, match[1]), match.end()
    if match := _BASIC.match(rest):
        if match[3]:
            return Command(match[1], Operation.READ), match.end()
        return Command(match[1], Operation.SET if match[2] else Operation.DO, match[2]), match.end()
    return None


def _operation(suffix: str | None) -> Operation:
    if not suffix:
        return Operation.DO
    if suffix == "=?":
        return Operation.RANGE
    return Operation.READ if suffix == "?" else Operation.SET
