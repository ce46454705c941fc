"""What the feed tells of a line: its state, its faults, when it came into service."""

from typing import Any

from tests.broker import Watcher


def line_events(watcher: Watcher, line: str, kind: str) -> list[dict[str, Any]]:
    """All such events of the line so far."""
    return [event for event in watcher.of(f"line/{line}/event") if event["event"] == kind]


async def in_service(watcher: Watcher, line: str, count: int = 1) -> None:
    """The `count`th time the line came into service, and its state says so."""
    await watcher.until(lambda w: len(line_events(w, line, "line_restored")) >= count)
    await state(watcher, line, "idle")


async def out_of_service(watcher: Watcher, line: str, count: int = 1) -> str:
    """The code of the line's `count`th fault; its state says so, too."""
    fault = (await watcher.until(lambda w: line_events(w, line, "line_fault")[count - 1 :]))[0]
    await state(watcher, line, "offline")
    return str(fault["code"])


async def state(watcher: Watcher, line: str, wanted: str) -> None:
    """The newest state of the line is the wanted one."""
    await watcher.until(lambda w: [s["state"] for s in w.of(f"line/{line}/state")][-1:] == [wanted])
