"""Payloads of the feed for the wallboard's tests: of a hotline at work, and of whatever a test needs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_UTC_HOUR = datetime.now(UTC).hour
ZONE_NAME = f"Etc/GMT{_UTC_HOUR - 14:+d}" if _UTC_HOUR > 2 else f"Etc/GMT{_UTC_HOUR + 10:+d}"
"""Where it is between two and three in the afternoon (the signs are POSIX's): no day ends while a test runs."""
ZONE = ZoneInfo(ZONE_NAME)
Messages = dict[str, Any]


def ago(seconds: float) -> str:
    """A moment before now (with a minus sign after), as the feed tells it."""
    return (datetime.now(ZONE) - timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def call(call_id: str, state: str, *, seconds: float = 5.0, **more: Any) -> dict[str, Any]:
    """A call that has been in its state for so many seconds."""
    fields: dict[str, Any] = {
        "call": call_id,
        "state": state,
        "since": ago(seconds),
        "offered_at": ago(seconds + 8 if state != "ringing" else seconds),
        "rings": 2,
        "caller": "138****5678",
        "agent": None,
        "verdict": None,
        "prompt": None,
        "kind": None,
        "position": None,
        "waiting_since": None,
        "next_reassurance": None,
        "ticket": None,
    }
    return fields | more


def waiting(call_id: str, position: int | None, *, seconds: float, left: float, **more: Any) -> dict[str, Any]:
    """A customer who has waited for so many seconds, and is reassured again in `left`."""
    times = {"waiting_since": ago(seconds), "next_reassurance": ago(-left)}
    return call(call_id, "waiting", seconds=seconds, position=position, **times, **more)


def line(name: str, *calls: dict[str, Any], driver: str = "sip", state: str | None = None) -> Messages:
    """A line's state."""
    now = state or (calls[0]["state"] if calls else "idle")
    payload = {"line": name, "driver": driver, "state": now, "since": ago(75), "seq": 7, "calls": list(calls)}
    return {f"line/{name}/state": payload}


def agent(number: str, state: str, *, seconds: float = 42.0, why: str = "call") -> Messages:
    """An agent's state."""
    return {
        f"agent/{number}/state": {"agent": number, "state": state, "since": ago(seconds), "why": why, "call": None}
    }


def alert(code: str, detail: str, *, line: str | None = None) -> Messages:
    """A trouble of the gateway's, or of a line's."""
    payload = {"code": code, "detail": detail, "ts": ago(400)} | ({"line": line} if line else {})
    return {f"line/{line}/alert/{code}" if line else f"alert/{code}": payload}


def hour(name: int, answered: int, lost: int = 0) -> dict[str, Any]:
    """One hour's calls."""
    offered = answered + lost
    rate = round(answered / offered, 4) if offered else None
    figures = {"offered": offered, "answered": answered, "abandoned": lost, "failed": 0, "answer_rate": rate}
    return {"hour": f"{name:02}", **figures}


def kpi(*hours: dict[str, Any]) -> Messages:
    """Today's figures, as the hours make them."""
    answered, lost = sum(h["answered"] for h in hours), sum(h["abandoned"] for h in hours)
    day = hour(0, answered, lost)
    del day["hour"]
    rest = {"within_rings_rate": 1.0, "customer_first_rate": 1.0, "answer_rate_goal": 0.98}
    return {"kpi": {"date": ago(0)[:10], **day, **rest, "last_hour": day, "by_hour": list(hours)}}


def ended(call_id: str, *, minutes: float, seconds: float = 90.0, **more: Any) -> dict[str, Any]:
    """A call that ended so many minutes ago and took so many seconds."""
    fields: dict[str, Any] = {
        "call": call_id,
        "line": "sip1",
        "driver": "sip",
        "direction": "in",
        "caller": "138****5678",
        "agent": "801",
        "attended_by": more.get("agent", "801"),
        "offered_at": ago(minutes * 60 + seconds),
        "answered_at": ago(minutes * 60 + seconds - 6),
        "ended_at": ago(minutes * 60),
        "rings": 2,
        "outcome": "answered",
        "released_by": "customer",
        "cause": "bye",
        "kept": ["JH-1", "JH-2", "JH-3", "JH-8", "JH-15"],
        "broken": [],
        "not_applicable": ["JH-4", "JH-5"],
    }
    return fields | more


def calls(*last: dict[str, Any]) -> Messages:
    """The calls that ended last."""
    return {"calls": {"calls": list(last)}}


def at_work() -> Messages:
    """A hotline with ten lines at work, as the README shows it."""
    hours = ((8, 41, 0), (9, 88, 1), (10, 96, 3), (11, 74, 0), (12, 37, 0), (13, 58, 1), (14, 71, 1))
    return (
        line("fxo1", call("c1", "ringing", seconds=4, rings=2, caller="139****0412"), driver="fxo")
        | line("fxo2", call("c2", "talking", seconds=192, agent="803", verdict="speech"), driver="fxo")
        | line("sip1", waiting("c3", 1, seconds=48, left=12, caller="136****7790"))
        | line("sip2", call("c4", "greeting", seconds=3, agent="801", prompt="greeting", caller="158****3306"))
        | line(
            "sip3",
            call("c5", "talking", seconds=67, agent="802", verdict="faint", caller="186****4415"),
            waiting("c6", 2, seconds=21, left=6, caller="135****9008"),
        )
        | line("sip4", call("c7", "listening", seconds=9, agent="804", verdict="silent", caller="177****2650"))
        | line("sip5")
        | line("sip6", call("c8", "closing", seconds=6, agent="805", verdict="speech", caller="150****1187"))
        | line("sip7")
        | line("fxo3", driver="fxo", state="offline")
        | alert("no_dial_tone", "no dial tone for 6 min: check the cable at /dev/serial/by-id/usb-1", line="fxo3")
        | agent("801", "ringing", seconds=3)
        | agent("802", "busy", seconds=67)
        | agent("803", "busy", seconds=192)
        | agent("804", "free", seconds=260)
        | agent("805", "after_call", seconds=11)
        | agent("806", "away", seconds=734, why="by_himself")
        | kpi(*(hour(*figures) for figures in hours))
        | calls(*_last())
    )


def _last() -> tuple[dict[str, Any], ...]:
    return (
        ended("e1", minutes=0.4, seconds=212, agent="805", caller="131****5520"),
        ended("e2", minutes=1.2, line="fxo2", agent="803", caller="053****8821", rings=1),
        ended("e3", minutes=2.0, line="sip4", agent="802", broken=["JH-8"], caller="188****0926", seconds=141),
        ended(
            "e4",
            minutes=3.1,
            line="sip2",
            outcome="abandoned",
            attended_by=None,
            rings=1,
            seconds=7,
            broken=["JH-1"],
        ),
        ended("e5", minutes=4.6, line="sip3", agent="804", caller=None, seconds=305),
        ended("e6", minutes=5.9, line="fxo1", agent="801", caller="139****7413", kept=[], not_applicable=["JH-1"]),
        ended("e7", minutes=8.3, line="sip6", agent="802", caller="152****6645", seconds=64),
        ended("e8", minutes=9.0, line="sip1", agent="806", caller="137****4410", seconds=178),
    )


def crowd(count: int, *, busy: int) -> Messages:
    """So many lines, the first `busy` of them with a call."""
    states = ("talking", "ringing", "greeting", "waiting", "listening", "prompting", "closing", "talking")
    board: Messages = {}
    for number in range(1, count + 1):
        state = states[number % len(states)]
        known: dict[str, Any] = {"seconds": number % 200, "agent": str(800 + number), "verdict": "speech"}
        its = call(f"c{number}", state, **known)
        if state == "waiting":
            its = waiting(f"c{number}", number // len(states) + 1, seconds=200 - number, left=number % 15)
        board |= line(f"sip{number}", *([its] if number <= busy else []))
    return board
