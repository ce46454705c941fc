"""The PBX gone and back: the call goes on, the line is told as out of service, and registers again by itself."""

from pathlib import Path

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import hangs_up, live_call, on_record, presses, undisturbed
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.lines import in_service, line_events
from tests.sip.conftest import free_port
from tests.sip.peer.registrar import Registrar

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

TOLD_WITHIN = 60.0
"""Seconds until a registrar that says nothing is told: timer F (RFC 3261, 32 s), from the next renewal on."""
BACK_WITHIN = 40.0
"""Seconds from the PBX's return to the line's: half a minute between two tries, and what an answer takes."""


async def test_a_registrar_gone_and_back_in_a_call(site: Site, mosquitto: Mosquitto, tmp_path: Path) -> None:
    registrar, port = await Registrar.open("8801", "secret"), free_port()
    registrar.expires = 7
    (tmp_path / "password").write_text("secret")
    keys = {"registrar": registrar.uri, "username": "8801", "password_file": str(tmp_path / "password")}
    site.write(mqtt(mosquitto.url), sip_line("sip1", port, **keys), sip_line("sip2", free_port()))
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with live_call(watcher, f"sip:8801@127.0.0.1:{port}") as (customer, story):
            async with undisturbed(customer):
                registrar.close()
                fault = await watcher.until(lambda w: line_events(w, "sip1", "line_fault"), TOLD_WITHIN)
                assert fault[0]["code"] == "registration_failed"
                await presses(customer, story, "1")
                again = await Registrar.open("8801", "secret", port=registrar.address[1])
                await watcher.until(lambda w: len(line_events(w, "sip1", "line_restored")) == 2, BACK_WITHIN)
                await presses(customer, story, "2")
            await hangs_up(customer, story)
        assert again.contacts
        await in_service(watcher, "sip1", 2)
        assert line_events(watcher, "sip2", "line_fault") == []
        assert not gateway.lines("worker ended|worker hung")
        again.close()
    await on_record(site, story)
