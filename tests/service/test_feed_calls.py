"""Calls and their feed over a real mosquitto: a command is heard by the customer, an alert comes at once."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import aiomqtt
import pytest

from drivers.line import DigitReceived, FarEndHungUp, HangUpSign, LegReleased, Play
from gateway.call.plan import Choice, Menu, Part, Plan, WaitRule
from gateway.call.requests import CallRequest, RequestRefused
from gateway.dialplan import Call
from gateway.feed import Feed, FeedConfig, PhraseListed, call_commands
from tests.broker import Mosquitto, Watcher, watching
from tests.scenarios.story import prompt
from tests.unit.runner.bench import Hotline, plan_with_short_waits

pytestmark = pytest.mark.service

PHRASES = (PhraseListed("nuisance", "请挂机,谢谢!", "JH-13", "13"),)


def plan_with_menu(call: Call) -> Plan:
    """Four kinds of request, of which the third calls people in; customers can be asked to wait."""
    plan = plan_with_short_waits(call)
    choices = {digit: Choice(digit, f"kind-{digit}", plan.flow, alert=digit in "34") for digit in "1234"}
    menu = Menu("TT-1", prompt("menu", "TT-1", Part.MENU), 5.0, 2, choices, choices["1"])
    words = [prompt(f"waiting-{name}", "JH-8", Part.WAITING) for name in ("first", "again", "sorry", "thanks")]
    first, again, sorry, thanks = words
    waiting = WaitRule("JH-8", first, again, 15.0, 180.0, sorry, thanks, 30.0)
    return replace(plan, menu=menu, waiting=waiting)


class Site:
    """A hotline with one line and its feed."""

    def __init__(self, mosquitto: Mosquitto) -> None:
        config = FeedConfig(
            site="jinan", url=mosquitto.url, lines=(("sip1", "sip"),), agents=("801", "802"), **mosquitto.login
        )
        self.feed = Feed(config, commands=call_commands(self, PHRASES))
        self.hotline = Hotline(self.feed, compile_call=plan_with_menu)

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        return self.hotline.calls_up.find(line=line, agent=agent)

    def request(self, call: str, request: CallRequest) -> None:
        if not self.hotline.runner.has(call):
            raise RequestRefused(f"no call {call!r} is up")
        self.hotline.runner.request(call, request)


@contextlib.asynccontextmanager
async def site_on(mosquitto: Mosquitto) -> AsyncIterator[tuple[Hotline, Watcher, aiomqtt.Client]]:
    """A site in service, and somebody who watches its feed."""
    mosquitto.demand_password("gateway", "secret")
    await mosquitto.start()
    site = Site(mosquitto)
    await site.feed.start()
    await site.hotline.runner.open()
    try:
        async with watching(mosquitto.port, **mosquitto.login) as (watcher, client):
            await watcher.until(lambda w: any(s["state"] == "idle" for s in w.of("line/sip1/state")))
            yield site.hotline, watcher, client
    finally:
        await site.hotline.runner.drain(0)
        await site.feed.stop()


async def asks(client: aiomqtt.Client, watcher: Watcher, **request: object) -> dict[str, object]:
    """Send a request; its answer."""
    number = len(watcher.of("command/result"))
    await client.publish("sansheng/jinan/command", json.dumps({"id": number, **request}), qos=1)
    await watcher.until(lambda w: len(w.of("command/result")) > number)
    result = watcher.of("command/result")[number]
    assert result["id"] == number
    assert isinstance(result, dict)
    return result


def events(watcher: Watcher, kind: str) -> list[dict[str, object]]:
    return [event for event in watcher.of("line/sip1/event") if event["event"] == kind]


@pytest.mark.parametrize("by", ["call", "line", "agent"])
async def test_jh_13_a_phrase_asked_for_by_command_is_said(mosquitto: Mosquitto, by: str) -> None:
    async with site_on(mosquitto) as (hotline, watcher, client):
        hotline.rings("1")
        hotline.line.finish_prompt()  # the greeting
        hotline.line.finish_prompt()  # the menu
        where = {by: {"call": hotline.call, "line": "sip1", "agent": "801"}[by]}
        result = await asks(client, watcher, do="phrase", phrase="nuisance", **where)
        assert result == {"id": 0, "ok": True, "do": "phrase", "phrase": "nuisance", "call": hotline.call}
        await watcher.until(lambda w: "phrase-nuisance" in [e["prompt"] for e in events(w, "prompt_started")])
        (said,) = [event for event in events(watcher, "prompt_started") if event["prompt"] == "phrase-nuisance"]
        assert (said["call"], said["clause"]) == (hotline.call, "JH-14")


async def test_what_cannot_be_asked_for_is_answered_and_changes_nothing(mosquitto: Mosquitto) -> None:
    async with site_on(mosquitto) as (hotline, watcher, client):
        for leg in "13":  # both of them 801's
            hotline.rings(leg)
            hotline.line.finish_prompt()
            hotline.rings(chr(ord(leg) + 1))
        before = [order for order in hotline.line.commands if isinstance(order, Play)]
        several = await asks(client, watcher, do="phrase", phrase="nuisance", agent="801")
        assert several["ok"] is False
        assert "2 answered calls of agent '801'" in str(several["error"])
        unknown = await asks(client, watcher, do="phrase", phrase="sing", call=hotline.call)
        assert unknown["error"] == "no phrase 'sing'; allowed: nuisance, not_heard"
        gone = await asks(client, watcher, do="phrase", phrase="nuisance", call="20260101-000000-sip1-0")
        assert "20260101-000000-sip1-0" in str(gone["error"])
        idle = await asks(client, watcher, do="resume", call=hotline.call)
        assert idle["error"] == "the customer is not waiting"
        assert [order for order in hotline.line.commands if isinstance(order, Play)] == before


async def test_jh_8_a_customer_waits_and_is_taken_up_again(mosquitto: Mosquitto) -> None:
    async with site_on(mosquitto) as (hotline, watcher, client):
        hotline.rings("1")
        hotline.line.finish_prompt()
        hotline.line.finish_prompt()
        assert (await asks(client, watcher, do="wait", line="sip1"))["ok"]
        await watcher.until(lambda w: w.of("line/sip1/state")[-1]["state"] == "waiting")
        assert events(watcher, "waiting")[0]["position"] is None
        assert (await asks(client, watcher, do="resume", line="sip1"))["ok"]
        await watcher.until(lambda w: events(w, "wait_ended"))
        assert events(watcher, "wait_ended")[0]["overdue"] is False


async def test_phrases_are_listed(mosquitto: Mosquitto) -> None:
    async with site_on(mosquitto) as (_, watcher, client):
        result = await asks(client, watcher, do="phrases")
        listed = {"phrase": "nuisance", "text": "请挂机,谢谢!", "clause": "JH-13", "code": "13"}
        assert result == {"id": 0, "ok": True, "do": "phrases", "phrases": [listed]}


async def test_tt_1_who_listens_for_alerts_alone_hears_them_at_once(mosquitto: Mosquitto) -> None:
    async with site_on(mosquitto) as (hotline, watcher, _):
        async with watching(mosquitto.port, "sansheng/jinan/alert", **mosquitto.login) as (on_duty, _):
            for leg, key in (("1", "2"), ("2", "3")):
                hotline.rings(leg)
                hotline.line.report(DigitReceived(leg, key))
                hotline.line.finish_prompt()
            alert = (await on_duty.until(lambda w: w.of("alert")))[0]
            assert (alert["call"], alert["kind"], alert["clause"]) == (hotline.call, "kind-3", "TT-1")
            assert (alert["caller"], alert["agent"]) == ("138****5678", "802")
            await watcher.until(lambda w: events(w, "alert"))
            assert events(watcher, "alert") == [alert]
            for leg in "12":
                hotline.line.report(FarEndHungUp(leg, HangUpSign.BYE))
                hotline.line.report(LegReleased(leg))
            assert len(on_duty.heard) == 1
        async with watching(mosquitto.port, "sansheng/jinan/#", **mosquitto.login) as (later, _):
            await later.until(lambda w: w.of("line/sip1/state"))
            assert not later.of("alert"), "it is over for who was not there"
