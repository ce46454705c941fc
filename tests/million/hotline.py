"""A shipped dialplan with recordings that nobody made, compiled for each call as a gateway does."""

from functools import cache

from gateway.call.plan import Plan
from gateway.dialplan import Call, Recording
from gateway.dialplan.phrases import Segment, segments_of
from gateway.dialplan.plans import Plans
from gateway.records.rules import Rules
from tests.scenarios.hotlines import shipped, spoken

HOTLINES = ("jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount")


class Hotline:
    """One of HOTLINES."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._dialplan = shipped(name)
        self._recordings: dict[Segment, Recording] = {one: spoken(one) for one in segments_of(self._dialplan)}
        self.lengths = {recording.path: recording.duration for recording in self._recordings.values()}
        self._plans = Plans(self._dialplan, self._recordings)
        plan = self.compile(Call("801"))
        self.rules = {name: Rules.of(plan)}
        self.phrases = tuple(plan.phrases)

    def compile(self, call: Call) -> Plan:
        """The plan of a call."""
        return self._plans.of(call)


@cache
def hotline(name: str) -> Hotline:
    """The hotline of this name, read once."""
    return Hotline(name)
