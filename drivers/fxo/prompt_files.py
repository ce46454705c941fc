"""A prompt's recordings from disk, without holding the event loop up."""

import asyncio
import logging

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.wav import WavError, read_wav

logger = logging.getLogger(__name__)


async def read_prompt(recordings: tuple[str, ...]) -> NDArray[np.int16] | None:
    """The recordings back to back, 8000 Hz; None, and a line in the log, where one cannot be played."""
    try:
        pieces = [await asyncio.to_thread(read_wav, path) for path in recordings]
    except (WavError, OSError) as exc:
        logger.error("cannot play: %s", exc)
        return None
    return np.concatenate(pieces) if pieces else None
