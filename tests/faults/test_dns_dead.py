"""No name is answered any more, in a call: a mount namespace with its own hosts and a silent resolver."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import hangs_up, live_call, on_record, presses, undisturbed
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.lines import line_events
from tests.rights import may_mount
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller
from tests.sip.peer.registrar import Registrar

pytestmark = [
    pytest.mark.process,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        not may_mount(), reason="makes a mount namespace and listens on port 53, as root alone may"
    ),
]

SILENT = "127.53.53.53"
PBX, BROKER, PHONE = "pbx.sansheng.test", "broker.sansheng.test", "phone.sansheng.test"
OWN = "127.0.0.1 localhost\n"
KNOWN = f"{OWN}127.0.0.1 {PBX} {BROKER} {PHONE}\n"
RENEWALS = 3
"""Times the registration is renewed, or tried, while no name is known."""


def known(hosts: Path, text: str) -> None:
    """What the gateway's /etc/hosts says from now on."""
    hosts.write_text(text)


@pytest.fixture
def hosts(site: Site) -> Iterator[Path]:
    """The gateway's /etc/hosts; what is not in it is asked of a resolver that never answers."""
    hosts, resolver = site.folder / "hosts", site.folder / "resolv.conf"
    known(hosts, KNOWN)
    resolver.write_text(f"nameserver {SILENT}\n")
    mounted = f"mount --bind {hosts} /etc/hosts && mount --bind {resolver} /etc/resolv.conf"
    site.within = ("unshare", "-m", "sh", "-c", f'{mounted} && exec "$@"', "sh")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((SILENT, 53))
        yield hosts


async def test_a_silent_resolver_costs_no_call(site: Site, mosquitto: Mosquitto, hosts: Path) -> None:
    registrar, port = await Registrar.open("8801", "secret"), free_port()
    registrar.expires = 7  # renewed every two seconds
    (site.folder / "password").write_text("secret")
    keys = {
        "registrar": f"sip:{PBX}:{registrar.address[1]}",
        "username": "8801",
        "password_file": str(site.folder / "password"),
    }
    site.write(
        mqtt(f"mqtt://{BROKER}:{mosquitto.port}"),
        sip_line("sip1", port, **keys),
        f'[[agents]]\nnumber = "801"\nextension = "sip:801@{PHONE}:{free_port()}"',
    )
    target = f"sip:8801@127.0.0.1:{port}"
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        worker = gateway.workers()
        async with live_call(watcher, target) as (customer, story):
            async with undisturbed(customer):
                known(hosts, OWN)
                await registrar.wait_for_requests(len(registrar.requests) + RENEWALS)
                mosquitto.kill()
                await gateway.logged("ERROR.*is not reached")
                customer.rtp.press("1")
                await asyncio.sleep(8.0)  # what is waited for is that nothing happens
            known(hosts, KNOWN)
            await mosquitto.start()
            async with watching(mosquitto.port) as (later, _):
                story._watcher = later
                await presses(customer, story, "2")
                await hangs_up(customer, story)
        assert gateway.workers() == worker, "a worker was taken for hung"
        assert registrar.contacts
    assert line_events(watcher, "sip1", "line_fault") == []
    record = await on_record(site, story)
    assert record["digits"] == "12"
    registrar.close()


async def test_a_callers_sdp_has_no_name_looked_up(site: Site, mosquitto: Mosquitto, hosts: Path) -> None:
    """A call, and an offer in a call, whose audio is to go to a host that no server tells of: pjsip would ask on
    the thread that serves every call."""
    port = free_port()
    site.write(mqtt(f"mqtt://127.0.0.1:{mosquitto.port}"), sip_line("sip1", port))
    target = f"sip:8801@127.0.0.1:{port}"
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        worker = gateway.workers()
        async with live_call(watcher, target, silent=True) as (customer, story):
            other = await Caller.open(target)
            nowhere = other.sdp().replace("c=IN IP4 127.0.0.1", f"c=IN IP4 nowhere.{PHONE}")
            async with undisturbed(customer):
                other.invite(sdp=nowhere)
                assert (await other.final("INVITE")).status == 488
                customer.reinvite("sendrecv", sdp=nowhere)
                await customer.response("INVITE", 488)
            other.close()
            await hangs_up(customer, story)
        assert gateway.workers() == worker, "a worker was taken for hung"
