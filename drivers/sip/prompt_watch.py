"""When the other end begins and stops to speak, by level alone: enough for a caller that waits its turn. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SPOKEN_OVER: Final = 10 ** (-45 / 20) * 32768
"""RMS of a frame that holds speech: -45 dBFS, far over a clean prompt's pauses."""
PAUSE: Final = 0.8
"""Seconds of quiet that end a prompt; between two words it is less than half of that."""


class PromptWatch:
    """Counts the prompts heard."""

    def __init__(self) -> None:
        self.prompts = 0
        self.speaking = False
        self.quiet_since = 0.0
        """When the last sound ended; meaningful while not speaking."""
        self._last_sound = 0.0

    def hear(self, samples: NDArray[np.int16], now: float) -> str | None:
        """`prompt_started`, `prompt_ended` or nothing, after a frame that was received at `now` (seconds)."""
        level = float(np.sqrt(np.mean(np.square(samples.astype(np.float64))))) if len(samples) else 0.0
        if level > SPOKEN_OVER:
            self._last_sound = now
            if not self.speaking:
                self.speaking = True
                self.prompts += 1
                return "prompt_started"
        elif self.speaking and now - self._last_sound >= PAUSE:
            self.speaking = False
            self.quiet_since = self._last_sound
            return "prompt_ended"
        return None
