"""The certificate that HTTPS is spoken with; a renewed one is taken without a new start."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import Final

from gateway.config.certificates import CertificateWrong, load_pair
from gateway.wallboard.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 60.0
"""Seconds; certificates are renewed every two months, and weeks before they end."""


class Certificate:
    """A certificate and its key, from their files."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises CertificateWrong."""
        self._files = certificate, key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._read = self._state()
        self._load()
        self.problem: str | None = None
        """Why the files as they are now are not taken; None: they are."""

    @classmethod
    def of(cls, settings: Settings) -> "Certificate | None":
        """What the settings ask for; None: HTTP. Raises CertificateWrong."""
        if settings.certificate_file is None or settings.key_file is None:
            return None
        return cls(Path(settings.certificate_file), Path(settings.key_file))

    async def keep(self, every: float = LOOK_EVERY) -> None:
        """Look every so many seconds whether the files are others now, until cancelled. Those that do not fit, as
        when one of the two has been written yet, are looked at again."""
        while True:
            await asyncio.sleep(every)
            state = self._state()
            if state == self._read:
                continue
            try:
                self._load()
            except CertificateWrong as wrong:
                self.problem = f"[wallboard] {wrong.key} {wrong}; the one before goes on"
                log.warning("%s", self.problem)
            else:
                self._read, self.problem = state, None
                log.info("the certificate was renewed")

    def _state(self) -> tuple[float, ...]:
        try:
            return tuple(file.stat().st_mtime for file in self._files)
        except OSError:
            return ()

    def _load(self) -> None:
        # First where it can spoil nothing.
        for context in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), self.context):
            load_pair(context, *self._files)
