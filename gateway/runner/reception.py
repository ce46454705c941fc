"""Who greets a new call: takes the agents in turn and compiles the call's plan."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from gateway.call.facts import Notice, Offered, Released
from gateway.call.plan import Plan
from gateway.dialplan import Call

Compile = Callable[[Call], Plan]


class Reception:
    """The agent who has not greeted for the longest is next, of those without a call if there are any: who has two
    can be asked for nothing by his number. With no desk attached he greets, nothing more.

    Listens to all facts, as the load decides on the greeting: more customers than agents is an overflow (JH-5).
    """

    def __init__(
        self,
        agents: tuple[str, ...],
        compile_plan: Compile,
        recordings: Path,
        *,
        trainees: Collection[str] = (),
        on_ring: int | None = None,
        overflows: bool = True,
    ) -> None:
        """`overflows` is False where nobody said how many agents there are."""
        if not agents:
            raise ValueError("a reception needs at least one agent's number")
        self._waiting = list(agents)
        self._compile = compile_plan
        self._recordings = recordings
        self._trainees = frozenset(trainees)
        self._on_ring = on_ring
        self._overflows = overflows
        self._up: dict[str, str] = {}
        """Who greeted each call."""

    def receive(self, notice: Notice) -> None:
        """Keeps count of the calls that are up."""
        if notice.call is None:
            return
        if isinstance(notice.fact, Offered):
            self._up[notice.call] = notice.fact.agent
        elif isinstance(notice.fact, Released):
            self._up.pop(notice.call, None)

    def receive_call(self, line: str, at: datetime) -> tuple[str, Plan]:
        """A new call's id (sorts by time; unique over all gateways of a site) and its plan. `at` is in the site's
        zone: its date decides on holiday and weekend."""
        agent = self._next_agent()
        name = f"{at:%Y%m%d-%H%M%S}-{line}-{secrets.token_hex(3)}"
        call = Call(
            agent,
            trainee=agent in self._trainees,
            overflow=self._overflows and len(self._up) >= len(self._waiting),
            at=at,
            on_ring=self._on_ring,
            recording=str(self._recordings / f"{at:%Y-%m-%d}" / f"{name}.wav"),
        )
        return name, self._compile(call)

    def _next_agent(self) -> str:
        engaged = set(self._up.values())
        agent = next((agent for agent in self._waiting if agent not in engaged), self._waiting[0])
        self._waiting.remove(agent)
        self._waiting.append(agent)
        return agent
