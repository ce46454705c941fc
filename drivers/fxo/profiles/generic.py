"""A modem that does not say who made it: nothing is taken for granted."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.v253 import V253

GENERIC = replace(
    V253,
    name="generic",
    title="a voice modem of unknown make",
    caller_id=("AT+VCID=1", "AT-SCID=1", "AT#CID=1"),
    # The standard's own numbers first: 131 is µ-law with Conexant, US Robotics and MultiTech, ADPCM with Silicon
    # Laboratories, who have 4 too.
    default_codings=((4, Coding.ULAW), (131, Coding.ULAW), (1, Coding.UNSIGNED_8)),
    coding_order=(Coding.ULAW, Coding.ALAW, Coding.UNSIGNED_8, Coding.SIGNED_8, Coding.LINEAR_16),
    busy_codes_needed=3,
    handset_codes_needed=2,
)
