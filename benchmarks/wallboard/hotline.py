"""Many lines that are always busy: what a feed tells of them, a change of each line at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gateway.feed.encoding import Message, encode, rfc3339

ZONE_NAME = "Asia/Shanghai"
STATES = (
    *("ringing", "ringing", "ringing", "greeting", "greeting", "listening", "prompting"),
    *("waiting",) * 6,
    *("talking",) * 8,
    *("prompting", "closing", "closing", "idle", "idle", "idle"),
)
"""A call, change by change; at ten a second it takes under three seconds, and the line is free for 0.3 s then."""
VERDICTS = ("speech", "silent", "faint", "noisy", None)
AGENTS = 40


@dataclass(frozen=True)
class Hotline:
    """So many `lines`; `root` is what its topics begin with."""

    root: str
    lines: int

    def everything(self) -> list[Message]:
        """All there is before anything changes."""
        return [*self.step(0), *self._figures(0)]

    def step(self, number: int) -> Iterator[Message]:
        """The change `number` of every line, and of who talks there; once in four the figures of the day."""
        now = datetime.now(ZoneInfo(ZONE_NAME))
        for line in range(self.lines):
            yield self.line(line, number, now)
        for agent in range(AGENTS):
            state = ("free", "ringing", "busy", "after_call")[(number // 5 + agent) % 4]
            yield self._message(
                f"agent/{801 + agent}/state", {"agent": str(801 + agent), "state": state, "since": rfc3339(now)}
            )
        if number % 4 == 0:
            yield from self._figures(number)

    def line(self, line: int, number: int, now: datetime) -> Message:
        """A line's state after its change `number`."""
        at, calls = (number + 5 * line) % len(STATES), (number + 5 * line) // len(STATES)
        state = STATES[at]
        since = rfc3339(now - timedelta(seconds=1 + line % 90))
        call: dict[str, Any] = {
            "call": f"20260218-093000-sip{line}-{calls:06x}",
            "state": state,
            "since": since,
            "offered_at": since,
            "rings": min(at + 1, 3),
            "caller": f"138****{(line * 37 + calls) % 10_000:04}",
            "agent": str(801 + (line + calls) % AGENTS),
            "verdict": VERDICTS[(at + line) % len(VERDICTS)],
            "prompt": "greeting" if state == "greeting" else None,
            "kind": None,
            "position": line % 30 + 1 if state == "waiting" else None,
            "waiting_since": since if state == "waiting" else None,
            "next_reassurance": rfc3339(now + timedelta(seconds=line % 15)) if state == "waiting" else None,
            "ticket": None,
        }
        fields = {"line": f"sip{line}", "driver": "sip", "state": state, "since": since, "seq": number}
        return self._message(
            f"line/sip{line}/state", fields | {"calls": [] if state == "idle" else [call], "alerts": []}
        )

    def _figures(self, number: int) -> Iterator[Message]:
        answered = 1000 + number
        day: dict[str, float] = {"offered": answered + 9, "answered": answered, "abandoned": 9, "failed": 0}
        day["answer_rate"] = round(answered / (answered + 9), 4)
        hours = [{"hour": f"{hour:02}", **day} for hour in range(8, 18)]
        rest = {"within_rings_rate": 1.0, "customer_first_rate": 1.0, "answer_rate_goal": 0.98, "last_hour": day}
        yield self._message("kpi", {"date": "2026-02-18", **day, **rest, "by_hour": hours})
        yield self._message("calls", {"calls": [self._ended(number - back) for back in range(20)]})

    def _ended(self, number: int) -> dict[str, Any]:
        at = dict.fromkeys(("offered_at", "answered_at", "ended_at"), "2026-02-18T09:30:00.250+08:00")
        clauses = {
            "kept": ["JH-1", "JH-3"],
            "broken": ["JH-8"] if number % 5 == 0 else [],
            "not_applicable": ["JH-4"],
        }
        known = {"line": f"sip{number % self.lines}", "driver": "sip", "caller": "138****5678", "agent": "801"}
        rest = {"attended_by": "801", "rings": 2, "outcome": "answered", "released_by": "customer", "cause": "bye"}
        return {"call": f"20260218-093000-sip1-{number % 0xFFFFFF:06x}", **known, **at, **rest, **clauses}

    def _message(self, topic: str, fields: dict[str, Any]) -> Message:
        return Message(f"{self.root}/{topic}", encode(fields), retained=True)
