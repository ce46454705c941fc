"""Customers whom the hotline calls back: their agent is on the telephone first (JS-7, JS-9, JH-19)."""

import pytest

from drivers.line import (
    Answer,
    Answered,
    Dial,
    DialFailed,
    DialFailure,
    FarEndRinging,
    FaultCode,
    GiveUp,
    HandsetLifted,
    HangUpSign,
    Join,
    LegFailed,
    LegReleased,
    Play,
    Record,
    Release,
    Verdict,
)
from gateway.call.facts import (
    AgentConnected,
    AgentLeft,
    CallAnswered,
    CustomerRings,
    Dialled,
    DialUnanswered,
    Offered,
    Released,
    ReleasedBy,
    StateEntered,
)
from gateway.call.requests import RequestRefused
from gateway.call.states import CallState
from tests.scenarios.at_the_desk import PEER, SOCKET
from tests.scenarios.hotlines import called_back, gas
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit

FURTHER = "请问还有其他需要咨询的吗?"


def reached(call: Story | None = None) -> Story:
    """He has come to the telephone after three rings."""
    call = call or called_back()
    call.reports(FarEndRinging(LEG))
    call.passes(12)
    call.reports(Answered(LEG))
    return call


def test_js7_the_customer_is_dialled_with_his_agent_beside_the_call() -> None:
    call = called_back()
    assert [type(fact) for _, fact in call.facts] == [Offered, Dialled, StateEntered]
    assert call.ordered(Dial) == call.ordered(Join) == [0.0]
    assert call.commands[-1] == (0.0, Join(LEG, SOCKET, PEER))  # he hears it ring
    assert call.engine.state is CallState.DIALLING
    call.passes(5)
    call.reports(FarEndRinging(LEG))
    assert call.at(CustomerRings) == 5.0


def test_js9_who_answers_talks_to_his_agent_at_once_and_the_line_says_nothing() -> None:
    call = reached()
    assert call.engine.state is CallState.TALKING
    assert call.of(AgentConnected) == [AgentConnected("801")]
    assert call.of(CallAnswered) == [CallAnswered(0, 12.0)]
    call.customer_is(Verdict.SILENT)
    call.passes(600)
    assert not call.ordered(Play)
    assert not call.ordered(Answer)
    assert len(call.ordered(Record)) == 1
    assert call.engine.state is CallState.TALKING


def test_jh2_an_agent_who_leaves_is_followed_by_the_usual_end() -> None:
    call = reached()
    call.passes(60)
    call.agent_hangs_up()
    call.passes(40)
    assert call.words == [FURTHER, call.plan.today.farewell.text]
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_jh2_who_has_more_to_say_waits_for_an_agent() -> None:
    call = reached()
    call.agent_hangs_up()
    call.passes(7)
    call.customer_speaks(6)
    call.passes(3.1)
    assert call.engine.state is CallState.WAITING
    call.agent_answers("802")
    call.passes(0)
    assert call.engine.state is CallState.TALKING


def test_jh14_phrases_and_waits_are_as_in_any_call() -> None:
    call = reached()
    call.agent_has_said("not_heard")
    call.passes(10)
    call.agent_holds()
    call.passes(20)
    call.agent_is_back()
    call.passes(1)
    assert call.heard[:2] == ["phrase-not-heard", "waiting-first"]
    assert call.engine.state is CallState.TALKING


@pytest.mark.parametrize("why", list(DialFailure))
def test_js9_who_is_not_reached_is_told_of_with_the_reason(why: DialFailure) -> None:
    call = called_back()
    call.passes(3)
    call.reports(DialFailed(LEG, why, ""))
    assert call.of(DialUnanswered) == [DialUnanswered(why.value)]
    assert call.released == Released(ReleasedBy.UNREACHED, why.value)
    assert not call.ordered(Release)  # the line has ended it
    assert call.engine.next_deadline() is None


def test_js9_nobody_comes_to_the_telephone_for_three_quarters_of_a_minute() -> None:
    call = called_back()
    call.reports(FarEndRinging(LEG))
    call.passes(44.9)
    assert call.released is None
    call.passes(0.2)
    assert call.ordered(GiveUp) == [45.0]
    assert call.released is None, "only the line knows whether he has just come"
    call.passes(4)
    call.reports(DialFailed(LEG, DialFailure.NO_ANSWER, ""))
    assert call.of(DialUnanswered) == [DialUnanswered("no_answer")]
    assert call.released == Released(ReleasedBy.UNREACHED, "no_answer")
    assert not call.ordered(Release)


def test_js9_a_line_that_tells_no_reason_has_reached_nobody_either() -> None:
    call = called_back()
    call.passes(46)
    call.reports(LegReleased(LEG))
    assert call.of(DialUnanswered) == [DialUnanswered("no_answer")]
    assert call.released == Released(ReleasedBy.UNREACHED, "no_answer")


def test_js9_a_line_that_does_not_give_up_is_released() -> None:
    call = called_back()
    call.passes(89.9)
    assert not call.ordered(Release)
    call.passes(0.2)
    assert call.ordered(Release) == [90.0]
    assert call.released == Released(ReleasedBy.UNREACHED, "no_answer")
    assert call.of(DialUnanswered) == [DialUnanswered("no_answer")]


def test_the_customer_hangs_up_first_who_came_as_the_line_was_giving_up() -> None:
    call = called_back()
    call.passes(46)
    call.reports(Answered(LEG))
    assert call.engine.state is CallState.TALKING
    call.passes(600)
    assert not call.ordered(Release)
    assert call.engine.state is CallState.TALKING


def test_an_agent_who_hangs_up_before_the_answer_calls_it_off() -> None:
    call = called_back()
    call.passes(10)
    call.agent_hangs_up()
    assert call.ordered(GiveUp) == [10.0]
    assert call.of(AgentLeft) == [AgentLeft("801", "hung_up")]
    assert call.released is None
    call.reports(DialFailed(LEG, DialFailure.NO_ANSWER, ""))
    assert call.released == Released(ReleasedBy.UNREACHED, "agent left")
    assert not call.of(DialUnanswered)
    assert not call.ordered(Release)


def test_the_customer_hangs_up_first_who_came_as_his_agent_left() -> None:
    call = called_back()
    call.passes(10)
    call.agent_hangs_up()
    call.passes(3)
    call.reports(Answered(LEG))
    call.passes(40)
    assert call.words == [FURTHER, call.plan.today.farewell.text]
    assert call.of(AgentConnected) == []
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_who_came_as_his_agent_left_and_has_something_to_say_waits_for_another() -> None:
    call = called_back()
    call.agent_hangs_up()
    call.reports(Answered(LEG))
    call.passes(7)
    call.customer_speaks(6)
    call.passes(3.1)
    assert call.engine.state is CallState.WAITING
    call.agent_answers("802")
    call.passes(0)
    assert call.engine.state is CallState.TALKING


def test_a_line_that_tells_only_the_tone_has_reached_nobody() -> None:
    call = called_back()
    call.hangs_up(HangUpSign.BUSY_TONE)
    assert call.ordered(Release) == [0.0]
    assert call.released == Released(ReleasedBy.UNREACHED, "busy_tone")


def test_a_telephone_picked_up_beside_the_line_calls_it_off() -> None:
    call = called_back()
    call.reports(HandsetLifted(LEG))
    assert call.released == Released(ReleasedBy.UNREACHED, "parallel telephone")


def test_a_gateway_that_stops_lets_the_line_go() -> None:
    call = called_back()
    call.passes(2)
    call.shuts_down()
    assert call.ordered(Release) == [2.0]
    assert call.released == Released(ReleasedBy.SHUTDOWN, "shutdown")
    assert not call.of(DialUnanswered)


def test_a_line_that_fails_is_a_fault_and_no_attempt_at_an_unreached_customer() -> None:
    call = called_back()
    call.reports(LegFailed(LEG, FaultCode.PORT_MISSING, "unplugged"))
    assert call.released is not None
    assert call.released.by is ReleasedBy.FAULT


def test_nothing_can_be_asked_of_a_call_that_nobody_has_answered() -> None:
    call = called_back()
    for ask in (call.customer_must_wait, call.somebody_has_time, lambda: call.agent_has_said("nuisance")):
        with pytest.raises(RequestRefused, match="is being called"):
            ask()
    call.presses("1*#")
    call.agent_holds()
    call.passes(1)
    assert not call.ordered(Play)


def test_who_answers_an_agent_that_holds_is_reassured() -> None:
    call = called_back()
    call.agent_holds()
    call.passes(5)
    call = reached(call)
    call.passes(1)
    assert call.engine.state is CallState.WAITING
    assert call.words == ["请您稍等,正在把您说的问题记录并向相关部门咨询"]


# -- another plan while it rings -------------------------------------------------------------------------------


def test_wd13_the_owner_of_his_ticket_greets_who_is_known_before_the_answer() -> None:
    call = gas()
    call.rings(1)
    call.assigned(gas("802").plan)
    call.caller_id()
    call.passes(5)
    call.rings(1, first=2)
    call.passes(16)
    assert call.words == ["您好!济华热线802号为您服务,请问有什么可以帮您吗?"]


def test_wd13_a_plan_that_comes_after_the_answer_was_ordered_comes_too_late() -> None:
    call = gas()
    call.rings(1)
    call.caller_id()
    call.passes(5)
    call.rings(1, first=2)
    assert len(call.ordered(Answer)) == 1
    call.assigned(gas("802").plan)
    call.passes(14)
    assert call.words == ["您好!济华热线801号为您服务,请问有什么可以帮您吗?"]


def test_js2_whom_another_greets_is_called_back_at_the_number_told_before() -> None:
    call = gas()
    call.rings(1)
    call.caller_id("05311234567")
    call.assigned(gas("802").plan)
    call.passes(5)
    call.rings(1, first=2)
    call.is_offered_to("802")
    call.passes(16)
    call.customer_speaks(5)
    call.passes(4)
    call.presses("1")
    call.passes(1)
    assert call.words[-1].startswith("您的电话号码是***********正")
