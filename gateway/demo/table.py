"""The live table: what a client of the feed sees, drawn as it comes."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiomqtt
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from gateway.demo.cast import AT_THE_DESK, CAST
from gateway.demo.words import event_in_words, presence_in_words

STATE_STYLE = {"idle": "dim", "offline": "red", "ringing": "yellow", "talking": "bold green", "closing": "cyan"}
REFRESH = 4
"""Draws a second."""


class LiveTable:
    """Subscribes to a gateway's feed and draws every call on every line, and who is at the desk."""

    def __init__(self, url: str, root: str, console: Console) -> None:
        """`url` of the broker, `root` the topics' beginning, `<base>/<site>`."""
        self._broker = urlsplit(url)
        self._root = root
        self._console = console
        self._lines: dict[str, Mapping[str, Any]] = {}
        self._said: dict[str, str] = {}
        self._attended: dict[str, str] = {}
        """What has become of the agent of a call."""
        self._desk: dict[str, str] = {}
        """What each agent at the desk does."""
        self.events = 0
        """Events received so far."""

    async def show(self) -> None:
        """Draw until cancelled. Without a terminal, print each event on a line instead."""
        if self._console.is_terminal:
            with Live(self.draw(), console=self._console, refresh_per_second=REFRESH) as live:
                await self._follow(live)
        else:
            await self._follow(None)

    async def _follow(self, live: Live | None) -> None:
        host, port = self._broker.hostname or "", self._broker.port or 1883
        async with aiomqtt.Client(host, port) as client:
            await client.subscribe([(f"{self._root}/line/#", 1), (f"{self._root}/agent/+/state", 1)])
            async for message in client.messages:
                with contextlib.suppress(ValueError):
                    self.take(str(message.topic), json.loads(bytes(message.payload or b"")))
                if live is not None:
                    live.update(self.draw())
                await asyncio.sleep(0)

    def take(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Take a message of the feed; without a terminal it is printed."""
        if "agent" in payload and topic.endswith("/state"):
            self._agent_stands(payload)
        elif topic.endswith("/state"):
            self._lines[payload["line"]] = payload
        elif topic.endswith("/event"):  # alerts of lines are beside them
            self._happened(payload)

    def _agent_stands(self, state: Mapping[str, Any]) -> None:
        if state["agent"] in AT_THE_DESK:
            self._desk[state["agent"]] = words = presence_in_words(state)
            self._print(state["since"], "desk", "agent", words)

    def _happened(self, event: Mapping[str, Any]) -> None:
        self.events += 1
        if event["event"] == "prompt_started":
            self._said[event["call"]] = f"{event['text']} [dim]{event['clause']}[/]"
        words = event_in_words(event)
        if words is not None:
            self._attended[event["call"]] = words
        else:
            detail = {k: v for k, v in event.items() if k not in ("seq", "ts", "line", "call", "event")}
            words = " ".join(f"{key}={value}" for key, value in detail.items())
        self._print(event["ts"], event["line"], event["event"], words)

    def _print(self, ts: str, where: str, what: str, words: str) -> None:
        if not self._console.is_terminal:
            self._console.print(f"{ts[11:23]} {where:5} {what:16} {escape(words)}")

    def draw(self) -> Table:
        """The table as it is now."""
        table = Table(title=f"Sansheng: the lines, by MQTT · {self.events} events", expand=True)
        table.caption = "At the desk: " + " · ".join(words for _, words in sorted(self._desk.items()))
        for column, ratio in (
            ("line", 1),
            ("customer", 2),
            ("state", 2),
            ("rings", 1),
            ("agent", 3),
            ("heard", 1),
        ):
            table.add_column(column, ratio=ratio, no_wrap=True)
        table.add_column("last said", ratio=8)
        for line, state in sorted(self._lines.items()):
            for call in state["calls"] or [{}]:
                shown = call.get("state", state["state"])
                table.add_row(
                    escape(line),
                    escape(_kind(call.get("caller"))),
                    f"[{STATE_STYLE.get(shown, 'green')}]{shown}[/]",
                    str(call.get("rings", "")),
                    escape(self._attended.get(call.get("call", ""), str(call.get("agent") or ""))),
                    str(call.get("verdict") or ""),
                    self._said.get(call.get("call", ""), ""),
                )
        return table


def _kind(masked: str | None) -> str:
    """The part's kind, told by the ends of his number that the feed leaves readable."""
    if not masked:
        return ""
    for part in CAST:
        if part.number[:3] == masked[:3] and part.number[-4:] == masked[-4:]:
            return part.kind
    return masked
