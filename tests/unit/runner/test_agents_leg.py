"""An agent calls from his telephone and dials codes: his customer hears the phrase, nobody sees a call of his."""

import asyncio
import logging

import pytest

from drivers.line import (
    Answer,
    CallerId,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    Play,
    Record,
    Release,
)
from gateway.call.facts import Offered, Released, ReleasedBy
from tests.unit.runner.bench import Hotline, at

pytestmark = pytest.mark.unit

CUSTOMER, AGENT = "1", "2"


def dials(hotline: Hotline, keys: str, leg: str = AGENT) -> None:
    for key in keys:
        hotline.line.report(DigitReceived(leg, key))


async def with_a_customer() -> Hotline:
    """A customer who was greeted by 801, and 801 on his telephone."""
    hotline = Hotline()
    await hotline.runner.open()
    hotline.rings(CUSTOMER)
    hotline.line.finish_prompt()
    hotline.offers(AGENT, "6801")
    return hotline


def played(hotline: Hotline) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.leg, c.recordings) for c in hotline.line.commands if isinstance(c, Play)]


async def test_his_code_is_heard_by_his_customer() -> None:
    hotline = await with_a_customer()
    assert Answer(AGENT) in hotline.line.commands, "he need not ring"
    dials(hotline, "*13")
    assert played(hotline)[1:] == [(CUSTOMER, ("phrase-nuisance.wav",))]
    await hotline.runner.drain(0)


async def test_he_is_no_call_of_a_customer() -> None:
    hotline = await with_a_customer()
    dials(hotline, "*13")
    hotline.line.report(FarEndHungUp(AGENT, HangUpSign.BYE))
    hotline.line.report(LegReleased(AGENT))
    assert len(hotline.ledger.of(Offered)) == 1
    assert not hotline.ledger.of(Released)
    assert {notice.call for notice in hotline.ledger.notices if notice.call} == {
        hotline.ledger.of(Offered)[0].call
    }
    assert not [c for c in hotline.line.commands if c.leg == AGENT and isinstance(c, Play | Record | Release)]
    await hotline.runner.drain(0)


async def test_he_makes_no_overflow() -> None:
    hotline = Hotline()
    await hotline.runner.open()
    for leg in "abc":
        hotline.offers(leg, "6801")
    _, plan = hotline.reception.receive_call("sip1", at())
    assert plan.agent == "801", "he has taken nobody's turn either"
    await hotline.runner.drain(0)


async def test_a_code_that_is_none_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    hotline = await with_a_customer()
    dials(hotline, "*99")
    assert "agent 801 dialled *9, no code" in caplog.text
    assert len(played(hotline)) == 1
    await hotline.runner.drain(0)


async def test_without_a_customer_nobody_hears_it(caplog: pytest.LogCaptureFixture) -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.rings(CUSTOMER)  # greeted by 801
    hotline.offers(AGENT, "6802")
    dials(hotline, "*13")
    assert "refused: no answered call of agent '802'" in caplog.text
    assert len(played(hotline)) == 1
    await hotline.runner.drain(0)


async def test_with_two_customers_neither_hears_it(caplog: pytest.LogCaptureFixture) -> None:
    hotline = await with_a_customer()
    hotline.rings("3")  # 802's
    hotline.line.finish_prompt()
    hotline.rings("4")  # 801's second
    hotline.line.finish_prompt()
    before = played(hotline)
    dials(hotline, "*13")
    assert "refused: 2 answered calls of agent '801'" in caplog.text
    assert played(hotline) == before
    await hotline.runner.drain(0)


@pytest.mark.parametrize("number", ["13812345678", "801", "06801", None])
async def test_who_calls_from_no_extension_is_a_customer(number: str | None) -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.rings(CUSTOMER, number)
    assert len(hotline.ledger.of(Offered)) == 1
    await hotline.runner.drain(0)


async def test_where_the_caller_id_comes_later_all_are_customers() -> None:
    hotline = Hotline(caller_id_first=False)
    await hotline.runner.open()
    hotline.line.report(CallOffered(CUSTOMER))
    assert len(hotline.ledger.of(Offered)) == 1, "on record from its first ring"
    hotline.rings(AGENT, "6801")
    assert len(hotline.ledger.of(Offered)) == 2
    await hotline.runner.drain(0)


async def test_a_leg_that_is_lost_before_its_caller_id_is_on_record_as_a_call() -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.line.report(CallOffered(CUSTOMER))
    assert not hotline.ledger.of(Offered)
    hotline.line.report(LegFailed(CUSTOMER, FaultCode.WORKER_DIED, "gone"))
    assert len(hotline.ledger.of(Offered)) == 1
    assert hotline.ledger.of(Released)[0].fact == Released(ReleasedBy.FAULT, "worker_died")
    async with asyncio.timeout(30):
        await hotline.runner.drain(60)


async def test_service_ends_once_no_customer_is_left() -> None:
    hotline = await with_a_customer()
    draining = asyncio.create_task(hotline.runner.drain(60))
    await asyncio.sleep(0)
    assert Release(AGENT) not in hotline.line.commands, "he may still be needed"
    hotline.line.report(FarEndHungUp(CUSTOMER, HangUpSign.BYE))
    hotline.line.report(LegReleased(CUSTOMER))
    async with asyncio.timeout(30):
        await draining
    assert Release(AGENT) in hotline.line.commands


async def test_service_that_ends_between_offer_and_caller_id_releases_the_leg() -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.line.report(CallOffered(CUSTOMER))
    await hotline.runner.drain(0)
    assert hotline.ledger.of(Released)[0].fact == Released(ReleasedBy.SHUTDOWN, "shutdown")
    assert Release(CUSTOMER) in hotline.line.commands


async def test_an_agent_whose_telephone_is_lost_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gateway.runner")
    hotline = await with_a_customer()
    hotline.line.report(LegFailed(AGENT, FaultCode.WORKER_DIED, "gone"))
    assert "agent 801 has left the telephone: worker_died" in caplog.text
    assert not hotline.ledger.of(Released)
    await hotline.runner.drain(0)


async def test_who_calls_a_code_itself_is_let_go_once_it_is_carried_out() -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.line.report(CallOffered(AGENT, "*71"))
    hotline.line.report(CallerIdReceived(AGENT, CallerId("6801")))
    assert hotline.wishes == [("801", "log_in")]
    assert hotline.line.commands == [Answer(AGENT), Release(AGENT)]
    assert not hotline.ledger.of(Offered)
    await hotline.runner.drain(0)


async def test_a_customer_who_calls_a_code_is_a_customer() -> None:
    hotline = Hotline()
    await hotline.runner.open()
    hotline.line.report(CallOffered(CUSTOMER, "*71"))
    hotline.line.report(CallerIdReceived(CUSTOMER, CallerId("13812345678")))
    assert not hotline.wishes
    assert hotline.ledger.of(Offered)
    await hotline.runner.drain(0)


async def test_his_digits_with_more_said_of_them_are_not_his_extension() -> None:
    """`6801;x=y` is another user of the PBX: a customer, who dials no codes."""
    hotline = await with_a_customer()
    before = len(played(hotline))
    hotline.line.report(CallOffered("3", None))
    hotline.line.report(CallerIdReceived("3", CallerId("6801", qualified=True)))
    assert Answer("3") not in hotline.line.commands, "he is rung for as a customer is"
    dials(hotline, "*13", "3")
    assert len(played(hotline)) == before
    await hotline.runner.drain(0)
