"""Conexant CX930xx: CX93001, RD02-D400, StarTech USB56KEMH2, Zoom 3095, Hiro and the like."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.v253 import V253

CONEXANT = replace(
    V253,
    name="conexant",
    identified_by=("CX93", "CONEXANT", "CX810"),
    caller_id=("AT+VCID=1", "AT-SCID=1"),
    silence_detection_off=("AT+VSD=0,0", "AT+VSD=128,0"),
    default_codings=((131, Coding.ULAW), (132, Coding.ALAW), (1, Coding.UNSIGNED_8)),
    off_hook_trusted=True,
)
