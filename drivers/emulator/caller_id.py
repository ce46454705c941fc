"""How a modem prints a caller ID: formatted lines, or the raw message as it came over the line."""

from datetime import datetime

from drivers.emulator.personalities import Personality
from drivers.emulator.signals import CallerIdSent

ABSENT = {"private": "P", "unavailable": "O"}
SDMF, MDMF = 0x04, 0x80
DATE, NUMBER, DIALLED, NO_NUMBER, NAME, NO_NAME = 0x01, 0x02, 0x03, 0x04, 0x07, 0x08
NAME_LENGTH = 15
"""Characters of a name that the message has room for."""
LAYOUTS = {"spaced": "{tag} = {value}", "tight": "{tag}={value}"}


def spelt(personality: Personality, form: str, sent: CallerIdSent, at: datetime) -> list[str]:
    """The lines of one of CALLER_ID_FORMS; the family's own for an empty `form`."""
    if form[:4] in ("mdmf", "sdmf"):
        message = _mdmf(sent, at) if form.startswith("mdmf") else _sdmf(sent, at)
        text = (message + bytes((-sum(message) & 0xFF,))).hex().upper()
        wrap = -(-len(text) // 2) if form.endswith("-2") else len(text)
        return [text[at : at + wrap] for at in range(0, len(text), wrap)]
    layout = LAYOUTS.get(form, personality.caller_id_format)
    lines = [layout.format(tag=tag, value=value) for tag, value in _fields(form, sent, at)]
    return [*personality.caller_id_lead, *lines]


def _fields(form: str, sent: CallerIdSent, at: datetime) -> list[tuple[str, str]]:
    """What is told, in which order; a name only where there is one."""
    when = [("DATE", f"{at:%m%d}"), ("TIME", f"{at:%H%M}")]
    number = [("NMBR", _number(sent))]
    name = [("NAME", sent.name[:NAME_LENGTH])] if sent.name else []
    match form:
        case "name-first":
            return [*when, *name, *number]
        case "number-only":  # all that the DTMF kind of caller ID carries
            return number
        case "no-date":
            return [*number, *name]
        case "mesg":  # the number under a tag that the part does not know, as in Canada
            return [*when, ("MESG", _field(DIALLED, _number(sent)).hex().upper()), *name]
        case "ddn":
            return [*when, ("DDN_NMBR", _number(sent)), *name]
    return [*when, *number, *name]


def _mdmf(sent: CallerIdSent, at: datetime) -> bytes:
    fields = _field(DATE, f"{at:%m%d%H%M}") + _field(NUMBER if _shown(sent) else NO_NUMBER, _number(sent))
    if sent.name:
        fields += _field(NAME, sent.name[:NAME_LENGTH])
    elif not _shown(sent):
        fields += _field(NO_NAME, _number(sent))
    return bytes((MDMF, len(fields))) + fields


def _sdmf(sent: CallerIdSent, at: datetime) -> bytes:
    return _field(SDMF, f"{at:%m%d%H%M}{_number(sent)}")


def _shown(sent: CallerIdSent) -> bool:
    return bool(sent.number) and sent.presentation == "allowed"


def _number(sent: CallerIdSent) -> str:
    return sent.number if sent.number and _shown(sent) else ABSENT.get(sent.presentation, "O")


def _field(tag: int, text: str) -> bytes:
    data = text.encode("ascii", "replace")
    return bytes((tag, len(data))) + data
