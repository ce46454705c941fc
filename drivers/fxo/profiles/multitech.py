"""MultiTech MT9234, MT5634, MT5600: Lucent's command set, codings numbered as US Robotics does."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.events import ModemEvent, differing
from drivers.fxo.profiles.v253 import V253

MULTITECH = replace(
    V253,
    name="multitech",
    title="MultiTech MT9234, MT5634",
    named_by=(r"\bMT(56|92)\d\d", r"\bMULTI-?TECH\b", r"^LT V\.9"),
    usb_ids=((0x06E0, 0xF114), (0x06E0, 0xF115), (0x06E0, 0x0319)),
    told_by=("AT+GMI", "AT+GMM", "ATI1", "ATI2"),
    caller_id=("AT+VCID=1", "AT#CID=1"),
    default_codings=((131, Coding.ULAW), (130, Coding.ALAW), (128, Coding.UNSIGNED_8)),
    coding_order=(Coding.ULAW, Coding.ALAW, Coding.UNSIGNED_8, Coding.SIGNED_8, Coding.LINEAR_16),
    coding_forms=V253.coding_forms[:1],
    # mgetty reads Lucent's K, reorder, as busy.
    events=differing({"K": ModemEvent.BUSY}),
)
