"""Dialplans: TOML a supervisor can read, compiled to a frozen Plan."""

from gateway.dialplan.compile import Call, compile_plan
from gateway.dialplan.load import check_override, load_dialplan, load_for
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, Recording, Segment, phrases_of

__all__ = [
    "Call",
    "Dialplan",
    "Phrase",
    "Recording",
    "Segment",
    "check_override",
    "compile_plan",
    "load_dialplan",
    "load_for",
    "phrases_of",
]
