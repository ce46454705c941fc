"""Agents' telephones: rung, answered, dropped, lost; and how the gateway finds out that one is not there."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from drivers.line import (
    Dial,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndResumed,
    FarEndRinging,
    FaultCode,
    Join,
    LegFailed,
    MediaLost,
    MediaRestored,
)
from gateway.call.facts import AgentConnected, AgentLeft, AgentMissed, AgentRinging, Released
from gateway.desk import Presence
from gateway.runner.agent_telephones import AUDIO_MISSED
from gateway.runner.reachability import AGAIN, AGAIN_MISSING, UNASKED, Reachability
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.floor import CLEARING, SAID, Floor

pytestmark = pytest.mark.unit


async def opened(*agents: str, **more: Any) -> Floor:
    floor = Floor(*agents, **more)
    await floor.open()
    return floor


async def talking() -> Floor:
    """A customer and 801 talk."""
    floor = await opened("801", "802")
    floor.rings("c")
    floor.picks_up("801")
    await asyncio.sleep(3 * SAID)
    assert floor.ledger.of(AgentConnected)
    return floor


def virtual(story: Coroutine[Any, Any, None]) -> None:
    in_virtual_time(story)


def whys(floor: Floor, kind: type) -> list[tuple[str, str]]:
    return [(n.fact.agent, n.fact.why) for n in floor.ledger.of(kind)]  # type: ignore[union-attr]  # both have


def test_the_agent_is_rung_when_the_customer_is_off_hook_and_joined_when_he_answers() -> None:
    async def story() -> None:
        floor = await opened("801", "802")
        floor.rings("c")
        found = floor.telephone("801")
        assert found is not None
        assert found[1].orders == [Dial(found[1].name, "sip:801@pbx", "13812345678")], "he sees who calls"
        floor.at_telephone("801", FarEndRinging)
        assert floor.ledger.of(AgentRinging)
        floor.picks_up("801")
        assert floor.has_him("c") == "801"
        await floor.close()

    virtual(story())


def test_the_customer_goes_and_the_agent_is_released_in_the_same_moment() -> None:
    async def story() -> None:
        floor = await talking()
        floor.line.hangs_up(floor.line.up["c"])
        assert floor.telephone("801") is None
        await asyncio.sleep(CLEARING)
        assert not floor.desk_lines[0].up
        assert floor.desk.presence("801") is Presence.AFTER_CALL
        await floor.close()

    virtual(story())


@pytest.mark.parametrize("why", [DialFailure.BUSY, DialFailure.REFUSED, DialFailure.UNREACHABLE])
def test_who_is_not_reached_is_missed_and_the_next_one_is_rung(why: DialFailure) -> None:
    async def story() -> None:
        floor = await opened("801", "802")
        floor.rings("c")
        found = floor.telephone("801")
        assert found is not None
        found[0].fails(found[1], why)
        assert whys(floor, AgentMissed) == [("801", why.value)]
        assert floor.telephone("802") is not None
        await floor.close()

    virtual(story())


def test_who_does_not_come_is_rung_no_more_and_may_not_join_late() -> None:
    async def story() -> None:
        floor = await opened("801", "802")
        floor.rings("c")
        found = floor.telephone("801")
        assert found is not None
        await asyncio.sleep(15)
        assert whys(floor, AgentMissed) == [("801", "no_answer")]
        found[0].answers(found[1])
        assert not any(isinstance(order, Join) for order in found[1].orders)
        floor.picks_up("802")
        assert floor.has_him("c") == "802"
        await floor.close()

    virtual(story())


def test_the_worker_of_his_leg_is_killed_and_the_customer_stays() -> None:
    async def story() -> None:
        floor = await talking()
        floor.desk_lines[0].dies()
        assert whys(floor, AgentLeft) == [("801", "failed")]
        assert "c" in floor.line.up
        assert not floor.ledger.of(Released)
        await floor.close()

    virtual(story())


def test_lines_out_of_service_ring_nobody_and_nobody_waits_for_them() -> None:
    async def story() -> None:
        floor = Floor("801")
        floor.desk_lines[0].in_service = False
        await floor.open()
        assert not floor.telephones.serving
        floor.rings("c")
        await asyncio.sleep(0)
        assert whys(floor, AgentMissed) == [("801", "no_line")]
        assert not floor.desk_lines[0].up
        floor.desk_lines[0].is_back()
        await asyncio.sleep(10)
        assert floor.telephone("801") is not None, "he waits, and the line is back"
        await floor.close()

    virtual(story())


def test_the_line_with_the_fewest_legs_rings() -> None:
    async def story() -> None:
        floor = await opened("801", "802", "803", desk_lines=(2, 2))
        for customer in "abc":
            floor.rings(customer)
        assert sorted(len(line.up) for line in floor.desk_lines) == [1, 2]
        await floor.close()

    virtual(story())


def test_no_line_is_told_of_the_ring_it_was_meant_for_alone() -> None:
    """He was rung in vain for want of a line, spared, and rung again before anybody was told."""

    async def story() -> None:
        floor = Floor("801")
        floor.desk_lines[0].in_service = False
        await floor.open()
        floor.rings("c")
        floor.line.hangs_up(floor.line.up["c"])
        floor.desk_lines[0].is_back()
        floor.rings("d")
        await asyncio.sleep(1)
        assert floor.telephone("801") is not None
        assert floor.desk.presence("801") is Presence.RINGING
        assert not floor.ledger.of(AgentMissed)
        await floor.close()

    virtual(story())


def test_his_hold_key_lets_the_customer_wait_and_brings_him_back() -> None:
    async def story() -> None:
        floor = await talking()
        floor.at_telephone("801", FarEndHeld)
        assert floor.line.up["c"].joined is None
        floor.at_telephone("801", FarEndResumed)
        assert floor.has_him("c") == "801"
        await floor.close()

    virtual(story())


def test_a_code_that_he_dials_is_carried_out_and_a_wrong_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        floor = await talking()
        for key in "*92":
            floor.at_telephone("801", DigitReceived, key)
        for key in "*7":
            floor.at_telephone("801", DigitReceived, key)
        assert floor.desk.presence("801") is Presence.BUSY, "his call goes on"
        floor.line.hangs_up(floor.line.up["c"])
        assert floor.desk.presence("801") is Presence.OFFLINE
        await floor.close()

    virtual(story())
    assert "agent 801 dialled *7, no code" in caplog.text


def test_a_telephone_gone_silent_is_asked_and_if_it_is_not_there_his_leg_is_over() -> None:
    async def story() -> None:
        floor = await talking()
        floor.at_telephone("801", MediaLost)
        await asyncio.sleep(AUDIO_MISSED - 0.1)
        assert not floor.doubted
        await asyncio.sleep(0.2)
        assert floor.doubted == ["801"]
        assert not floor.ledger.of(AgentLeft), "who sends nothing while he is silent is there"
        floor.switchboard.reached("801", False)
        assert whys(floor, AgentLeft) == [("801", "no_audio")]
        assert floor.telephone("801") is None
        assert "c" in floor.line.up
        await floor.close()

    virtual(story())


def test_who_is_heard_again_is_not_asked_and_who_is_heard_is_not_ended() -> None:
    async def story() -> None:
        floor = await talking()
        floor.at_telephone("801", MediaLost)
        floor.at_telephone("801", MediaRestored)
        await asyncio.sleep(2 * AUDIO_MISSED)
        assert not floor.doubted
        floor.switchboard.reached("801", False)
        assert not floor.ledger.of(AgentLeft)
        await floor.close()

    virtual(story())


def test_a_leg_lost_while_it_rings_is_missed() -> None:
    async def story() -> None:
        floor = await opened("801", "802")
        floor.rings("c")
        floor.at_telephone("801", LegFailed, FaultCode.WORKER_DIED, "killed")
        assert whys(floor, AgentMissed) == [("801", "failed")]
        await floor.close()

    virtual(story())


# -- reachability ----------------------------------------------------------------------------------------------


def test_all_are_asked_before_the_start_is_over_and_the_missing_ones_sooner_again() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        there = {"a": True, "b": False}
        asked: list[tuple[str, float]] = []
        told: list[tuple[str, bool]] = []

        async def ask(address: str) -> bool:
            asked.append((address, round(loop.time() - begun, 2)))
            return there[address]

        begun = loop.time()
        reachability = Reachability({"801": "a", "802": "b"}, ask, lambda *news: told.append(news))
        await reachability.start()
        assert told == [("801", True), ("802", False)]
        await asyncio.sleep(AGAIN + 0.5)
        assert [at for address, at in asked if address == "a"] == [0.0, AGAIN / 2], "not with the others"
        assert [at for address, at in asked if address == "b"] == [n * AGAIN_MISSING for n in range(4)]
        asked.clear()
        reachability.doubt("801")
        reachability.doubt("nobody")
        await asyncio.sleep(0.1)
        assert [address for address, _ in asked] == ["a"], "asked at once"
        await reachability.stop()
        asked.clear()
        await asyncio.sleep(60)
        assert not asked

    virtual(story())


def test_who_cannot_be_asked_is_what_he_was_until_that_lasts() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        answers: dict[str, bool | None] = {"a": True, "b": False, "c": None}
        told: list[tuple[float, str, bool]] = []

        async def ask(address: str) -> bool | None:
            return answers[address]

        def tell(agent: str, there: bool) -> None:
            told.append((loop.time(), agent, there))

        reachability = Reachability({"801": "a", "802": "b", "803": "c"}, ask, tell)
        await reachability.start()
        assert [news[1:] for news in told] == [("801", True), ("802", False)]
        for _ in range(3):
            answers.update(a=None, b=None)
            told.clear()
            await asyncio.sleep(UNASKED - 0.1)
            assert not told, "the lines are away for a moment: nothing is known"
            answers.update(a=True, b=False)
            await asyncio.sleep(AGAIN)
            assert {news[1:] for news in told} == {("801", True), ("802", False)}
        begun = loop.time()
        answers.update(a=None, b=None)
        told.clear()
        await asyncio.sleep(60)
        ((at, *news),) = told
        assert news == ["801", False]
        assert UNASKED <= at - begun <= AGAIN + UNASKED + AGAIN_MISSING, "told once"
        answers["a"] = True
        await asyncio.sleep(AGAIN_MISSING)
        assert told[-1][1:] == ("801", True)
        await reachability.stop()

    virtual(story())


def test_many_telephones_are_not_asked_in_the_same_moment() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        asked: list[float] = []

        async def ask(address: str) -> bool:
            asked.append(round(loop.time(), 3))
            return True

        reachability = Reachability({f"8{n:02}": f"{n}" for n in range(20)}, ask, lambda agent, there: None)
        await reachability.start()
        asked.clear()
        await asyncio.sleep(5 * AGAIN + 0.1)
        assert len(asked) == 5 * 20
        assert len(set(asked)) == len(asked)
        await reachability.stop()

    virtual(story())


def test_a_telephone_that_is_picked_up_without_a_word_of_ringing_has_rung() -> None:
    async def story() -> None:
        floor = await talking()
        told = [type(notice.fact) for notice in floor.ledger.notices]
        assert told.count(AgentRinging) == 1
        assert told.index(AgentRinging) < told.index(AgentConnected)

    virtual(story())
