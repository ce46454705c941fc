"""Where a call stands, and what came of its latest input."""

from drivers.line import LineCommand
from gateway.call.facts import CallFact, StateEntered
from gateway.call.states import CallState
from gateway.call.transitions import Trigger, follow

Effect = LineCommand | CallFact
Effects = tuple[Effect, ...]


class Course:
    """The state, changed by the table alone, and the effects since they were last taken."""

    def __init__(self, state: CallState = CallState.RINGING) -> None:
        self._effects: list[Effect] = []
        self.state = state

    def enter(self, trigger: Trigger) -> None:
        """Follow the table. Raises IllegalTransition where it has no way."""
        self.state = follow(self.state, trigger)
        self.emit(StateEntered(self.state))

    def emit(self, *effects: Effect | None) -> None:
        """Note effects in order; None is nothing."""
        self._effects.extend(effect for effect in effects if effect is not None)

    def taken(self) -> Effects:
        """The effects so far, once."""
        effects, self._effects = tuple(self._effects), []
        return effects
