"""Cirrus Logic CL-MD56xx behind a serial bridge. Its ids 0 and 1 are 8 and 16 bits, not signed and unsigned."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.v253 import V253

CIRRUS = replace(
    V253,
    name="cirrus",
    title="Cirrus Logic CL-MD56xx",
    named_by=(r"\bCL-?MD\d\d",),
    told_by=(),  # +GMI and its like give ERROR
    default_codings=((128, Coding.UNSIGNED_8), (0, Coding.UNSIGNED_8)),
    coding_order=(Coding.ULAW, Coding.ALAW, Coding.UNSIGNED_8, Coding.SIGNED_8, Coding.LINEAR_16),
    coding_forms=V253.coding_forms[:1],
)
