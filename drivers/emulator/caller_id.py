"""How a modem prints a caller ID: formatted lines, or the raw message as it came over the line."""

from datetime import datetime

from drivers.emulator.exchange import CallerIdSent
from drivers.emulator.personalities import Personality

ABSENT = {"private": "P", "unavailable": "O"}
MDMF = 0x80
DATE, NUMBER, NO_NUMBER, NAME = 0x01, 0x02, 0x04, 0x07
RAW_LINE = 40
"""Characters after which the raw form is wrapped."""


def formatted(personality: Personality, sent: CallerIdSent, at: datetime) -> list[str]:
    """DATE, TIME, NMBR and, where there is one, NAME."""
    fields = [("DATE", f"{at:%m%d}"), ("TIME", f"{at:%H%M}"), ("NMBR", _number(sent))]
    if sent.name:
        fields.append(("NAME", sent.name[:15]))
    lines = [personality.caller_id_format.format(tag=tag, value=value) for tag, value in fields]
    return [*personality.caller_id_lead, *lines]


def raw(sent: CallerIdSent, at: datetime) -> list[str]:
    """The MDMF message in hexadecimal, its checksum last, wrapped."""
    fields = _field(DATE, f"{at:%m%d%H%M}")
    fields += _field(NUMBER, sent.number) if sent.number and _shown(sent) else _field(NO_NUMBER, _number(sent))
    if sent.name:
        fields += _field(NAME, sent.name[:15])
    message = bytes((MDMF, len(fields))) + fields
    text = (message + bytes((-sum(message) & 0xFF,))).hex().upper()
    return [text[at : at + RAW_LINE] for at in range(0, len(text), RAW_LINE)]


def _shown(sent: CallerIdSent) -> bool:
    return sent.presentation == "allowed"


def _number(sent: CallerIdSent) -> str:
    return sent.number if sent.number and _shown(sent) else ABSENT.get(sent.presentation, "O")


def _field(tag: int, text: str) -> bytes:
    data = text.encode("ascii", "replace")
    return bytes((tag, len(data))) + data
