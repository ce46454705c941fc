"""What the gateway says to a config or a machine it cannot begin with."""

import signal

import pytest

from tests.broker import free_port, watching
from tests.process.customers import Story, hangs_up_in_the_greeting, placed
from tests.process.gateway import SITE, Site, run, sip_line
from tests.sip.conftest import free_port as free_udp_port

pytestmark = pytest.mark.process


async def refused(site: Site) -> str:
    """What `sansheng run` says before it exits 1."""
    code, out, err = await run("run", "-c", str(site.config))
    assert code == 1
    assert "Traceback" not in out + err
    return out + err


async def test_wrong_keys_are_named_with_file_line_and_cure(site: Site) -> None:
    port = free_udp_port()
    site.write(sip_line("sip1", port, calls="many", listn="x"), drain_seconds=-1)
    said = await refused(site)
    lines = site.config.read_text().splitlines()
    for key in ("drain_seconds", "calls", "listn"):
        number = next(n for n, line in enumerate(lines, start=1) if line.startswith(key))
        (fault,) = [line for line in said.splitlines() if line.startswith(f"{site.config}:{number}:")]
        assert key in fault
        assert "allowed" in fault or "did you mean" in fault


async def test_what_is_no_toml_is_named_with_its_line(site: Site) -> None:
    site.config.write_text('site = "jinan"\nlines = [\n')
    assert f"{site.config}:" in await refused(site)


async def test_an_unknown_dialplan_is_named_with_those_there_are(site: Site) -> None:
    site.write(sip_line("sip1", free_udp_port()), dialplan="jihua-gaz")
    said = await refused(site)
    assert "jihua-gaz" in said
    assert "jihua-gas" in said


async def test_a_missing_config_is_named(site: Site) -> None:
    assert str(site.config) in await refused(site)


@pytest.mark.parametrize("command", [["calls", "--json"], ["check"]])
async def test_every_command_says_the_same_of_a_wrong_config(site: Site, command: list[str]) -> None:
    site.write(sip_line("sip1", free_udp_port()), drain_seconds=-1)
    code, out, err = await run(*command, "-c", str(site.config))
    assert code == 1
    assert f"{site.config}:" in out + err
    assert "drain_seconds" in out + err
    assert "Traceback" not in out + err


async def test_two_gateways_on_one_folder_and_the_embedded_broker(site: Site) -> None:
    """Without [mqtt] url whoever is on this machine sees the lines on the gateway's own broker."""
    port, broker = free_udp_port(), free_port()
    site.write(f"[mqtt]\nbroker_port = {broker}", sip_line("sip1", port))
    gateway = await site.start()
    said = await refused(site)
    assert "another gateway uses data_dir" in said
    assert str(site.folder / "var") in said
    async with watching(broker) as (watcher, _):
        await watcher.until(lambda w: "online" in w.of("status") and w.of("line/sip1/state"))
        story = Story(watcher, "13800000001")
        async with placed(f"sip:8801@127.0.0.1:{port}", story.number) as customer:
            await hangs_up_in_the_greeting(customer, story)
            await story.until("released", by="customer")
        gateway.send(signal.SIGTERM)
        assert await gateway.ended() == 0
        await watcher.until(lambda w: w.of("status")[-1] == "offline")
    assert (await site.call_of("13800000001"))["site"] == SITE
