"""Zoom 3095: a Conexant chip that says no more of itself than `56000`; its USB id tells."""

from dataclasses import replace

from drivers.fxo.profiles.conexant import CONEXANT
from drivers.fxo.profiles.profile import Delays

ZOOM3095 = replace(
    CONEXANT,
    name="zoom3095",
    title="Zoom 3095",
    named_by=(r"\bZOOM\b",),
    # The chip's own words, which a modem that is sold as a Conexant says too.
    shared_words=(*CONEXANT.shared_words, *CONEXANT.named_by),
    usb_ids=((0x0803, None),),
    delays=Delays(dtr_low=2.0),  # a Zoom 2949L took nothing shorter for a hang-up (mgetty)
)
