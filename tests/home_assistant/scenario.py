"""What a gateway does, and what Home Assistant must show of it. The feed is real, the lines are told."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drivers.line import FaultCode, LineFault, LineRestored, Verdict
from gateway.call import facts
from gateway.call.facts import HangUpSign, Notice, ReleasedBy
from gateway.call.states import CallState
from gateway.feed import Feed, FeedConfig
from gateway.feed.discovery.devices import discovery_messages
from gateway.feed.topics import Topics
from tests.broker import Mosquitto, watching
from tests.home_assistant.server import PATIENCE, HomeAssistant
from tests.service.told import MORNING, Told, prompt

LINES = (("sip1-1", "sip"), ("sip1_1", "sip"), ("fxo1", "fxo"))
"""Two of them alike."""
GATEWAY = "sansheng__jinan__gateway"
LINE = "sansheng__jinan__line-sip1-1"
ALIKE = "sansheng__jinan__line-sip1_5f1"
FXO = "sansheng__jinan__line-fxo1"
AGENT = "sansheng__jinan__agent-801"


class Scenario:
    """One Home Assistant at one broker, and gateways that come and go."""

    def __init__(self, server: HomeAssistant, broker: Mosquitto) -> None:
        self._server = server
        self._broker = broker
        self._config = FeedConfig(
            site="jinan", url=broker.url, username="gateway", lines=LINES, agents=("801", "802"),
            phrases=("nuisance", "dialect"), wallboard_url="http://192.168.1.5:8080",
        )  # fmt: skip
        self._ids: dict[str, str] = {}
        self._asked: list[dict[str, Any]] = []

    async def play(self) -> None:
        await self._server.set_up(self._broker.port)
        feed = await self._gateway(self._config)
        await self._devices_and_entities()
        await self._a_call(feed)
        await self._two_calls_and_a_fault(feed)
        await self._figures()
        await self._buttons()
        await self._started_anew()
        await feed.stop()
        await self._offline()
        await self._what_is_no_more()
        self._no_complaints()

    async def _gateway(self, config: FeedConfig) -> Feed:
        def ask(fields: Mapping[str, Any]) -> dict[str, Any]:
            self._asked.append(dict(fields))
            call = {} if fields["do"] == "agent" else {"call": "c1"}
            return {key: fields[key] for key in ("phrase", "agent", "state") if key in fields} | call

        feed = Feed(
            config, now=lambda: MORNING, commands=dict.fromkeys(("phrase", "wait", "resume", "agent"), ask)
        )
        await feed.start()
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        for line, _ in config.lines:
            feed.receive(Notice(MORNING, line, None, LineRestored()))
        return feed

    async def _devices_and_entities(self) -> None:
        expected = self._expected(self._config)
        self._ids = await self._entities(expected, "entities")
        devices = await self._server.devices()
        gateway = devices.pop(GATEWAY)
        assert gateway["configuration_url"] == "http://192.168.1.5:8080"
        assert devices.keys() == {LINE, ALIKE, FXO, AGENT, "sansheng__jinan__agent-802"}
        assert {device["via_device_id"] for device in devices.values()} == {gateway["id"]}
        await self._shows(f"{GATEWAY}__connectivity", "on")
        await self._shows(f"{LINE}__state", "idle")
        for key in ("caller", "agent", "verdict", "prompt"):
            await self._shows(f"{LINE}__{key}", "unknown")
        await self._shows(f"{LINE}__rings", "0")
        await self._shows(f"{LINE}__problem", "off")
        await self._shows(f"{AGENT}__state", "offline")
        tell(f"{len(devices) + 1} devices, {len(self._ids)} entities")

    def _expected(self, config: FeedConfig) -> set[str]:
        messages = discovery_messages(config, Topics("sansheng", "jinan"), "1")
        entities = [entity for m in messages for entity in json.loads(m.payload)["cmps"].values()]
        return {entity["uniq_id"] for entity in entities if len(entity) > 1}

    async def _a_call(self, feed: Feed) -> None:
        told = Told(line="sip1-1").rings(3)
        self._tell(feed, told)
        await self._shows(f"{LINE}__state", "ringing")
        await self._shows(f"{LINE}__rings", "3")
        await self._shows(f"{LINE}__caller", "138****5678")
        await self._shows(f"{LINE}__since", "2026-02-18T01:30:00+00:00")
        told.answered(3).tell(facts.AgentAssigned("801"), facts.PromptStarted(prompt("greeting")))
        self._tell(feed, told)
        await self._shows(f"{LINE}__state", "greeting")
        await self._shows(f"{LINE}__prompt", "greeting")
        await self._shows(f"{LINE}__agent", "801")
        told.tell(facts.PromptFinished(prompt("greeting"), None)).hears(Verdict.SPEECH)
        self._tell(feed, told)
        await self._shows(f"{LINE}__verdict", "speech")
        for state in (
            CallState.LISTENING,
            CallState.PROMPTING,
            CallState.WAITING,
            CallState.TALKING,
            CallState.CLOSING,
        ):
            self._tell(feed, told.tell(facts.StateEntered(state)))
            await self._shows(f"{LINE}__state", state.value)
        state = (await self._server.states())[self._ids[f"{LINE}__state"]]
        assert state["attributes"]["calls"][0]["caller"] == "138****5678"
        assert state["attributes"]["driver"] == "sip"
        self._tell(feed, told.hung_up())
        await self._shows(f"{LINE}__state", "idle")
        await self._shows(f"{LINE}__verdict", "unknown")
        tell("a call through its states")

    async def _two_calls_and_a_fault(self, feed: Feed) -> None:
        first, second = Told(call="first", line="sip1-1"), Told(call="second", line="sip1-1")
        self._tell(feed, first.rings(2, "13900001111"))
        self._tell(feed, second.rings(1, None))
        await self._shows(f"{LINE}__calls", "2")
        await self._shows(f"{LINE}__caller", "139****1111")
        self._tell(feed, first.released(ReleasedBy.CUSTOMER, HangUpSign.CANCEL))
        await self._shows(f"{LINE}__calls", "1")
        await self._shows(f"{LINE}__caller", "unknown")
        await self._shows(f"{ALIKE}__calls", "0")
        self._tell(feed, second.released(ReleasedBy.CUSTOMER, HangUpSign.CANCEL))
        await self._shows(f"{LINE}__problem", "on")  # its answer rate
        state = (await self._server.states())[self._ids[f"{LINE}__state"]]
        assert state["attributes"]["alerts"] == ["answer_rate_day"]
        feed.receive(Notice(MORNING, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone")))
        await self._shows(f"{FXO}__problem", "on")
        await self._shows(f"{FXO}__state", "offline")
        feed.receive(Notice(MORNING, "fxo1", None, LineRestored()))
        await self._shows(f"{FXO}__problem", "off")
        feed.agent("801", "after_call", MORNING, "call", None)
        await self._shows(f"{AGENT}__state", "after_call")
        tell("two calls on a line, a fault, an agent")

    async def _figures(self) -> None:
        """Three calls: one answered, two given up."""
        await self._shows(f"{GATEWAY}__offered", "3")
        await self._shows(f"{GATEWAY}__abandoned", "2")
        await self._shows(f"{GATEWAY}__answer_rate", "33.33")
        await self._shows(f"{GATEWAY}__answer_rate_hour", "33.33")
        await self._shows(f"{GATEWAY}__answer_rate_problem", "on")
        await self._shows(f"{GATEWAY}__lines_in_service", "3")
        rate = (await self._server.states())[self._ids[f"{GATEWAY}__answer_rate"]]["attributes"]
        assert (rate["goal"], rate["unit_of_measurement"]) == (98.0, "%")
        tell("today's figures and the heartbeat")

    async def _buttons(self) -> None:
        """Each is a request of its own, and done."""
        async with watching(self._broker.port, "sansheng/jinan/command/result") as (watcher, _):
            pressed = [f"{LINE}__phrase_nuisance"] * 2 + [f"{LINE}__wait", f"{ALIKE}__resume", f"{AGENT}__log_in"]
            for button in [*pressed, f"{GATEWAY}__refresh"]:
                await self._server.press(self._ids[button])
            await watcher.until(lambda w: len(w.of("command/result")) == len(pressed) + 1)
            answers = watcher.of("command/result")
        assert all(answer["ok"] for answer in answers), answers
        assert len({answer["id"] for answer in answers}) == len(answers)
        asked = [{name: value for name, value in request.items() if name != "id"} for request in self._asked]
        assert asked == [
            {"do": "phrase", "phrase": "nuisance", "line": "sip1-1"},
            {"do": "phrase", "phrase": "nuisance", "line": "sip1-1"},
            {"do": "wait", "line": "sip1-1"},
            {"do": "resume", "line": "sip1_1"},
            {"do": "agent", "agent": "801", "state": "log_in"},
        ]
        tell(f"{len(answers)} presses, each a request of its own and done")

    async def _started_anew(self) -> None:
        """After a restart it shows the same at once."""
        await self._server.stop()
        await self._server.start()
        await self._shows(f"{LINE}__state", "idle")
        await self._shows(f"{GATEWAY}__offered", "3")
        assert await self._server.entities() == self._ids
        tell("started anew, it shows the same")

    async def _offline(self) -> None:
        await self._shows(f"{GATEWAY}__connectivity", "off")
        await self._shows(f"{LINE}__state", "unavailable")
        await self._shows(f"{AGENT}__state", "unavailable")
        tell("the gateway away: unavailable")

    async def _what_is_no_more(self) -> None:
        """A later run without a line, then with signed requests, then with no discovery at all."""
        fewer = replace(self._config, lines=LINES[:2], agents=("801",))
        await self._run_until_shown(fewer, "a line and an agent less")
        assert (await self._server.devices()).keys() == {GATEWAY, LINE, ALIKE, AGENT}
        await self._run_until_shown(replace(fewer, command_key=b"k" * 32), "no buttons")
        await self._run_until_shown(replace(fewer, discovery_prefix=""), "no discovery")
        assert not await self._server.devices()

    async def _run_until_shown(self, config: FeedConfig, what: str) -> None:
        feed = await self._gateway(config)
        await self._entities(self._expected(config), what)
        await feed.stop()
        tell(what)

    async def _entities(self, expected: set[str], what: str) -> dict[str, str]:
        """Wait until it has exactly these entities; gives their ids."""
        found: dict[str, str] = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                # Its registry is asked, it does not tell.
                while (found := await self._server.entities()).keys() != expected:  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
        assert found.keys() == expected, f"{what}: {found.keys() ^ expected} too much or too little"
        return found

    def _no_complaints(self) -> None:
        complaints = [
            line for line in self._server.log.splitlines() if "mqtt" in line.lower() or "sansheng" in line
        ]
        assert not complaints, "\n".join(complaints)
        tell("no complaint in its log")

    def _tell(self, feed: Feed, told: Told) -> None:
        for notice in told.notices:
            feed.receive(notice)
        told.notices.clear()

    async def _shows(self, unique_id: str, state: str) -> None:
        entity = self._ids[unique_id]
        await self._server.until(lambda states: states.get(entity, {}).get("state") == state, f"{entity} {state}")


def tell(what: str) -> None:
    print(f"ok: {what}", flush=True)
