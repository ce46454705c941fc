"""The standard itself, ITU-T V.253: the base of all other profiles."""

from drivers.fxo.codecs import Coding
from drivers.fxo.dle import END_DUPLEX, END_TRANSMIT
from drivers.fxo.profiles.profile import Profile

V253 = Profile(
    name="v253",
    identified_by=(),
    caller_id=("AT+VCID=1", "AT#CID=1"),
    silence_detection_off=("AT+VSD=128,0", "AT+VSD=0,0"),
    extras=("AT&D2", "ATS0=0", "ATM0"),
    default_codings=((4, Coding.ULAW), (5, Coding.ALAW), (1, Coding.UNSIGNED_8)),
    end_duplex=(END_DUPLEX, END_TRANSMIT),
    frames_digits=False,
    busy_codes_needed=2,
    off_hook_trusted=False,
    false_codes_while_playing=False,
)
