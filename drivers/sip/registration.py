"""When a line with a registrar is in service, and when REGISTER is tried again. Pure: `now` comes in."""

from typing import Final

from drivers.line import FaultCode, LineEvent, LineFault, LineRestored
from drivers.sip.identity import clean
from drivers.sip.signals import Registration
from drivers.sip.worker_log import redact

ANSWER_LIMIT: Final = 5.0
"""Seconds without an answer after which the line is reported faulty. pjsip waits 32 s (timer F)."""
RETRY: Final = (2.0, 5.0, 10.0, 30.0)
"""Seconds before each further try; the last one repeats. Gentle with a PBX that bans after failed logins."""


class RegistrationWatch:
    """One account's registration, from the first REGISTER on."""

    def __init__(self, registrar: str, now: float) -> None:
        self._registrar = registrar
        self._answer_by: float | None = now + ANSWER_LIMIT
        self._retry_at: float | None = None
        self._failures = 0
        self._in_service: bool | None = None

    def receive(self, answer: Registration, now: float) -> list[LineEvent]:
        """Take the registrar's answer."""
        self._answer_by = None
        if answer.active and answer.code // 100 == 2:
            self._retry_at, self._failures = None, 0
            was, self._in_service = self._in_service, True
            return [] if was else [LineRestored()]
        self._retry_at = now + RETRY[min(self._failures, len(RETRY) - 1)]
        self._failures += 1
        words = redact(clean(answer.reason))
        return self._fail(f"SIP {answer.code} {words}" if answer.code else words or "no connection")

    def overdue(self, now: float) -> list[LineEvent]:
        """What to report because no answer has come in time."""
        if self._answer_by is None or now < self._answer_by:
            return []
        self._answer_by = None
        return self._fail(f"no answer within {ANSWER_LIMIT:g} s")

    def retries(self, now: float) -> bool:
        """Whether REGISTER is to be sent now; says so once for each try."""
        if self._retry_at is None or now < self._retry_at:
            return False
        self._retry_at = None
        return True

    def _fail(self, why: str) -> list[LineEvent]:
        was, self._in_service = self._in_service, False
        if was is False:
            return []
        detail = f"{self._registrar}: {why}; check registrar, username and password_file"
        return [LineFault(FaultCode.REGISTRATION_FAILED, detail)]
