"""Conexant CX930xx: CX93001 and CX93010 sticks, RD02-D400, StarTech USB56KEMH2, LB-Link, Trendnet, Hiro."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.events import ModemEvent, differing
from drivers.fxo.profiles.v253 import V253

CONEXANT = replace(
    V253,
    name="conexant",
    title="Conexant CX930xx",
    named_by=(r"\bCX93\d", r"\bCX810", r"\bCONEXANT\b"),
    shared_words=(r"^56000$",),
    usb_ids=((0x0572, None),),
    # -STE=6 reports another telephone lifted on this line (DLE P) and clearing by line reversal (DLE l). Bit 0,
    # line in use, is left off: it can only refuse to answer.
    extras=(*V253.extras, "AT-STE=6"),
    caller_id=("AT+VCID=1", "AT-SCID=1"),
    silence_detection_off=("AT+VSD=0,0", "AT+VSD=128,0"),
    default_codings=((131, Coding.ULAW), (132, Coding.ALAW), (1, Coding.UNSIGNED_8)),
    duplex_seen=True,
    events=differing({"h": ModemEvent.LOOP_OR_PHONE_DOWN, "H": ModemEvent.LOOP_OR_PHONE_UP}, without="KiLmt"),
    off_hook_trusted=True,
)
