"""The demo's agent: a customer asks for his name, and he has the hotline give the number alone (JH-18)."""

import contextlib
import json
from urllib.parse import urlsplit

import aiomqtt

from gateway.demo.cast import PHRASE

ASKED_AFTER = "further"
"""The customer asks when he is asked whether there is anything else."""


class Agent:
    """Listens to one line's events over MQTT, as any program can, and asks for the phrase once."""

    def __init__(self, url: str, root: str, line: str) -> None:
        """`url` of the broker, `root` the topics' beginning, `<base>/<site>`."""
        self._broker = urlsplit(url)
        self._root = root
        self._line = line

    async def serve(self) -> None:
        """Wait for the customer and answer him; ends then, or when cancelled."""
        host, port = self._broker.hostname or "", self._broker.port or 1883
        async with aiomqtt.Client(host, port) as client:
            await client.subscribe(f"{self._root}/line/{self._line}/event", qos=1)
            async for message in client.messages:
                with contextlib.suppress(ValueError):
                    event = json.loads(bytes(message.payload or b""))
                    if (event["event"], event.get("prompt")) == ("prompt_started", ASKED_AFTER):
                        request = {"id": "demo", "do": "phrase", "phrase": PHRASE, "call": event["call"]}
                        await client.publish(f"{self._root}/command", json.dumps(request), qos=1)
                        return
