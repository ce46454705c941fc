"""Who greets a new call: takes the agents in turn and compiles the call's plan."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gateway.call.plan import Plan

Compile = Callable[[str, str], Plan]
"""(agent's number, recording's path) → the plan of one call."""


class Reception:
    """The agent who has not greeted for the longest is next; with no desk attached he greets, nothing more."""

    def __init__(self, agents: tuple[str, ...], compile_plan: Compile, recordings: Path) -> None:
        if not agents:
            raise ValueError("a reception needs at least one agent's number")
        self._waiting = list(agents)
        self._compile = compile_plan
        self._recordings = recordings

    def receive_call(self, line: str, at: datetime) -> tuple[str, Plan]:
        """A new call's id (sorts by time; unique over all gateways of a site) and its plan."""
        agent = self._waiting.pop(0)
        self._waiting.append(agent)
        call = f"{at:%Y%m%d-%H%M%S}-{line}-{secrets.token_hex(3)}"
        return call, self._compile(agent, str(self._recordings / f"{at:%Y-%m-%d}" / f"{call}.wav"))
