"""Agents for whom the desk's lines have no leg: another line's is taken, or the next that is free."""

import asyncio

import pytest

from drivers.line import DialFailure
from gateway.call.facts import AgentMissed
from gateway.desk import Presence
from gateway.runner.agent_telephones import ROOM_AGAIN, ROOM_WITHIN
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.floor import Floor

pytestmark = pytest.mark.unit


async def opened(*agents: str, legs: tuple[int, ...]) -> Floor:
    floor = Floor(*agents, desk_lines=legs)
    await floor.open()
    return floor


def missed(floor: Floor) -> list[AgentMissed]:
    return [notice.fact for notice in floor.ledger.of(AgentMissed) if isinstance(notice.fact, AgentMissed)]


def test_a_line_without_room_has_another_one_ring() -> None:
    """To its worker a leg is in use longer than to us: its CANCEL was not answered yet."""

    async def story() -> None:
        floor = await opened("801", legs=(1, 1))
        floor.rings("c")
        first = floor.telephone("801")
        assert first is not None
        first[0].fails(first[1], DialFailure.NO_LINE)
        second = floor.telephone("801")
        assert second is not None
        assert second[0] is not first[0]
        floor.picks_up("801")
        assert floor.has_him("c") == "801"
        assert not missed(floor)
        await floor.close()

    in_virtual_time(story())


def test_where_no_line_has_room_he_is_rung_as_soon_as_one_has() -> None:
    async def story() -> None:
        floor = await opened("801", legs=(1,))
        floor.rings("c")
        for _ in range(12):
            found = floor.telephone("801")
            assert found is not None
            found[0].fails(found[1], DialFailure.NO_LINE)
            await asyncio.sleep(ROOM_AGAIN)
        floor.picks_up("801")
        assert floor.has_him("c") == "801"
        assert not missed(floor)
        await floor.close()

    in_virtual_time(story())


def test_who_finds_no_leg_for_a_while_is_missed_for_want_of_one() -> None:
    async def story() -> None:
        floor = await opened("801", "802", legs=(1,))
        floor.rings("c")
        floor.picks_up("801")
        floor.rings("d")
        await asyncio.sleep(ROOM_WITHIN - 0.1)
        assert floor.desk.presence("802") is Presence.RINGING
        assert not missed(floor)
        await asyncio.sleep(0.1 + ROOM_AGAIN)
        assert missed(floor) == [AgentMissed("802", "no_line")]
        await floor.close()

    in_virtual_time(story())


def test_who_is_needed_no_more_waits_for_no_leg() -> None:
    async def story() -> None:
        floor = await opened("801", "802", legs=(1,))
        floor.rings("c")
        floor.picks_up("801")
        floor.rings("d")
        floor.line.hangs_up(floor.line.up["d"])
        floor.line.hangs_up(floor.line.up["c"])
        await asyncio.sleep(ROOM_WITHIN)
        assert not floor.desk_lines[0].up
        await floor.close()

    in_virtual_time(story())


def test_who_waits_for_a_leg_is_not_rung_on_lines_that_are_closed() -> None:
    async def story() -> None:
        floor = await opened("801", "802", legs=(1,))
        floor.rings("c")
        floor.picks_up("801")
        floor.rings("d")
        await floor.telephones.close()
        wire = floor.desk_lines[0]
        assert wire.closed
        await asyncio.sleep(ROOM_WITHIN)
        assert [leg.name for leg in (*wire.gone, *wire.up.values())] == ["out-1"]
        await floor.close()

    in_virtual_time(story())
