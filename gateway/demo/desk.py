"""The demo's desk: agents on SIP telephones who answer, say a word and hang up first."""

import asyncio
import contextlib
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiomqtt

from drivers import own_process

READY_LIMIT = 20.0
"""Seconds in which a telephone is there on the slowest machine."""
PICKS_UP_AFTER = 3.0
"""Seconds of ringing: one ring."""
LISTENS = 3.0
"""Seconds of quiet after which an agent speaks. The customer leaves less between the greeting and his request, so
that he is heard to the end."""
HANGS_UP_AFTER = 2.5
"""Seconds after his words."""


class TelephoneMissing(Exception):
    """An agent's telephone could not be set up; the message tells why."""


@contextlib.asynccontextmanager
async def telephone(agent: str, port: int, words: Path) -> AsyncIterator[None]:
    """The agent's telephone on this port of 127.0.0.1, a process of its own; it is there once this has been
    entered. He says `words`. Raises TelephoneMissing or TimeoutError."""
    script = ("--answer-after", str(PICKS_UP_AFTER), "--say", str(words), "--pause", str(LISTENS))
    end = ("--hang-up-after-prompt", str(HANGS_UP_AFTER))
    process = await asyncio.create_subprocess_exec(
        *own_process.command("drivers.sip.telephone", f"127.0.0.1:{port}", "--user", agent, *script, *end),
        stdout=PIPE,
        stderr=PIPE,
        env=own_process.environment(),
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(READY_LIMIT):
            ready = await process.stdout.readline()
            if not ready:
                _, complaint = await process.communicate()
                raise TelephoneMissing(f"telephone of {agent}: {complaint.decode(errors='replace').strip()}")
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


class Desk:
    """Its agents' presence as any program sees it over MQTT. Each of them, as soon as he talks, asks to be logged
    out after this call: whoever calls then finds nobody at the desk, and the line serves him alone."""

    def __init__(self, url: str, root: str, agents: Collection[str]) -> None:
        """`url` of the broker, `root` the topics' beginning, `<base>/<site>`."""
        self._broker = urlsplit(url)
        self._root = root
        self._free_not_yet = set(agents)
        self._there = set(agents)
        self.free = asyncio.Event()
        """Every agent is, or was, free."""
        self.engaged = asyncio.Event()
        """Every agent talks, and takes no more calls."""

    async def serve(self) -> None:
        """Follow the agents until cancelled."""
        host, port = self._broker.hostname or "", self._broker.port or 1883
        async with aiomqtt.Client(host, port) as client:
            await client.subscribe([(f"{self._root}/command/result", 1), (f"{self._root}/agent/+/state", 1)])
            async for message in client.messages:
                with contextlib.suppress(ValueError):
                    fields = json.loads(bytes(message.payload or b""))
                    if (request := self.take(str(message.topic), fields)) is not None:
                        await client.publish(f"{self._root}/command", json.dumps(request), qos=1)

    def take(self, topic: str, fields: Mapping[str, Any]) -> dict[str, str] | None:
        """A message of the feed; what is asked of the gateway then, if anything."""
        if topic.endswith("/command/result"):
            self._answered(fields)
            return None
        return self._stands(fields)

    def _stands(self, state: Mapping[str, Any]) -> dict[str, str] | None:
        agent = state["agent"]
        if state["state"] == "free":
            self._free_not_yet.discard(agent)
            if not self._free_not_yet:
                self.free.set()
        if state["state"] != "busy" or agent not in self._there:
            return None
        return {"id": _logs_out(agent), "do": "agent", "agent": agent, "state": "log_out"}

    def _answered(self, result: Mapping[str, Any]) -> None:
        self._there -= {agent for agent in self._there if result["id"] == _logs_out(agent) and result["ok"]}
        if not self._there:
            self.engaged.set()


def _logs_out(agent: str) -> str:
    """The request's id."""
    return f"demo-{agent}-logs-out"
