"""A gateway with people behind it: agents' telephones that a test picks up, customers, somebody who watches.

Which telephone is rung for a customer the desk decides; tests ask, and go on from there.
"""

import asyncio
import contextlib
import hmac
import json
import re
import socket
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiomqtt
import psutil

from tests.broker import PATIENCE, Mosquitto, Watcher, watching
from tests.process.customers import Story, placed
from tests.process.gateway import GatewayProcess, Site, mqtt, sip_line, site_in
from tests.sip.conftest import free_port
from tests.sip.peer.callee import Callee
from tests.sip.peer.caller import Caller, SipText

KEY = "a key of 16 bytes and more"


class Telephone(Callee):
    """An agent's telephone: there when asked, rung by one call after another."""

    there = 200
    """Its answer to OPTIONS."""

    def __init__(self, user: str, display: str | None) -> None:
        super().__init__(user, display)
        self.rings: list[SipText] = []
        """Each call's INVITE."""
        self.picked_up = 0.0
        """When its last 200 went out, of time.monotonic()."""

    def pick_up(self) -> None:
        """The call that rings now."""
        self.picked_up = time.monotonic()
        self.reply(200, sdp=True)

    async def has_come(self, method: str, call: str | None = None) -> SipText:
        """A request in that call; in the last one."""
        call = self.call_id if call is None else call

        def wanted(m: SipText) -> bool:
            return m.status is None and m.method == method and m.headers["call-id"] == call

        return await self._find(wanted, PATIENCE, 1)

    def unplug(self) -> None:
        """Nothing answers where it was."""
        self.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not data.strip():
            return  # kept alive (RFC 5626 §3.5.1)
        self._sender = addr
        super().datagram_received(data, addr)

    def _respond(self, request: SipText) -> None:
        """To whom it came from: the desk has more lines than one."""
        if request.method == "INVITE" and ";tag=" not in request.headers["to"]:
            self._ring(request)
            return
        peer, self.peer = self.peer, self._sender
        if request.method != "OPTIONS":
            super()._respond(request)
        elif self.there:
            self.reply(self.there, request=request)
        self.peer = peer

    def _ring(self, invite: SipText) -> None:
        """From now on this is the call that is meant; not again if it was only sent again."""
        if invite.headers["call-id"] in {ring.headers["call-id"] for ring in self.rings}:
            return
        self.rings.append(invite)
        self.peer = self._sender
        self.call_id = invite.headers["call-id"]
        self.to_tag = _found(r";tag=([^;>\s]+)", invite.headers["from"])
        self.rtp.event_type = int(_found(r"a=rtpmap:(\d+) telephone-event/8000", invite.body))
        self._aim(invite.body)


@dataclass
class DeskScene:
    """One gateway and everybody around it."""

    site: Site
    watcher: Watcher
    mqtt: aiomqtt.Client
    phones: dict[str, Telephone]
    """By the agent's number."""
    ports: dict[str, int]
    gateway: GatewayProcess
    broker_port: int

    def target(self, line: str = "sip1", user: str = "8801") -> str:
        return f"sip:{user}@127.0.0.1:{self.ports[line]}"

    @contextlib.asynccontextmanager
    async def customer(self, number: str, line: str = "sip1") -> AsyncIterator[tuple[Caller, Story]]:
        """Who has called, was answered, and is quiet."""
        async with placed(self.target(line), number) as customer:
            await customer.response("INVITE", 200, PATIENCE)
            customer.rtp.start_sending()
            yield customer, Story(self.watcher, number)

    async def rung_for(self, story: Story, count: int = 1) -> Telephone:
        """The `count`th telephone that is rung for a customer; it rings."""
        await self.watcher.until(lambda _: len(self._rung(story)) >= count)
        rung = self._rung(story)[:count]
        phone = self.phones[rung[-1]]
        async with asyncio.timeout(PATIENCE):
            while sum(story.number in request.raw for request in phone.rings) < rung.count(rung[-1]):
                phone._arrived.clear()
                await phone._arrived.wait()
        return phone

    async def presence(self, agent: str, state: str, **fields: Any) -> dict[str, Any]:
        """The agent's state, now or when it comes."""

        def is_it(watcher: Watcher) -> list[dict[str, Any]]:
            newest = watcher.of(f"agent/{agent}/state")[-1:]
            return [s for s in newest if ({"state": state} | fields).items() <= s.items()]

        return (await self.watcher.until(is_it))[0]

    async def ask(self, **request: Any) -> dict[str, Any]:
        """A command, and its answer."""
        request = {"id": uuid.uuid4().hex} | request
        await self.mqtt.publish("sansheng/jinan/command", json.dumps(request), qos=1)

        def wanted(w: Watcher) -> list[dict[str, Any]]:
            return [r for r in w.of("command/result") if r["id"] == request["id"]]

        return dict((await self.watcher.until(wanted))[0])

    def worker_of(self, phone: Telephone) -> psutil.Process:
        """The process that has the telephone's leg."""
        port = phone.peer[1]
        return next(
            worker
            for worker in self.gateway.workers()
            if port in {connection.laddr.port for connection in worker.net_connections(kind="udp")}
        )

    def _rung(self, story: Story) -> list[str]:
        """Agents whose telephones were rung for this call, in their order."""
        states = [(topic, s) for topic, s, _ in self.watcher.heard if re.fullmatch(r"agent/\d+/state", topic)]
        return [
            s["agent"] for _, s in states if s["state"] == "ringing" and story.call and s["call"] == story.call
        ]


def signed(**request: Any) -> dict[str, Any]:
    """A request for the desk by somebody who has the key, as docs/feed.md tells it."""
    request = {"id": uuid.uuid4().hex, "ts": int(time.time())} | request
    lines = "".join(sorted(f"{name}={value}\n" for name, value in request.items()))
    return request | {"sign": hmac.new(KEY.encode(), lines.encode(), sha256).hexdigest()}


@contextlib.asynccontextmanager
async def desk_scene_in(
    folder: Path,
    dialplan: Path,
    *tables: str,
    agents: Sequence[str] = ("801", "802"),
    lines: Sequence[str] = ("sip1",),
    desk: str = "",
    registrar: int | None = None,
    options: Sequence[str] = (),
    within: Sequence[str] = (),
    **keys: Any,
) -> AsyncIterator[DeskScene]:
    """Everything up and every agent free. `desk`: lines of [desk]. `registrar`: the port at which the telephones
    will register; then nobody is there yet. `options`: of `sansheng run`; `within`: the command that starts it."""
    (folder / "command.key").write_text(KEY)
    ports = {line: free_port() for line in lines}
    broker = Mosquitto(folder)
    await broker.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(broker.kill)
        phones = {
            number: await Telephone.open(f"sip:8801@127.0.0.1:{free_port()}", user=number) for number in agents
        }
        for phone in phones.values():
            stack.callback(phone.close)
        site = await stack.enter_async_context(site_in(folder, dialplan))
        site.options, site.within = tuple(options), tuple(within)
        watcher, client = await stack.enter_async_context(watching(broker.port))
        site.write(
            mqtt(broker.url, command_key_file=str(folder / "command.key")),
            *(sip_line(line, port) for line, port in ports.items()),
            f'[desk]\nlisten = "127.0.0.1:{_free_run((len(agents) + 3) // 4)}"\nafter_call_seconds = 0.0\n{desk}',
            *(_agent(phone, registrar) for phone in phones.values()),
            *tables,
            **keys,
        )
        scene = DeskScene(site, watcher, client, phones, ports, await site.start(), broker.port)
        for number in phones:
            await scene.presence(number, "free" if registrar is None else "offline")
        yield scene


def _agent(phone: Telephone, registrar: int | None) -> str:
    extension = phone.uri if registrar is None else f"sip:{phone.user}@127.0.0.1:{registrar}"
    return f'[[agents]]\nnumber = "{phone.user}"\nextension = "{extension}"'


def _free_run(count: int) -> int:
    """The first of so many ports in a row that are free."""
    while True:
        first = free_port()
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))
            return first


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, f"no {pattern} in {text}"
    return match.group(1)
