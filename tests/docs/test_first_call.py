"""docs/first-call.md: `sansheng init` at a terminal, the gateway it sets up, a test call by SIP and one by the
modem, both on record. Half a minute; more on a busy machine."""

from pathlib import Path

import pytest

from drivers.emulator import EmulatedModem
from drivers.emulator.callers import Caller
from tests.process.conftest import dialplan
from tests.process.day import quick_exchange
from tests.process.gateway import Site, run
from tests.process.person import Person
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

__all__ = ["dialplan"]  # a fixture


async def test_the_first_calls_are_answered(tmp_path: Path, dialplan: Path) -> None:
    folder = tmp_path / "etc"
    async with EmulatedModem(exchange=quick_exchange()) as modem:
        await questions(folder, dialplan, modem)
        site = Site(folder, dialplan)
        answers_at_once(site.config)
        try:
            await site.start()
            caller = modem.exchange.call(Caller.silent(number="13812345678").hanging_up_after(1))
            code, out, err = await run("try", "-c", str(site.config))
            assert (code, err) == (0, ""), out
            assert "good: answered after" in out
            report = await caller.ended()
            assert report.answered
            await site.stop()  # every fact is on record then
            await recorded(site)
        finally:
            await site.stop()


async def questions(folder: Path, dialplan: Path, modem: EmulatedModem) -> None:
    """As docs/first-call.md answers them."""
    async with Person("init", str(folder), "--no-doctor") as person:
        await person.answers("Name of this site", "济南")
        await person.answers("allowed: 1 to 64 letters", "jinan")
        await person.answers("Which standard", str(dialplan))
        await person.answers("SIP calls: 1", "2")  # nothing to register with, which would be waited for
        await person.answers("The PBX's address", "127.0.0.1")
        await person.answers("Where we listen", f"127.0.0.1:{free_port()}")
        await person.answers("The number under which the PBX calls us", "8801")
        await person.answers("How many callers", "2")
        await person.answers("Port of another modem", modem.port)
        await person.answers(f"Use {modem.port} as fxo1? [Y/n]", "")
        await person.answers("Port of another modem", "")
        await person.answers("Agents' numbers", "801")
        await person.answers("Are their telephones", "n")
        await person.answers("MQTT: own", "")
        await person.answers("Wallboard in a browser", "none")
        await person.answers("Write these files? [Y/n]", "")
        await person.until("gateway.toml: good: lines: 2, agents: 1")
        await person.until(f"sansheng try -c {folder}/gateway.toml")
        assert await person.ended() == 0


def answers_at_once(config: Path) -> None:
    with config.open("a") as file:
        file.write("\n[answer]\non_ring = 1\n")


async def recorded(site: Site) -> None:
    calls = {call["line"]: call for call in await site.calls()}
    assert {line: call["outcome"] for line, call in calls.items()} == {"sip1": "answered", "fxo1": "answered"}
