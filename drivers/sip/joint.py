"""Where one leg is joined with another: paths opened and closed on the owner thread while the media clock runs."""

import logging
from typing import Final

from drivers.bridge.path import AudioPath
from drivers.sip.mouth import Mouth

_log = logging.getLogger(__name__)

_GRACE: Final = 0.1
"""Seconds after which the media clock, which ticks every 20 ms, has surely let go of a path that it may have been
reading: the number of a socket that is closed meanwhile may be another socket's by the time it is read."""


class Joint:
    """One leg's paths: at most one in use, others about to be closed."""

    def __init__(self, mouth: Mouth) -> None:
        self._mouth = mouth
        self._path: AudioPath | None = None
        self._parted: list[tuple[float, AudioPath]] = []

    @property
    def joined(self) -> bool:
        """Whether a path is in use."""
        return self._path is not None

    def join(self, socket: str, peer: str, now: float) -> None:
        """Join with the leg at `peer`, in place of any other. A socket that cannot be made is logged: the far end
        then hears its prompts alone."""
        self.part(now)
        try:
            self._path = AudioPath(socket, peer)
        except OSError as error:
            _log.error("the leg cannot be joined at %s: %s; it hears nothing of the other", socket, error)
        self._mouth.path = self._path

    def part(self, now: float) -> None:
        """End it; nothing happens if there is none."""
        path, self._path, self._mouth.path = self._path, None, None
        if path is not None:
            self._parted.append((now, path))

    def tick(self, now: float) -> None:
        """Close what nobody reads any more."""
        while self._parted and now - self._parted[0][0] >= _GRACE:
            self._parted.pop(0)[1].close()

    def close(self) -> None:
        """The leg has gone, and nothing asks its mouth any more."""
        self._mouth.path = None
        for path in (self._path, *(path for _, path in self._parted)):
            if path is not None:
                path.close()
        self._path = None
        self._parted.clear()
