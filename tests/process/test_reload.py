"""SIGHUP with calls up: what was changed holds for the next call, and no call that is up notices."""

import re
import signal
from pathlib import Path

import pytest

from tests.broker import Mosquitto, Watcher, watching
from tests.faults.live import SENTENCES, live_call
from tests.process.customers import Story, placed
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.lines import in_service
from tests.process.material import make_dialplan, voice
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

FIRST, SECOND, THIRD = "13800000001", "13800000002", "13800000003"


def gone(watcher: Watcher, topic: str) -> bool:
    """Whether what was retained there is no more."""
    return watcher.of(topic)[-1:] == [""]


def reword(dialplan: Path, old: str, new: str) -> None:
    """Other words in the dialplan's file."""
    file = dialplan / "dialplan.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_lines_and_answer_change_under_a_call(site: Site, mosquitto: Mosquitto) -> None:
    first, second, third, moved = (free_port() for _ in range(4))
    feed = mqtt(mosquitto.url)
    site.write(feed, sip_line("sip1", first), sip_line("sip2", second), on_ring=2)
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        await in_service(watcher, "sip2")
        async with live_call(watcher, f"sip:8801@127.0.0.1:{first}") as (customer, story):
            site.write(feed, sip_line("sip1", moved), sip_line("sip3", third), on_ring=1, site="elsewhere")
            gateway.send(signal.SIGHUP)
            await gateway.logged("only after a restart: site")
            await watcher.until(lambda w: [a["code"] for a in w.of("alert/restart_needed")] == ["restart_needed"])
            await watcher.until(lambda w: gone(w, "line/sip2/state"))
            await in_service(watcher, "sip3")
            async with placed(f"sip:8801@127.0.0.1:{third}", SECOND) as other:
                answered = await Story(watcher, SECOND).until("answered")
                assert answered["rings"] == 1, "[answer] on_ring = 1 holds for the new call"
                other.bye()
                await other.response("BYE", 200)
            assert story.states[-1]["state"] != "released"
            customer.bye()
            await customer.response("BYE", 200)
        await story.until("released", by="customer")
        await in_service(watcher, "sip1", 2)
        async with placed(f"sip:8801@127.0.0.1:{moved}", THIRD) as customer:
            await Story(watcher, THIRD).until("answered")
            customer.bye()
            await customer.response("BYE", 200)
        await Story(watcher, THIRD).until("released", by="customer")
    assert (await site.call_of(story.number))["released_by"] == "customer"


async def test_a_config_with_a_mistake_changes_nothing_and_is_told(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    feed = mqtt(mosquitto.url)
    site.write(feed, sip_line("sip1", port))
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with placed(f"sip:8801@127.0.0.1:{port}", FIRST) as customer:
            await Story(watcher, FIRST).until("answered")
            customer.rtp.start_sending(voice() * SENTENCES)  # who is silent is released by JH-6 meanwhile
            site.write(feed, sip_line("sip1", port, calls=5))
            gateway.send(signal.SIGHUP)
            told = (await watcher.until(lambda w: w.of("alert/config_wrong")))[-1]
            assert re.search(r"gateway\.toml:\d+: .*calls", told["detail"])
            await Story(watcher, FIRST).said("greeting")
            site.write(feed, sip_line("sip1", port))
            gateway.send(signal.SIGHUP)
            await watcher.until(lambda w: gone(w, "alert/config_wrong"))
            customer.bye()
            await customer.response("BYE", 200)
        await Story(watcher, FIRST).until("released", by="customer")


async def test_a_dialplan_changes_under_a_call(site: Site, mosquitto: Mosquitto, tmp_path: Path) -> None:
    port = free_port()
    folder = tmp_path / "dialplans"
    folder.mkdir()
    dialplan = folder / make_dialplan(folder)
    feed = mqtt(mosquitto.url)
    site.write(feed, sip_line("sip1", port), dialplan=str(dialplan))
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        target = f"sip:8801@127.0.0.1:{port}"
        async with placed(target, FIRST) as customer:
            before = await Story(watcher, FIRST).until("prompt_started", prompt="greeting")
            customer.rtp.start_sending(voice() * SENTENCES)  # who is silent is released by JH-6 meanwhile
            reword(
                dialplan, "[answer]", '[greeting]\ntext = "您好,这里是新的问候语,{agent}号为您服务"\n\n[answer]'
            )
            gateway.send(signal.SIGHUP)
            await gateway.logged("reloaded:")
            async with placed(target, SECOND) as other:
                after = await Story(watcher, SECOND).until("prompt_started", prompt="greeting")
                assert "新的问候语" in after["text"]
                assert "新的问候语" not in before["text"]
                other.bye()
                await other.response("BYE", 200)
            await Story(watcher, FIRST).said("greeting")
            customer.bye()
            await customer.response("BYE", 200)
        await Story(watcher, FIRST).until("released", by="customer")
