"""US Robotics USR5637 and its relatives."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.dle import END_DUPLEX, END_TRANSMIT
from drivers.fxo.profiles.v253 import V253

USR5637 = replace(
    V253,
    name="usr5637",
    identified_by=("U.S. ROBOTICS", "US ROBOTICS", "USR56", "5601", "NPA1F01"),
    caller_id=("AT+VCID=1",),
    default_codings=((131, Coding.ULAW), (130, Coding.ALAW), (128, Coding.UNSIGNED_8)),
    end_duplex=(END_TRANSMIT, END_DUPLEX),
    # Firmware reports false b, d and digits while it plays and records.
    frames_digits=True,
    busy_codes_needed=3,
    false_codes_while_playing=True,
)
