"""The standard itself, ITU-T V.253: the base of all other profiles."""

from drivers.fxo.codecs import Coding
from drivers.fxo.dle import END_DUPLEX, END_TRANSMIT
from drivers.fxo.profiles.events import STANDARD
from drivers.fxo.profiles.profile import Profile

V253 = Profile(
    name="v253",
    title="any modem that keeps to ITU-T V.253",
    default_codings=((4, Coding.ULAW), (5, Coding.ALAW), (1, Coding.UNSIGNED_8)),
    end_duplex=(END_DUPLEX, END_TRANSMIT),
    events=STANDARD,
)
