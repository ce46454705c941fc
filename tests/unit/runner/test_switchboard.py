"""What the desk decides is carried out, in order, whatever fails on the way; who is kept, greeted, and rung."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from drivers.line import CallerId, CallerIdReceived, CallOffered, DigitReceived, RingBurst
from gateway.call.facts import AgentAssigned, AgentConnected, AgentMissed, Offered
from gateway.call.plan import Plan
from gateway.call.requests import AgentWish, RequestRefused
from gateway.desk import Desk, Presence
from gateway.desk.terms import PresenceChanged
from gateway.dialplan import Call
from gateway.runner.reception import Known
from tests.scenarios.hotlines import plan_of
from tests.unit.fxo.virtual_time import in_virtual_time
from tests.unit.runner.floor import SAID, Floor, gas_hotline

pytestmark = pytest.mark.unit

NUMBER = "13812345678"


def virtual(story: Coroutine[Any, Any, None]) -> None:
    in_virtual_time(story)


async def opened(*agents: str, **more: Any) -> Floor:
    floor = Floor(*agents, **more)
    await floor.open()
    return floor


def said(floor: Floor, leg: str) -> list[str]:
    orders = (*floor.line.up[leg].orders,)
    return [path for order in orders for path in getattr(order, "recordings", ())]


class Seen:
    """The calls that plans were compiled for."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Plan:
        self.calls.append(call)
        return gas_hotline(call)


def test_the_number_greeted_is_the_number_who_answers() -> None:
    async def story() -> None:
        floor = await opened("801", "802", "809")
        greeted = []
        for customer in "abc":
            floor.rings(customer)
            greeted.append(floor.ledger.of(Offered)[-1].fact.agent)  # type: ignore[union-attr]  # Offered
            floor.picks_up(greeted[-1])
            assert floor.has_him(customer) == greeted[-1]
        assert greeted == ["801", "802", "809"]
        assert "trainee" in said(floor, "c")[0], "809 is one"
        await floor.close()

    virtual(story())


def test_more_customers_than_agents_are_greeted_shortly_and_none_of_them_by_a_number() -> None:
    async def story() -> None:
        seen = Seen()
        floor = await opened("801", "802", compile_call=seen)
        floor.wish("802", AgentWish("away"))
        floor.rings("a")
        floor.rings("b")
        assert [call.overflow for call in seen.calls] == [False, True]
        await floor.close()

    virtual(story())


def test_wd_13_the_owner_of_an_open_ticket_greets_if_he_is_free() -> None:
    async def story() -> None:
        known = Known(owner_of={NUMBER: "802"}.get, warned=lambda number: number == NUMBER)
        seen = Seen()
        floor = await opened("801", "802", known=known, compile_call=seen)
        floor.rings("a", NUMBER)
        assert floor.ledger.of(AgentAssigned)[0].fact == AgentAssigned("802")
        assert floor.telephone("802") is not None
        assert floor.telephone("801") is None
        assert seen.calls[-1].warned, "JH-13's words"
        floor.rings("b", NUMBER)
        assert floor.telephone("801") is not None, "he has a call: another one greets"
        await floor.close()

    virtual(story())


def test_a_full_disk_records_nothing_and_rings_all_the_same() -> None:
    async def story() -> None:
        seen = Seen()
        floor = await opened("801", known=Known(may_record=lambda: False), compile_call=seen)
        floor.rings("a")
        assert seen.calls[0].recording is None
        assert floor.telephone("801") is not None
        await floor.close()

    virtual(story())


def test_another_agents_phrases_give_his_own_number() -> None:
    async def story() -> None:
        seen = Seen()
        floor = await opened("801", "802", compile_call=seen)
        floor.rings("a")
        call = floor.ledger.of(Offered)[0].call
        assert call is not None
        assert floor.reception.phrases(call, "802")
        assert seen.calls[-1] == replace(seen.calls[0], agent="802")
        assert floor.reception.phrases("no call", "802") == {}
        await floor.close()

    virtual(story())


def test_tt_1_nobody_is_rung_before_the_customer_has_said_what_he_wants() -> None:
    async def story() -> None:
        def menu(call: Call) -> Plan:
            plan = plan_of("tietong-keyaccount", replace(call, recording=None))
            return replace(plan, answer=replace(plan.answer, on_ring=2, caller_id_wait=0.01))

        floor = await opened("801", compile_call=menu)
        floor.rings("a")
        await asyncio.sleep(3 * SAID)
        assert floor.telephone("801") is None
        floor.line.report(DigitReceived("a", "4"))
        assert floor.telephone("801") is not None
        await floor.close()

    virtual(story())


def test_who_is_missed_in_the_greeting_is_said_sorry_for_and_the_next_one_talks() -> None:
    async def story() -> None:
        floor = await opened("801", "802")
        floor.rings("a")
        await asyncio.sleep(15.1)
        assert floor.ledger.of(AgentMissed)
        floor.picks_up("802")
        await asyncio.sleep(5 * SAID)
        assert floor.ledger.of(AgentConnected)[-1].fact == AgentConnected("802")
        assert floor.calls_up.find(agent="802")
        await floor.close()

    virtual(story())


def test_who_is_free_for_a_moment_is_shown_without_the_call_that_he_is_rung_for_next() -> None:
    async def story() -> None:
        floor = await opened("801")
        floor.rings("a")
        floor.picks_up("801")
        floor.rings("b")
        await asyncio.sleep(5 * SAID)
        first = floor.shown[-1].call
        floor.hangs_up("801")
        await asyncio.sleep(10.0)  # the time after a call
        shown = [(change.presence, change.call) for change in floor.shown[-3:]]
        second = floor.shown[-1].call
        assert shown == [(Presence.AFTER_CALL, None), (Presence.FREE, None), (Presence.RINGING, second)]
        assert None not in (first, second)
        assert first != second
        await floor.close()

    virtual(story())


def test_a_wish_that_cannot_be_is_refused_with_what_can() -> None:
    async def story() -> None:
        floor = await opened("801")
        with pytest.raises(RequestRefused, match=r"no state 'asleep'.*log_in, log_out, away, back, after_call"):
            floor.wish("801", AgentWish("asleep"))
        with pytest.raises(RequestRefused, match="there is no agent 999"):
            floor.wish("999", AgentWish("away"))
        assert floor.desk.presence("801") is Presence.FREE
        await floor.close()

    virtual(story())


def test_what_cannot_be_shown_keeps_nobody_from_being_rung(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(change: PresenceChanged) -> None:
        raise RuntimeError("broken feed")

    async def story() -> None:
        floor = await opened("801")
        monkeypatch.setattr(floor, "presence_changed", breaks)
        floor.rings("a")
        floor.picks_up("801")
        assert floor.has_him("a") == "801"
        await floor.close()

    virtual(story())
    assert "not carried out: PresenceChanged" in caplog.text


def test_a_desk_that_fails_takes_no_line_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("broken desk")

    async def story() -> None:
        floor = await opened("801")
        monkeypatch.setattr(Desk, "answered", breaks)
        floor.rings("a")
        assert floor.line.up["a"].off_hook
        monkeypatch.undo()
        floor.line.hangs_up(floor.line.up["a"])
        floor.rings("b")
        assert floor.telephone("801") is not None
        await floor.close()

    virtual(story())
    assert "the desk failed" in caplog.text


def test_a_caller_id_that_comes_late_counts_at_once() -> None:
    """A key account who waits already is served before who came earlier, and both are told their places."""

    async def story() -> None:
        floor = await opened("801")
        floor.wish("801", AgentWish("away"))
        for call in "ab":
            floor.switchboard.offered(call)
            floor.switchboard._do(lambda now, call=call: floor.desk.answered(call, now))
        assert floor.desk.waiting() == ("a", "b")
        floor.switchboard.identified("b", "13900000001", None)
        handle = floor.switchboard._timer
        assert handle is not None
        assert handle.when() <= floor.now
        assert floor.desk.waiting() == ("b", "a")
        await floor.close()
        assert floor.switchboard._timer is None

    virtual(story())


def test_after_the_stop_no_timer_is_left() -> None:
    async def story() -> None:
        floor = await opened("801")
        floor.line.report(CallOffered("a"))
        floor.line.report(CallerIdReceived("a", CallerId(NUMBER)))
        for ring in (1, 2):
            floor.line.report(RingBurst("a", ring))
        await floor.close()
        floor.switchboard.reached("801", False)
        assert floor.switchboard._timer is None

    virtual(story())
