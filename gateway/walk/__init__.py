"""A dialplan walked through in virtual time: the engine of real calls on a line that is none."""

from gateway.walk.ignored import IgnoredKey, ignored_keys
from gateway.walk.rehearsal import Rehearsal, rehearse
from gateway.walk.script import AgentScript, LineKind, Script
from gateway.walk.signalling import LineDriver, Signalling
from gateway.walk.timeline import Row, Side, ending, timeline
from gateway.walk.walk import Acting, Moment, Walk, walk, walk_with

__all__ = [
    "Acting",
    "AgentScript",
    "IgnoredKey",
    "LineDriver",
    "LineKind",
    "Moment",
    "Rehearsal",
    "Row",
    "Script",
    "Side",
    "Signalling",
    "Walk",
    "ending",
    "ignored_keys",
    "rehearse",
    "timeline",
    "walk",
    "walk_with",
]
