"""What the far end of a line can be asked to do, whoever it is: an emulated one, a second modem, a person."""

import abc
from enum import StrEnum

import numpy as np
import pytest
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""8000 Hz, mono."""


class Ability(StrEnum):
    """What not every far end can do; the value completes "cannot …"."""

    TELL_RINGS = "tell when each burst rang"
    TELL_OFF_HOOK = "tell when the line was answered"
    SOUND = "send a tone of known level"
    MEASURE = "record what it hears"


class Means(StrEnum):
    """What the line does once the far end has hung up."""

    BUSY = "busy"
    CONGESTION = "congestion"
    DIAL = "dial"
    HOWLER = "howler"
    LOOP_DROP = "loop_drop"
    SILENCE = "silence"
    OWN = "own"
    """Whatever this exchange does by itself."""


class FarEnd(abc.ABC):
    """Who calls the modem. Times are seconds of time.monotonic(); one call at a time."""

    number: str | None
    """The number it calls from, as the exchange should show it; None where that is not known."""

    @abc.abstractmethod
    def cannot(self, wanted: Ability | Means) -> str | None:
        """Why it cannot do `wanted`, in words for the report; None if it can."""

    @abc.abstractmethod
    async def ring(self) -> float:
        """Call the modem; when ringing began, as nearly as it is known."""

    @abc.abstractmethod
    async def off_hook_at(self) -> float:
        """Wait for the answer; when the line was answered. Needs TELL_OFF_HOOK."""

    @abc.abstractmethod
    def bursts(self) -> list[tuple[float, float]]:
        """Begin and end of every burst rung in this call. Needs TELL_RINGS."""

    @abc.abstractmethod
    async def send(self, sound: Samples) -> None:
        """Send `sound` into the answered call, and return when it is out; one without SOUND speaks instead."""

    @abc.abstractmethod
    async def press(self, keys: str) -> None:
        """Press `keys`, one after the other, and return when the last one is released."""

    @abc.abstractmethod
    async def listen(self, seconds: float) -> Samples:
        """What it hears in the `seconds` from now on. Needs MEASURE."""

    @abc.abstractmethod
    async def judge(self, question: str) -> bool:
        """Ask one without MEASURE what it heard: a question with yes or no for an answer."""

    @abc.abstractmethod
    async def hang_up(self, means: Means = Means.OWN) -> float:
        """End the call; when that was."""

    @abc.abstractmethod
    async def free(self) -> None:
        """Return when another call may be made; ends what is left of the last one."""


def need(far_end: FarEnd, *wanted: Ability | Means) -> None:
    """Skip the test, with the reason, unless `far_end` can do all of `wanted`."""
    for one in wanted:
        reason = far_end.cannot(one)
        if reason:
            pytest.skip(reason)
