"""The standards on the real thing: a gateway, a softphone that customers call, a broker that tells of it."""

import contextlib
import json
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from tests.broker import Mosquitto, Watcher, watching
from tests.process.customers import A_CALL, Story, placed
from tests.process.gateway import Site, mqtt, sip_line, site_in
from tests.process.material import make_dialplan, voice
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

pytestmark = pytest.mark.sip  # one call at a time: no need to have the machine for itself


@dataclass
class Hotline:
    """One standard's hotline, in service."""

    site: Site
    watcher: Watcher
    mqtt: aiomqtt.Client
    target: str

    async def ask(self, **request: Any) -> dict[str, Any]:
        """A command, and its answer."""
        await self.mqtt.publish("sansheng/jinan/command", json.dumps(request), qos=1)

        def answered(watcher: Watcher) -> list[dict[str, Any]]:
            return [result for result in watcher.of("command/result") if result["id"] == request["id"]]

        (result,) = await self.watcher.until(answered)
        return dict(result)


@contextlib.asynccontextmanager
async def hotline(
    folder: Path, broker: Mosquitto, standard: str, *tables: str, **keys: Any
) -> AsyncIterator[Hotline]:
    dialplan = folder / make_dialplan(folder, standard)
    port = free_port()
    broker.kill()
    broker.demand_password("gateway", "secret")  # so that it knows who asks
    await broker.start()
    (folder / "password").write_text("secret")
    feed = mqtt(broker.url, username="gateway", password_file=str(folder / "password"))
    async with site_in(folder, dialplan) as site, watching(broker.port, **broker.login) as (watcher, client):
        site.write(feed, sip_line("sip1", port), *tables, **keys)
        await site.start()
        yield Hotline(site, watcher, client, f"sip:8801@127.0.0.1:{port}")


@contextlib.asynccontextmanager
async def answered(line: Hotline, number: str) -> AsyncIterator[tuple[Caller, Story]]:
    """A customer whose call was answered, and who is quiet."""
    story = Story(line.watcher, number)
    async with placed(line.target, number) as customer:
        await customer.response("INVITE", 200)
        customer.rtp.start_sending()
        yield customer, story


async def hangs_up(customer: Caller, story: Story) -> None:
    """And his record is closed."""
    customer.bye()
    await customer.response("BYE", 200)
    await story.until("released")


async def speaks(customer: Caller, story: Story, words: int = 1) -> None:
    """Says something, until it was understood, and then is quiet."""
    before = len([event for event in story.events if event.get("verdict") == "speech"])
    customer.rtp.start_sending(voice() * words)
    await story._watcher.until(
        lambda _: len([event for event in story.events if event.get("verdict") == "speech"]) > before
    )


def said(record: dict[str, Any]) -> list[str]:
    return [prompt["text"] for prompt in record["prompts"]]


def keys(record: dict[str, Any]) -> list[str]:
    return [prompt["prompt"] for prompt in record["prompts"]]


def kept(record: dict[str, Any]) -> dict[str, bool]:
    """By clause; one that orders several steps is kept where each of them is."""
    judged: dict[str, bool] = {}
    for judgement in record["compliance"]:
        judged[judgement["clause"]] = judged.get(judgement["clause"], True) and judgement["kept"]
    return judged


async def test_wd8_wd1_a_silent_customer_of_the_water_hotline(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with hotline(tmp_path, mosquitto, "runfa-water", on_ring=2) as water:
        async with placed(water.target, "13800000001") as customer:
            await customer.response("INVITE", 200)
            customer.rtp.start_sending()
            await customer.incoming("BYE", A_CALL)
        record = await water.site.call_of("13800000001")
    assert said(record)[-3:] == [
        "您好,您的电话已接通,请讲话?",
        "您好,我无法听见您讲话,请您重新再打一遍,好吗?",
        "无需服务请挂机,再见。",
    ]
    assert (record["released_by"], record["cause"]) == ("standard", "WD-8")
    assert record["rings"] <= 2
    assert all(kept(record).values())


async def test_wd2_releases_after_the_farewell(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with hotline(tmp_path, mosquitto, "runfa-water") as water:
        async with answered(water, "13800000002") as (customer, story):
            await story.said("greeting")
            await speaks(customer, story)
            await customer.incoming("BYE", A_CALL)
        record = await water.site.call_of(story.number)
    assert keys(record)[-1].startswith("farewell")
    assert said(record)[-1].endswith("再见")
    assert (record["released_by"], record["cause"]) == ("standard", "WD-2")
    assert kept(record)["WD-2"]


async def test_js3_each_answer_is_recorded_separately_and_in_order(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with hotline(tmp_path, mosquitto, "jinsui-tax") as tax:
        async with answered(tax, "13800000003") as (customer, story):
            await story.said("greeting")
            await speaks(customer, story)
            await story.said("question-telephone")
            for digit in "88#":
                customer.rtp.press(digit)
                await story.until("dtmf", digit=None)  # which key is not told: it may be a number's (WD-11)
            await story.said("farewell")
            await hangs_up(customer, story)
        record = await tax.site.call_of(story.number)
    answers = record["answers"]
    assert [answer["question"] for answer in answers] == [
        *("enterprise", "telephone", "tax_office", "lamps", "memory"),
        *("printer", "card_date", "first_report", "account_month"),
    ]
    assert [answer["digits"] for answer in answers] == [None, "88", *[None] * 7]
    assert len({answer["recording"] for answer in answers}) == len(answers)
    for answer in answers:
        with wave.open(answer["recording"]) as file:
            assert file.getframerate() == 8000
            assert file.getnframes() > 0
    assert "等我们有了确切结果后会尽快和您联系" in said(record)
    assert all(kept(record).values())


async def test_tt1_a_serious_complaint_raises_an_alert_at_once_tt2_and_is_heard_to_its_end(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with hotline(tmp_path, mosquitto, "tietong-keyaccount") as accounts:
        async with answered(accounts, "13800000004") as (customer, story):
            await story.until("prompt_started", prompt="menu")
            customer.rtp.press("4")
            alert = await story.until("alert")
            told = [event["event"] for event in story.events]
            assert told[told.index("dtmf") :][:3] == ["dtmf", "kind", "alert"]  # at once: nothing comes between
            (alone,) = await accounts.watcher.until(lambda w: w.of("alert"))
            assert (alert["kind"], alone["kind"]) == ("serious_complaint", "serious_complaint")
            assert story.number not in json.dumps([alert, alone])
            await story.said("text-listening")
            await speaks(customer, story)
            await story.said("farewell")
            await hangs_up(customer, story)
        record = await accounts.site.call_of(story.number)
    assert keys(record)[-5:] == [
        *("text-apology", "text-recorded", "text-deadline", "text-apology-again", "farewell"),
    ]
    assert record["kind"] == "serious_complaint"
    assert all(kept(record).values())


async def test_et1_et3_parameters_of_the_site(tmp_path: Path, mosquitto: Mosquitto) -> None:
    parameters = '[parameters]\norganisation = "东方公司"\npromised_time = "两小时"'
    async with hotline(tmp_path, mosquitto, "service-desk", parameters) as desk:
        async with answered(desk, "13800000005") as (customer, story):
            await story.said("greeting")
            await speaks(customer, story)
            await story.said("farewell")
            await hangs_up(customer, story)
        ticket, *_ = await desk.watcher.until(lambda watcher: watcher.of("ticket/1/state"))
        record = await desk.site.call_of(story.number)
    assert said(record)[0] == "您好,东方公司,有什么可以帮到您?"
    assert "您的问题我已经记录下来了,两小时内给您回复" in said(record)
    asked, deadline = (datetime.fromisoformat(at) for at in (record["offered_at"], ticket["deadline"]))
    assert timedelta(hours=2) < deadline - asked < timedelta(hours=3), "the promised time is kept"


async def test_jh5_more_customers_than_agents(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with hotline(tmp_path, mosquitto, "jihua-gas", agents=["801"]) as gas:
        first, second = Story(gas.watcher, "13800000006"), Story(gas.watcher, "13800000007")
        async with placed(gas.target, first.number), placed(gas.target, second.number):
            await first.said("greeting")
            await second.said("overflow-greeting")
    assert next(e for e in second.events if e["event"] == "prompt_started")["text"] == "您好,请讲"


async def test_jh13_jh8_what_the_agent_asks_for_is_said_to_the_customer(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async with (
        hotline(tmp_path, mosquitto, "jihua-gas") as gas,
        answered(gas, "13800000008") as (customer, story),
    ):
        await story.said("greeting")
        assert (await gas.ask(id="1", do="phrase", line="sip1", phrase="nuisance"))["ok"]
        told = await story.until("prompt_started", prompt="phrase-nuisance")
        assert (told["text"], told["clause"]) == ("如果您没有其它服务需求,请挂机,谢谢!", "JH-13")
        await story.said("phrase-nuisance")
        assert not (await gas.ask(id="2", do="phrase", line="sip1", phrase="nuisances"))["ok"]
        assert (await gas.ask(id="3", do="wait", call=story.call))["ok"]
        await story.said("waiting-first")
        assert story.states[-1]["state"] == "waiting"
        assert (await gas.ask(id="4", do="resume", call=story.call))["ok"]
        await story.until("wait_ended", overdue=False)
        await hangs_up(customer, story)


async def test_jh13_jh14_the_agent_dials_a_code_on_his_telephone(tmp_path: Path, mosquitto: Mosquitto) -> None:
    agent = '[[agents]]\nnumber = "801"\nextension = "sip:6801@127.0.0.1:5080"'
    async with hotline(tmp_path, mosquitto, "jihua-gas", agent) as gas:
        async with answered(gas, "13800000009") as (customer, story):
            await story.said("greeting")
            telephone = await Caller.open(gas.target, user="6801")
            try:
                telephone.invite()
                await telephone.response("INVITE", 200)
                telephone.rtp.start_sending()
                for key in "*13":
                    telephone.rtp.press(key)
                await story.said("phrase-nuisance")
                telephone.bye()
                await telephone.response("BYE", 200)
            finally:
                telephone.close()
            await hangs_up(customer, story)
        (record,) = await gas.site.calls()
        figures = gas.watcher.of("kpi")[-1]
    assert record["caller"] == story.number
    assert "phrase-nuisance" in keys(record)
    assert record["digits"] == ""
    assert (figures["offered"], figures["answered"]) == (1, 1)
    assert {event["call"] for event in gas.watcher.of("line/sip1/event")} == {None, record["call"]}
