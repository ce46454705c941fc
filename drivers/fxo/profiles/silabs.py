"""Silicon Laboratories Si24xx: a bare chip on a serial line, in no-name modems. Its 131 is ADPCM."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.v253 import V253

SILABS = replace(
    V253,
    name="silabs",
    title="Silicon Laboratories Si24xx",
    named_by=(r"\bSI24\d\d", r"\bSILICON LAB"),
    asked_further=(("ATI6", r"^(SI)?24\d\d\b"),),
    told_by=("ATI1", "ATI6", "AT+GMI", "AT+GMM"),
    # +VCDT=1: its FSK receiver is on before the first ring too.
    extras=(*V253.extras, "AT+VCDT=1"),
    caller_id=("AT+VCID=1",),
    coding_order=(Coding.ULAW, Coding.ALAW, Coding.UNSIGNED_8, Coding.SIGNED_8, Coding.LINEAR_16),
)
