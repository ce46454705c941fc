"""The plans of one dialplan's calls, of which most are alike."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gateway.call.plan import Plan
from gateway.dialplan.compile import Call, Said, compile_plan, of_call
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Recording, Segment


class Plans:
    """Compiles the plan of each call. What calls of one day and one agent have in common is put together once: to
    do so for each would cost more than all that its engine decides, and each call would hold a plan of its own."""

    def __init__(self, dialplan: Dialplan, recordings: Mapping[Segment, Recording]) -> None:
        """`recordings` as in compile_plan."""
        self._dialplan, self._recordings = dialplan, recordings
        self._said = Said()
        self._day: date | None = None
        self._known: dict[Call, Plan] = {}
        """By the call without its time and recording; of one day alone: that of the last call."""

    def of(self, call: Call) -> Plan:
        """The plan of a call: as compile_plan gives it."""
        day = call.at.date() if call.at is not None else None
        if day != self._day:
            self._day, self._known = day, {}
        sort = replace(call, at=None, recording=None)
        like = self._known.get(sort)
        if like is not None:
            return of_call(like, self._dialplan, self._recordings, call, self._said)
        made = self._known[sort] = compile_plan(self._dialplan, self._recordings, call, self._said)
        return made
