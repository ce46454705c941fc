"""A dialplan walked through in virtual time: the engine of real calls on a line that is none."""

from gateway.walk.rehearsal import Rehearsal, rehearse
from gateway.walk.script import LineKind, Script
from gateway.walk.timeline import Row, Side, ending, timeline
from gateway.walk.walk import Acting, Moment, Walk, walk, walk_with

__all__ = [
    "Acting",
    "LineKind",
    "Moment",
    "Rehearsal",
    "Row",
    "Script",
    "Side",
    "Walk",
    "ending",
    "rehearse",
    "timeline",
    "walk",
    "walk_with",
]
