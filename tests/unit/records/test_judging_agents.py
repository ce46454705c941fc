"""Calls with agents: who was greeted, who talked, who left first, and what who waited in vain is owed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drivers.line import CallerId, Verdict
from gateway.call import facts
from gateway.call.facts import CutReason, NumberSource, ReleasedBy
from gateway.call.plan import Part, Prompt
from gateway.kpi.call import Direction, Outcome
from gateway.records.compliance import judge
from gateway.records.folding import fold
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import JIHUA
from tests.service.told import Told, called_back, not_reached, prompt
from tests.unit.records.standards import rules

pytestmark = pytest.mark.unit

JH3, JH10, JH2 = ("JH-3", "agent"), ("JH-10", "leaving"), ("JH-2", "release")
JH19 = ("JH-19", "call_back")


def recorded(told: Told) -> CallRecord:
    record = None
    for notice in told.notices:
        record = fold(record, notice)
    assert record is not None
    return record


def judged(told: Told) -> dict[tuple[str, str], Judgement]:
    return {(found.clause, found.step): found for found in judge(recorded(told), JIHUA)}


def broken(told: Told) -> dict[tuple[str, str], str]:
    return {key: found.evidence for key, found in judged(told).items() if not found.kept}


def said(told: Told, one: Prompt, after: float = 0.1) -> Told:
    return told.tell(facts.PromptStarted(one), after=after).tell(facts.PromptFinished(one), after=one.duration)


def a_prompt(key: str, part: Part, clause: str, text: str = "请您稍等", seconds: float = 2.0) -> Prompt:
    return Prompt(key, text, clause, (f"{key}.wav",), seconds, part=part)


def greeted(named: str = "801") -> Told:
    told = Told().rings(2)
    return said(told.answered(), replace(prompt("greeting"), text=f"您好!济华热线{named}号为您服务"))


def talks(agent: str = "801", told: Told | None = None) -> Told:
    told = told or greeted()
    return told.tell(facts.AgentRinging(agent)).tell(facts.AgentConnected(agent), after=3.0)


# -- who talks ---------------------------------------------------------------------------------------------------


def test_jh_3_the_number_greeted_is_the_number_who_answers() -> None:
    told = talks().hung_up()
    assert judged(told)[JH3].evidence == "801 greeted and talked"
    assert not broken(told)


def test_jh_3_who_was_greeted_and_did_not_come_is_named_beside_who_took_over() -> None:
    told = greeted().tell(facts.AgentRinging("801")).tell(facts.AgentMissed("801", "no_answer"), after=5.0)
    told = talks("802", told).hung_up()
    assert judged(told)[JH3].evidence == "801 greeted and did not come (no_answer); 802 took over"
    assert not broken(told)


def test_jh_3_another_agent_without_the_first_being_rung_is_broken() -> None:
    assert broken(talks("802").hung_up()) == {JH3: "801 greeted, 802 talked: 801 was not rung"}


def test_jh_5_a_greeting_without_a_number_names_nobody() -> None:
    told = talks("802", greeted(named="")).hung_up()
    assert JH3 not in judged(told)
    assert not broken(told)


def test_never_a_second_greeting() -> None:
    told = said(greeted(), replace(prompt("greeting"), text="您好!济华热线801号为您服务")).hung_up()
    assert "said 2 times" in broken(told)["JH-3", "greeting"]


def owned(by: str) -> Told:
    told = Told().rings(1)
    told.tell(facts.CallerIdentified(CallerId("13812345678")), facts.AgentAssigned(by))
    return said(told.answered(), replace(prompt("greeting"), text=f"您好!济华热线{by}号为您服务"))


def test_wd_13_who_is_responsible_talks() -> None:
    told = talks("803", owned("803")).hung_up()
    assert (recorded(told).agent, recorded(told).owner) == ("803", "803")
    assert judged(told)["WD-13", "agent"].evidence == "803 is responsible and talked"
    assert judged(told)[JH3].kept
    assert ("WD-13", "agent") not in judged(talks().hung_up())


def test_wd_13_is_broken_by_another_while_he_was_not_rung() -> None:
    assert broken(talks("801", owned("803")).hung_up()).keys() == {("WD-13", "agent"), JH3}


# -- who leaves --------------------------------------------------------------------------------------------------


def left(told: Told | None = None, why: str = "hung_up", agent: str = "801") -> Told:
    return (told or talks()).tell(facts.AgentLeft(agent, why), after=20.0)


def test_jh_2_an_agent_may_leave_first_as_long_as_the_line_stays() -> None:
    told = said(left(), prompt("further")).hung_up()
    evidence = "agent 801 left first (hung_up), the line stayed; released by customer (bye)"
    assert judged(told)[JH2].evidence == evidence
    assert not broken(told)


@pytest.mark.parametrize("by", [ReleasedBy.GUARD, ReleasedBy.FAULT, ReleasedBy.SHUTDOWN])
def test_jh_2_is_broken_by_a_line_that_went_with_the_agent(by: ReleasedBy) -> None:
    told = said(left(), prompt("further")).released(by, "worker_died")
    assert broken(told)[JH2].startswith("agent 801 left first (hung_up), the line stayed; ")


def test_jh_2_a_later_agent_who_stayed_is_no_leaving() -> None:
    told = talks("802", said(left(), prompt("further"))).hung_up()
    assert judged(told)[JH2].evidence == "released by customer (bye)"


def test_jh_10_anything_else_is_asked_as_soon_as_an_agent_has_left() -> None:
    told = said(left(), prompt("further"), after=2.9).hung_up()
    assert judged(told)[JH10].evidence == "further said 2.9 s after agent 801 had left (hung_up)"


@pytest.mark.parametrize(
    "then",
    [
        lambda told: told.hung_up().tell(),
        lambda told: talks("802", told).hung_up(),
    ],
    ids=["he hangs up", "another agent"],
)
def test_jh_10_is_not_owed_to_who_leaves_or_is_attended_at_once(then: Callable[[Told], Told]) -> None:
    assert JH10 not in judged(then(left()))


@pytest.mark.parametrize(
    "then",
    [
        lambda told: said(told, prompt("further"), after=3.1),
        lambda told: said(told, prompt("farewell"), after=4.0),
        lambda told: told.hears(Verdict.SILENT).tell(after=4.0),
    ],
    ids=["late", "a farewell instead", "not a word"],
)
def test_jh_10_is_broken_by_a_customer_left_alone(then: Callable[[Told], Told]) -> None:
    assert "further was not said when agent 801 had left" in broken(then(left()).hung_up())[JH10]


def test_jh_10_on_hold_nothing_can_be_asked() -> None:
    told = left().tell(facts.CustomerHeld()).tell(facts.CustomerResumed(), after=30.0)
    assert not broken(said(told, prompt("further")).hung_up())


def test_jh_10_a_phrase_of_the_agents_is_said_to_its_end_first() -> None:
    phrase = a_prompt("phrase-dialect", Part.PHRASE, "JH-14", seconds=8.0)
    told = talks().tell(facts.PromptStarted(phrase), after=5.0).tell(facts.AgentLeft("801", "hung_up"), after=1.0)
    told.tell(facts.PromptFinished(phrase), after=7.0)
    assert not broken(said(told, prompt("further")).hung_up())


def test_jh_10_is_not_owed_to_who_waits_or_has_had_his_farewell() -> None:
    waits = left(talks().tell(facts.WaitBegan(), after=5.0))
    first = a_prompt("waiting-first", Part.WAITING, "JH-8")
    assert JH10 not in judged(said(waits, first).hung_up())
    farewell = left(said(said(talks(), prompt("further")), prompt("farewell")))
    assert JH10 not in judged(farewell.tell(after=9.0).hung_up())


# -- who waits in vain -------------------------------------------------------------------------------------------


def waited(seconds: float = 20.0, *, overdue: bool = False, chosen: bool = False) -> Told:
    """Waits for so long, reassured as is due."""
    told = greeted().tell(facts.WaitBegan(2))
    first, again = (a_prompt(f"waiting-{which}", Part.WAITING, "JH-8") for which in ("first", "again"))
    said(told, first, after=0.0)
    for _ in range(int(seconds // 15)):
        said(told, again, after=13.0)
    return told.tell(facts.WaitEnded(seconds, overdue, chosen), after=seconds % 15 - 2.0)


SORRY = a_prompt("waiting-sorry", Part.WAITING, "JH-9", "很抱歉,让您久等了")
OFFER = a_prompt("call-back-offer", Part.CALL_BACK, "JH-19", "如您需要回电,请按1")
NOTED = a_prompt("call-back-noted", Part.CALL_BACK, "JH-19", "我们会尽快给您回电")
ASKED = facts.CallBackAsked("13900001111", NumberSource.KEYED, confirmed=True)


def goodbye(told: Told) -> Told:
    return said(said(told, prompt("further")), prompt("farewell")).hung_up()


def test_jh_19_whose_number_was_taken_is_called_back() -> None:
    told = goodbye(said(said(waited(33.0, overdue=True), SORRY).tell(ASKED), NOTED))
    assert not broken(told)
    assert "his number was taken after a wait in vain, confirmed" in judged(told)[JH19].evidence
    assert "13900001111" not in str(judged(told))


def test_jh_19_his_words_are_passed_on() -> None:
    told = goodbye(said(waited(33.0, overdue=True), SORRY).tell(facts.MessageTaken(), after=5.0))
    assert judged(told)[JH19].evidence == "his words were passed on after a wait in vain"


@pytest.mark.parametrize("asked", [None, facts.CallBackAsked(None, None, confirmed=False)])
def test_jh_19_is_broken_by_who_is_sent_away(asked: facts.CallBackAsked | None) -> None:
    told = said(waited(33.0, overdue=True), SORRY).tell(*([asked] if asked else []))
    assert broken(goodbye(told)) == {JH19: "sent away after a wait in vain, without call-back or message"}


def test_jh_19_is_not_owed_to_who_leaves_by_himself_or_was_served() -> None:
    assert JH19 not in judged(said(waited(33.0, overdue=True), SORRY).hung_up())
    assert JH19 not in judged(goodbye(waited(20.0)))
    late = talks(told=said(waited(33.0, overdue=True), SORRY))
    assert judged(late.hung_up())[JH19].evidence == "an agent came after a wait in vain"


def test_jh_9_who_chose_by_key_is_not_told_of_patience() -> None:
    told = goodbye(said(waited(33.0, chosen=True).tell(ASKED), NOTED))
    assert not broken(told)
    assert ("JH-9", "patience") not in judged(told)
    assert ("JH-9", "patience") in broken(goodbye(waited(33.0)))


def test_jh_8_the_offer_of_a_call_back_resets_nothing() -> None:
    first, again = (a_prompt(f"waiting-{which}", Part.WAITING, "JH-8") for which in ("first", "again"))
    told = said(said(greeted().tell(facts.WaitBegan(1)), first, after=0.0), OFFER, after=0.02)
    told.tell(facts.WaitMoved(1))
    kept = said(told, again, after=15.0 - 4.02).hung_up()
    assert judged(kept)["JH-8", "waiting"].evidence == "reassured at 0.0 s, 15.0 s"
    assert not broken(kept)
    reset = said(said(greeted().tell(facts.WaitBegan(1)), first, after=0.0), OFFER, after=0.02)
    assert ("JH-8", "waiting") in broken(said(reset, again, after=13.0).hung_up())


def test_jh_8_an_agent_who_comes_cuts_the_reassurance() -> None:
    first = a_prompt("waiting-first", Part.WAITING, "JH-8")
    told = greeted().tell(facts.WaitBegan(1)).tell(facts.PromptStarted(first))
    told.tell(facts.WaitEnded(1.0, overdue=False), facts.AgentConnected("801"), after=1.0)
    told.tell(facts.PromptFinished(first, CutReason.AGENT))
    assert ("JH-8", "waiting") not in broken(told.hung_up())


# -- who is warned, who is called --------------------------------------------------------------------------------

WARNING = a_prompt("warning", Part.NOTICE, "JH-13", "如果您没有其它服务需求,请挂机,谢谢!")


def test_jh_13_who_is_warned_is_hung_up_on_no_more_than_anybody() -> None:
    told = said(greeted(), WARNING).hung_up()
    assert judged(told)["JH-13", "release"].evidence == "warned all the same: released by customer (bye)"
    assert judged(told)["JH-13", "notice"].kept
    hung_up_on = said(greeted(), WARNING).released(ReleasedBy.STANDARD, "JH-13")
    assert broken(hung_up_on).keys() == {("JH-13", "release"), JH2}


def test_a_notice_alone_warns_nobody() -> None:
    notice = a_prompt("notice", Part.NOTICE, "JH-22", "您的通话将被录音")
    steps = judged(said(greeted(), notice).hung_up())
    assert ("JH-22", "notice") in steps
    assert ("JH-22", "release") not in steps


def test_a_call_back_is_judged_by_what_concerns_it() -> None:
    record = recorded(called_back())
    assert (record.direction, record.ticket, record.caller) == (Direction.OUT, 12, "13812345678")
    assert record.outcome is Outcome.ANSWERED
    found = {(j.clause, j.step): (j.kept, j.evidence) for j in judge(record, JIHUA)}
    assert found == {
        JH19: (True, "called back, as ticket 12 owes"),
        JH2: (True, "released by customer (bye)"),
    }


def test_who_was_not_reached_is_neither_abandoned_nor_judged() -> None:
    record = recorded(not_reached())
    assert (record.outcome, record.released_by, record.cause) == (Outcome.UNREACHED, "unreached", "no_answer")
    assert judge(record, JIHUA) == ()


def test_what_an_agent_has_seen_to_the_line_need_not_ask() -> None:
    told = goodbye(said(left(), prompt("further")))
    menu = replace(JIHUA, menu=rules("tietong-keyaccount").menu)
    assert not [j for j in judge(recorded(told), menu) if not j.kept]
    alone = goodbye(greeted())
    assert [j.step for j in judge(recorded(alone), menu) if not j.kept] == ["menu"]
