"""What a customer, and the agent beside the call, will do: the lines that a dialplan can be walked on."""

from dataclasses import dataclass
from enum import StrEnum

from drivers.line import Verdict


class LineKind(StrEnum):
    """What the gateway will find on the line."""

    SILENT = "silent"
    """Nobody says anything."""
    NOISY = "noisy"
    """Nothing can be understood."""
    TALKING = "talking"
    """A customer tells his case, answers, and has no further question."""
    LOUD = "loud"
    """As TALKING, too loud from the first word to the last."""
    FAINT = "faint"
    """As TALKING, too faint from the first word to the last."""
    WAITING = "waiting"
    """As TALKING, and the agent lets him wait."""
    ON_HOLD = "on-hold"
    """As TALKING, and he puts us on hold once he has told his case."""


WAIT = 50.0
"""Seconds the customer of WAITING waits: long enough for three reassurances (JH-8) and the thanks (JH-9)."""
HOLD = 60.0
"""Seconds the customer of ON_HOLD is away: longer than any wait for a customer who says nothing."""

_VOICES = {
    LineKind.SILENT: Verdict.SILENT,
    LineKind.NOISY: Verdict.NOISY,
    LineKind.LOUD: Verdict.LOUD,
    LineKind.FAINT: Verdict.FAINT,
}


TALKS = 30.0
"""Seconds an agent who has answered talks with the customer, then hangs up."""


@dataclass(frozen=True, slots=True)
class AgentScript:
    """The agent whose telephone is rung when the line is answered. All durations are seconds."""

    number: str
    answers: float
    """From off-hook until he comes to it; the customer may wait for him until then."""
    talks: float = TALKS


@dataclass(frozen=True, slots=True)
class Script:
    """What happens on the customer's side of one call. All durations are seconds."""

    voice: Verdict
    """How he is heard whenever he speaks; SILENT and NOISY: he never does."""
    keys: tuple[str, ...] = ()
    """What he presses at the menu and at each question, in turn; an empty one, or none: he speaks."""
    wait: float | None = None
    """How long the agent lets him wait once he has told his case; None: not at all."""
    phrases: tuple[str, ...] = ()
    """Keys of what the agent has said to him then, before any wait."""
    hold: float | None = None
    """How long he puts us on hold then; None: not at all."""
    stays: bool = False
    """He does not hang up after the farewell."""
    agent: AgentScript | None = None
    """None: the line does everything by itself."""

    @classmethod
    def of(
        cls,
        line: LineKind,
        *,
        keys: tuple[str, ...] = (),
        wait: float | None = None,
        phrases: tuple[str, ...] = (),
        stays: bool = False,
        agent: AgentScript | None = None,
    ) -> "Script":
        """The script of a line; `wait` None: as is usual on it."""
        return cls(
            voice=_VOICES.get(line, Verdict.SPEECH),
            keys=keys,
            wait=WAIT if wait is None and line is LineKind.WAITING else wait,
            phrases=phrases,
            hold=HOLD if line is LineKind.ON_HOLD else None,
            stays=stays,
            agent=agent,
        )

    @property
    def speaks(self) -> bool:
        """Whether he says anything."""
        return self.voice not in (Verdict.SILENT, Verdict.NOISY)
