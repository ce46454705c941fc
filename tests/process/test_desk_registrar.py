"""An agent whose telephone registers at a real Kamailio, through which the desk asks for it and rings it."""

from pathlib import Path

import pytest

from tests.process.desk_scene import Telephone, desk_scene_in
from tests.process.kamailio import kamailio
from tests.process.sounds import hears, sound

pytestmark = pytest.mark.sip

CUSTOMER, AGENT = sound(11, 8.0), sound(12, 8.0)
TALK = 24000
"""Samples of what they say that they have said before the call ends."""


def register(phone: Telephone, registrar: int, expires: int) -> None:
    """The telephone tells where it is; 0: no more."""
    phone.peer = ("127.0.0.1", registrar)
    phone.target = f"sip:{phone.user}@127.0.0.1:{registrar}"
    phone.to_tag = ""
    phone._cseq += 1
    headers = f"Expires: {expires}\r\n"
    phone._send(phone._request("REGISTER", phone._new_branch(), phone._cseq, headers=headers))


async def test_registered_rung_and_gone(tmp_path: Path, dialplan: Path) -> None:
    async with (
        kamailio(tmp_path) as registrar,
        desk_scene_in(tmp_path, dialplan, agents=("801",), registrar=registrar) as scene,
    ):
        phone = scene.phones["801"]
        register(phone, registrar, 600)
        await phone.response("REGISTER", 200)
        await scene.presence("801", "free", why="reachable")
        async with scene.customer("13800000001") as (customer, story):
            assert await scene.rung_for(story) is phone
            assert phone.peer == ("127.0.0.1", registrar)
            phone.reply(180)
            await story.until("agent_ringing", agent="801")
            phone.pick_up()
            await phone.has_come("ACK")
            await story.until("agent_connected", agent="801")
            customer.rtp.start_sending(CUSTOMER)
            phone.rtp.start_sending(AGENT)
            await phone.rtp.wait_for_packets(len(phone.rtp.packets) + 200)
            customer.bye()
            await phone.has_come("BYE")
            await story.until("released", by="customer", cause="bye")
        assert hears(phone.rtp.heard(), CUSTOMER[:TALK])
        assert hears(customer.rtp.heard(), AGENT[:TALK])
        register(phone, registrar, 0)
        await phone.response("REGISTER", 200, count=2)
        await scene.presence("801", "offline", why="unreachable")
