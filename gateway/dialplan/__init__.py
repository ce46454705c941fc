"""Dialplans: TOML a supervisor can read, compiled to a frozen Plan."""

from gateway.dialplan.compile import compile_plan
from gateway.dialplan.load import check_override, load_dialplan
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, Recording, Segment, phrases_of

__all__ = [
    "Dialplan",
    "Phrase",
    "Recording",
    "Segment",
    "check_override",
    "compile_plan",
    "load_dialplan",
    "phrases_of",
]
