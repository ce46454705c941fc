"""What is not there when the gateway starts is reported, the rest serves, and it is taken when it comes."""

import os
import socket
from pathlib import Path

import psutil
import pytest

from drivers.emulator import EmulatedModem
from tests.broker import Mosquitto, watching
from tests.process.customers import Story, hangs_up_in_the_greeting, placed
from tests.process.day import quick_exchange
from tests.process.gateway import GatewayProcess, Site, fxo_line, mqtt, sip_line
from tests.process.lines import in_service, line_events, state
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

USER, SECRET = "gateway", "open-sesame"


async def test_no_tty_a_port_in_use_no_broker_and_then_a_password_refused(
    site: Site, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    tty, taken, good = tmp_path / "ttyACM0", free_port(), free_port()
    (tmp_path / "password").write_text(f"{SECRET}\n")
    mosquitto.kill()
    feed = mqtt(mosquitto.url, username=USER, password_file=str(tmp_path / "password"))
    site.write(feed, fxo_line("fxo1", tty), sip_line("sip1", taken), sip_line("sip2", good))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", taken))
        gateway = await site.start()
        await _told_in_the_log(gateway, tty, taken)
        _comes_before_other_programs(gateway)
        await _demand(mosquitto, "another")
        assert await gateway.logged(f"ERROR.*refused the login of '{USER}'")
        async with placed(f"sip:8801@127.0.0.1:{good}", "13800000001") as customer:
            await customer.response("INVITE", 200)
            customer.bye()
            await customer.response("BYE", 200)
    async with EmulatedModem(link=tty, exchange=quick_exchange()):
        await gateway.logged("line sip1 in service")
        await gateway.logged("line fxo1 in service")
        await _demand(mosquitto, SECRET)
        async with watching(mosquitto.port, username=USER, password=SECRET) as (watcher, _):
            await watcher.until(lambda w: "online" in w.of("status"))
            for line, code in (("fxo1", "port_missing"), ("sip1", "port_busy")):
                await in_service(watcher, line)
                assert [fault["code"] for fault in line_events(watcher, line, "line_fault")] == [code]
            await state(watcher, "sip2", "idle")
            await Story(watcher, "13800000001").until("released", by="customer")
            story = Story(watcher, "13800000002")
            async with placed(f"sip:8801@127.0.0.1:{taken}", story.number) as customer:
                await hangs_up_in_the_greeting(customer, story)
                await story.until("released", by="customer")
    assert SECRET not in gateway.text


def _comes_before_other_programs(gateway: GatewayProcess) -> None:
    """Where that is granted; the softphones before the gateway."""
    own, *softphones = (process.nice() for process in gateway.family())
    granted = os.geteuid() == 0
    assert (own < psutil.Process().nice()) == granted
    assert (min(softphones) < own) == granted


async def _demand(broker: Mosquitto, password: str) -> None:
    broker.kill()
    broker.demand_password(USER, password)
    await broker.start()


async def _told_in_the_log(gateway: GatewayProcess, tty: Path, port: int) -> None:
    assert await gateway.logged("ready: 1 lines in service, 2 faulty")
    assert str(tty) in await gateway.logged("fxo1 out of service: port_missing")
    assert str(port) in await gateway.logged("sip1 out of service: port_busy")
    assert await gateway.logged("ERROR.*is not reached")
