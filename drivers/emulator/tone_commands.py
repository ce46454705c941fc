"""Commands that put tones on the line: +VTS and ATD."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import TYPE_CHECKING

from drivers.emulator.audio import DTMF_KEYS, RATE, TICK, Samples, dtmf, silence, two_tones
from drivers.emulator.command_line import BadCommandError, Command, Operation
from drivers.emulator.interpreter import Reply, Steps
from drivers.emulator.line_state import LineState

if TYPE_CHECKING:
    from drivers.emulator.core import ModemCore

HANDSHAKE_TIME = 2.0
"""Seconds ATD and ATA listen for a data modem, of which this line has none."""
TONE_PAUSE = 0.1
"""Seconds between two dialled digits."""
LONGEST_TONE = 500
"""Units of 10 ms in +VTS."""
WAIT_REGISTER, PAUSE_REGISTER, ANSWER_REGISTER, TONE_REGISTER = 6, 8, 7, 11
"""S-registers: wait for dial tone, length of a comma, wait for an answer (all s), length of a tone (ms)."""


def data_call(core: ModemCore) -> Steps:
    """Off-hook: listen for a data modem, find none."""
    core.abortable(core.hang_up)
    yield HANDSHAKE_TIME
    core.hang_up()
    return Reply(result="NO CARRIER")


def dial(core: ModemCore, command: Command) -> Steps:
    """ATD: a number as tones. In class 8 OK at the answer, or with `;` at its end right after dialling so that the
    host can listen; in class 0 there is never a carrier."""
    core.seize()
    if core.settings.in_voice:
        core.settings.source = "1"
    core.abortable(core.hang_up)
    yield core.settings.registers[WAIT_REGISTER]
    if core.loses_dial_tone or (core.exchange.state is LineState.SEIZED and not core.exchange.dial_tone):
        core.hang_up()
        return Reply(result=core.personality.no_dial_tone)
    number = yield from _send_number(core, command.argument.lstrip("TP"))
    core.exchange.dial(number)
    if command.argument.endswith(";") and core.settings.in_voice:
        core.abortable(None)
        return Reply()
    if core.exchange.pbx is None and not core.settings.in_voice:
        return (yield from data_call(core))
    return (yield from _wait_for_answer(core))


def _send_number(core: ModemCore, text: str) -> Generator[float, None, str]:
    number = ""
    length = core.settings.registers[TONE_REGISTER] / 1000
    for character in text:
        if character == ",":
            yield core.settings.registers[PAUSE_REGISTER]
        elif character in DTMF_KEYS:
            number += character
            core.play_tones(dtmf(character, length), character)
            core.play_tones(silence(round(TONE_PAUSE * RATE)))
            yield length + TONE_PAUSE
    return number


def _wait_for_answer(core: ModemCore) -> Steps:
    waited, limit = 0.0, core.settings.registers[ANSWER_REGISTER]
    while core.exchange.state is not LineState.CONNECTED:
        refused = core.exchange.refused
        if refused or waited >= limit:
            core.hang_up()
            return Reply(result="BUSY" if refused else "NO ANSWER")
        yield TICK
        waited += TICK
    if core.settings.in_voice:
        core.abortable(None)
        return Reply()
    return (yield from data_call(core))


def tones(core: ModemCore, command: Command) -> Steps:
    core.needs_voice()
    if command.operation is Operation.RANGE:
        low, high = core.personality.tone_range
        return Reply((f"({low}-{high}),({low}-{high}),(0-{LONGEST_TONE})",))
    if command.operation is not Operation.SET or core.settings.source == "0":
        raise BadCommandError(command.name)
    single = len(command.argument) == 1
    if single and not core.personality.single_digit_tone_answers:
        return Reply(answered=False)
    sounds = [_tone(core, element) for element in re.findall(r"\{[^}]*\}|\[[^]]*\]|[^,]", command.argument)]
    for digit, sound in sounds:
        core.play_tones(sound, digit)
    yield sum(len(sound) for _, sound in sounds) / RATE
    return Reply()


def _tone(core: ModemCore, element: str) -> tuple[str | None, Samples]:
    """One element of +VTS: `5`, `{5,20}` or `[933,933,120]`; durations in 10 ms. Its key, if any, and sound."""
    usual = int(core.settings.values["+VTD"])
    parts = element.strip("{}[]").split(",")
    durations = parts[2:] if element[0] == "[" else parts[1:]
    if len(parts) > 3 or not all(part.isdecimal() and int(part) <= LONGEST_TONE for part in durations):
        raise BadCommandError(element)
    if element[0] != "[":
        if parts[0] not in DTMF_KEYS or len(parts) > 2:
            raise BadCommandError(element)
        core.exchange.digits += parts[0]
        return parts[0], dtmf(parts[0], int(parts[1] if len(parts) > 1 else usual) / 100)
    low, high = core.personality.tone_range
    frequencies = [int(part) if part.isdecimal() else -1 for part in (*parts[:2], "0")[:2]]
    allowed = (f for f in frequencies if low <= f <= high or (f == 0 and core.personality.zero_tone_allowed))
    if len(list(allowed)) != 2:
        raise BadCommandError(element)
    return None, two_tones(frequencies[0], frequencies[1], int(parts[2] if len(parts) > 2 else usual) / 100)
