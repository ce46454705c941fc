"""A call's recording: what the far end says, on the call's own time."""

import logging

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.codecs import RATE
from drivers.hearing.wav import WavWriter

logger = logging.getLogger(__name__)

DRIFT = 0.1
"""Seconds by which a recording may be behind before silence is put in: the modem's own clock, a late read."""


class Recording:
    """At most one file at a time; a disk that refuses is logged, the call goes on. Times in the loop's seconds."""

    def __init__(self) -> None:
        self._writer: WavWriter | None = None
        self._began = 0.0
        self._written = 0

    def begin(self, path: str, now: float) -> None:
        """Record from now on to `path`."""
        self.close(now)
        try:
            self._writer = WavWriter(path)
        except OSError as exc:
            logger.error("cannot record to %s: %s", path, exc)
        self._began, self._written = now, 0

    def write(self, samples: NDArray[np.int16]) -> None:
        """What was heard."""
        if self._writer is None:
            return
        try:
            self._writer.write(samples)
            self._written += len(samples)
        except OSError as exc:
            logger.error("recording stopped: %s", exc)
            self._finish()

    def catch_up(self, now: float) -> None:
        """Silence for the time in which nothing could be heard, a half-duplex modem's prompts above all."""
        missing = round((now - self._began) * RATE) - self._written
        if missing > DRIFT * RATE:
            self.write(np.zeros(missing, dtype=np.int16))

    def close(self, now: float) -> None:
        """End the recording now."""
        self.catch_up(now)
        self._finish()

    def _finish(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except OSError as exc:
                logger.error("recording not finished: %s", exc)
