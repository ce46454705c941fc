"""What a call record notes of its call, one value for each kind of thing, and its JSON. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.call.facts import CutReason


def rfc3339(at: datetime) -> str:
    """An aware time with its offset and milliseconds."""
    return at.isoformat(timespec="milliseconds")


def rfc3339_or_none(at: datetime | None) -> str | None:
    """As `rfc3339`, of a time that may not have come."""
    return None if at is None else rfc3339(at)


@dataclass(frozen=True, slots=True)
class VerdictNoted:
    """A verdict of the ears and when it was reached. Levels in dBFS, ratio in dB."""

    at: datetime
    verdict: str
    level_dbfs: float | None
    snr_db: float | None

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "at": rfc3339(self.at),
            "verdict": self.verdict,
            "level_dbfs": self.level_dbfs,
            "snr_db": self.snr_db,
        }


MOST_OF_IT = 0.8
"""Of a prompt's length, at least, lies between its two ends where it was said to the end: a line that plays from a
buffer, and a clock that is set to the right time by and by, are nowhere near a fifth off."""
OFF_BY = 0.5
"""Seconds by which, beside that, a line may tell a prompt's beginning late and its end early: an FXO modem holds a
quarter of a second of audio, and a busy machine is as long in noticing."""


@dataclass(frozen=True, slots=True)
class PromptNoted:
    """A prompt that began to be said. `ended_at` None: its end was never seen; `cut` tells why it was cut. One
    that the line could not begin is noted too, as cut by the line after no time: it was due."""

    prompt: str
    text: str
    clause: str
    started_at: datetime
    ended_at: datetime | None = None
    complete: bool = False
    cut: str | None = None
    part: str | None = None
    """The part of the call it belongs to; None in a record from before parts were noted."""
    duration: float | None = None
    """How long its recordings last, in seconds; None in a record from before that was noted."""

    @property
    def short(self) -> bool:
        """Whether the line told its end long before it can have been said: its recording was cut, or replaced by
        a shorter one, after the gateway had read how long it is."""
        if not self.complete or self.duration is None:
            return False
        return self.seconds < MOST_OF_IT * self.duration - OFF_BY

    @property
    def whole(self) -> bool:
        """Whether it was said to its end."""
        return self.complete and not self.short

    @property
    def failed(self) -> bool:
        """Whether the line could not begin it: the customer heard nothing of it."""
        return self.cut == CutReason.LINE and self.ended_at == self.started_at

    @property
    def seconds(self) -> float:
        """How long it was said; 0 where its end was never seen."""
        return 0.0 if self.ended_at is None else max(0.0, (self.ended_at - self.started_at).total_seconds())

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "prompt": self.prompt,
            "text": self.text,
            "clause": self.clause,
            "part": self.part,
            "started_at": rfc3339(self.started_at),
            "ended_at": rfc3339_or_none(self.ended_at),
            "complete": self.complete,
            "cut": self.cut,
            "duration": self.duration,
        }


@dataclass(frozen=True, slots=True)
class AlertNoted:
    """People were called in at once for this kind of request (TT-1)."""

    at: datetime
    kind: str
    clause: str

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"at": rfc3339(self.at), "kind": self.kind, "clause": self.clause}


@dataclass(frozen=True, slots=True)
class AnswerNoted:
    """The answer to one question of an intake (JS-3), complete at `at`.

    `recording` is its own file, None where nothing was recorded. Neither `spoken` nor `digits`: he gave none.
    """

    question: str
    text: str
    """What was asked, word for word."""
    clause: str
    recording: str | None
    digits: str | None
    spoken: bool
    at: datetime

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "question": self.question,
            "text": self.text,
            "clause": self.clause,
            "recording": self.recording,
            "digits": self.digits,
            "spoken": self.spoken,
            "at": rfc3339(self.at),
        }


@dataclass(frozen=True, slots=True)
class WaitNoted:
    """The customer waited for somebody (JH-8). `ended_at` None: until the call's end.

    `waited` is in seconds, without the time in which he had us on hold. `overdue`: nobody came, the wait's limit
    ended it.
    """

    began_at: datetime
    ended_at: datetime | None = None
    waited: float | None = None
    overdue: bool = False
    chosen: bool = False
    """He would rather be called back, or leave a message."""
    positions: tuple[int, ...] = ()
    """His places in the queue, one after the other; empty where he was in none."""

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "began_at": rfc3339(self.began_at),
            "ended_at": rfc3339_or_none(self.ended_at),
            "waited": self.waited,
            "overdue": self.overdue,
            "chosen": self.chosen,
            "positions": list(self.positions),
        }


@dataclass(frozen=True, slots=True)
class AgentNoted:
    """An agent and this customer: he was rung, or answered a call of ours; he missed it, or they talked; he left.

    `missed` and `left` tell why, in the desk's words (`no_answer`, `hung_up` …). A time that is None has not come;
    `left_at` None: he was there at the call's end, if he was connected.
    """

    agent: str
    rung_at: datetime | None = None
    missed_at: datetime | None = None
    missed: str | None = None
    connected_at: datetime | None = None
    left_at: datetime | None = None
    left: str | None = None

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "agent": self.agent,
            "rung_at": rfc3339_or_none(self.rung_at),
            "missed_at": rfc3339_or_none(self.missed_at),
            "missed": self.missed,
            "connected_at": rfc3339_or_none(self.connected_at),
            "left_at": rfc3339_or_none(self.left_at),
            "left": self.left,
        }

    @property
    def over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.missed_at is not None or self.left_at is not None


@dataclass(frozen=True, slots=True)
class CallBackNoted:
    """The customer is to be called back (JS-2, JH-19). `number` is whole (WD-11), None where he gave none;
    `source` is `caller_id` or `keyed`; `confirmed`: he pressed the key that says it was read back right."""

    at: datetime
    number: str | None
    source: str | None
    confirmed: bool

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "at": rfc3339(self.at),
            "number": self.number,
            "source": self.source,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True, slots=True)
class HoldNoted:
    """The customer had us on hold. `resumed_at` None: until the call's end."""

    held_at: datetime
    resumed_at: datetime | None = None

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"held_at": rfc3339(self.held_at), "resumed_at": rfc3339_or_none(self.resumed_at)}


@dataclass(frozen=True, slots=True)
class LossNoted:
    """No audio came from the customer. `restored_at` None: until the call's end."""

    lost_at: datetime
    restored_at: datetime | None = None

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"lost_at": rfc3339(self.lost_at), "restored_at": rfc3339_or_none(self.restored_at)}

    def at(self, when: datetime) -> bool:
        """Whether his audio was lost then."""
        return self.lost_at <= when and (self.restored_at is None or self.restored_at > when)


@dataclass(frozen=True, slots=True)
class LossesCounted:
    """Losses that are not noted one by one: how many, and their seconds together."""

    count: int = 0
    seconds: float = 0.0

    def plus(self, loss: LossNoted, latest: datetime) -> "LossesCounted":
        """One more; `latest` is its end where none was noted."""
        lasted = ((loss.restored_at or latest) - loss.lost_at).total_seconds()
        return LossesCounted(self.count + 1, round(self.seconds + lasted, 3))

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"count": self.count, "seconds": self.seconds}


NONE_COUNTED = LossesCounted()
