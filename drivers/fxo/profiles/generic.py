"""A modem that does not say who made it: nothing is taken for granted."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.v253 import V253

GENERIC = replace(
    V253,
    name="generic",
    caller_id=("AT+VCID=1", "AT-SCID=1", "AT#CID=1"),
    # 131 is µ-law with every maker that has it; 1 is unsigned 8-bit in the standard.
    default_codings=((131, Coding.ULAW), (4, Coding.ULAW), (1, Coding.UNSIGNED_8)),
    busy_codes_needed=3,
)
