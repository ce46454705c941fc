"""What one call was told and did, for those who check it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.call.engine import Effect
from gateway.call.plan import Plan
from gateway.call.states import CallState


@dataclass(slots=True)
class Done:
    """One call. Times are seconds since it was offered."""

    plan: Plan
    state: CallState = CallState.RINGING
    effects: list[tuple[float, Effect]] = field(default_factory=list)
    taken: list[object] = field(default_factory=list)
    """What its engine was told: facts of the leg, news of the desk, requests."""
    rung: list[tuple[float, int]] = field(default_factory=list)
    """When each ring was heard, and its number."""
    phrases: list[str] = field(default_factory=list)
    """Keys of the phrases that were asked for and not refused."""
    others: dict[tuple[str, ...], str] = field(default_factory=dict)
    """As `sayings`, of agents who did not greet."""

    @property
    def sayings(self) -> Mapping[tuple[str, ...], str]:
        """The key of each phrase that can be asked for, by its recordings."""
        return {prompt.recordings: key for key, prompt in self.plan.phrases.items()} | self.others

    def of(self, *kinds: type[Effect]) -> list[Effect]:
        """Its effects of these kinds, in order."""
        return [effect for _, effect in self.effects if isinstance(effect, kinds)]

    def timed(self, *kinds: type[Effect]) -> list[tuple[float, Effect]]:
        """The same, each with its time."""
        return [entry for entry in self.effects if isinstance(entry[1], kinds)]
