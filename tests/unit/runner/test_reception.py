"""Who greets a new call, and with what: agents in turn, the short greeting when they are too few (JH-5)."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from drivers.line import CallerId
from gateway.call.facts import CallAnswered, Notice, Offered, Released, ReleasedBy
from gateway.call.plan import Plan
from gateway.config import load_config
from gateway.desk import Offer
from gateway.dialplan import Call, Recording, compile_plan, load_dialplan
from gateway.dialplan.phrases import segments_of
from gateway.runner.reception import Reception
from tests.unit.runner.bench import at

pytestmark = pytest.mark.unit


class Hall:
    """A reception that hears of the calls it takes."""

    def __init__(self, *agents: str, dialplan: str = "jihua-gas", **settings: object) -> None:
        plan = load_dialplan(dialplan)
        recordings = {segment: Recording(f"{segment.key}.wav", 1.0) for segment in segments_of(plan)}
        compile_call = partial(compile_plan, plan, recordings)
        self.reception = Reception(agents, compile_call, Path("recordings"), **settings)  # type: ignore[arg-type]

    def takes(self, when: datetime | None = None) -> tuple[str, Plan]:
        """A call comes in and is answered."""
        when = when or at()
        call, plan = self.reception.receive_call("sip1", when)
        self._tell(call, Offered("jinan", "sip1", "sip", plan.dialplan, plan.agent), CallAnswered(2, 5.0))
        return call, plan

    def ends(self, call: str) -> None:
        """It is over."""
        self._tell(call, Released(ReleasedBy.CUSTOMER, "bye"))

    def _tell(self, call: str, *facts: Offered | CallAnswered | Released) -> None:
        for fact in facts:
            self.reception.receive(Notice(at(), "sip1", call, fact))


def said(plan: Plan) -> list[str]:
    """The greeting's prompts."""
    return [prompt.key for prompt in plan.today.greeting]


def test_jh_5_more_customers_than_agents_are_greeted_shortly() -> None:
    hall = Hall("801", "802")
    greetings = [said(hall.takes()[1]) for _ in range(4)]
    assert greetings == [["greeting"], ["greeting"], ["overflow-greeting"], ["overflow-greeting"]]
    assert hall.takes()[1].today.greeting[0].text == "您好,请讲"


def test_jh_5_the_numbered_greeting_is_back_when_calls_have_ended() -> None:
    hall = Hall("801", "802")
    first, _ = hall.takes()
    second, _ = hall.takes()
    third, overflow = hall.takes()
    assert said(overflow) == ["overflow-greeting"]
    hall.ends(third)
    assert said(hall.takes()[1]) == ["overflow-greeting"], "two are being served still, and this is a third"
    hall.ends(first)
    hall.ends(second)
    assert said(hall.takes()[1]) == ["greeting"]


def test_jh_5_a_call_that_ends_twice_counts_once() -> None:
    hall = Hall("801", "802")
    first, _ = hall.takes()
    hall.takes()
    hall.ends(first)
    hall.ends(first)
    assert said(hall.takes()[1]) == ["greeting"]
    assert said(hall.takes()[1]) == ["overflow-greeting"]


def test_jh_5_is_never_without_agents_in_the_config(tmp_path: Path) -> None:
    """Where nobody said how many agents there are, there cannot be too few."""
    line = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
    config_file = tmp_path / "gateway.toml"
    for agents, overflows in (("", False), ('[[agents]]\nnumber = "801"\n', True)):
        config_file.write_text(line + agents)
        config = load_config(config_file)
        assert config.names_agents is overflows
        hall = Hall(*(agent.number for agent in config.agents), overflows=config.names_agents)
        hall.takes()
        assert said(hall.takes()[1]) == (["overflow-greeting"] if overflows else ["greeting"])


def test_jh_5_goes_before_the_holidays_and_the_trainees_greeting() -> None:
    spring_festival = datetime(2026, 2, 17, 10, tzinfo=at().tzinfo)
    hall = Hall("801", trainees={"801"})
    assert said(hall.takes(spring_festival)[1]) == ["holiday-greeting-spring-festival", "trainee-greeting"]
    assert said(hall.takes(spring_festival)[1]) == ["overflow-greeting"]


def test_a_standard_without_an_overflow_greeting_greets_as_ever() -> None:
    hall = Hall("801", dialplan="service-desk")
    assert [said(hall.takes()[1]) for _ in range(2)] == [["greeting"], ["greeting"]]


def test_jh_3_agents_greet_in_turn() -> None:
    hall = Hall("801", "802", "803")
    assert [hall.takes()[1].agent for _ in range(4)] == ["801", "802", "803", "801"]


def test_jh_3_who_has_no_call_greets_before_who_has_one() -> None:
    hall = Hall("801", "802", "803")
    hall.takes()
    second, _ = hall.takes()
    third, _ = hall.takes()
    hall.ends(second)
    assert hall.takes()[1].agent == "802", "801 has his first call still"
    hall.ends(third)
    assert hall.takes()[1].agent == "803"
    assert hall.takes()[1].agent == "801", "all have one: in turn again"


def test_jh_4_a_trainee_greets_as_one() -> None:
    hall = Hall("801", "802", trainees={"802"})
    assert [said(hall.takes()[1]) for _ in range(2)] == [["greeting"], ["trainee-greeting"]]


def test_the_sites_own_ring_goes_before_the_dialplans() -> None:
    assert Hall("801", on_ring=1).takes()[1].answer.on_ring == 1
    assert Hall("801").takes()[1].answer.on_ring == 2


def test_a_call_is_recorded_under_its_day_and_its_name() -> None:
    call, plan = Hall("801").takes()
    assert call.startswith("20260304-100000-sip1-")
    assert plan.recording == f"recordings/2026-03-04/{call}.wav"


def test_calls_of_the_same_second_have_names_of_their_own() -> None:
    hall = Hall("801")
    assert len({hall.takes()[0] for _ in range(50)}) == 50


def test_a_reception_without_agents_cannot_be() -> None:
    with pytest.raises(ValueError, match="at least one agent"):
        Reception((), lambda _: pytest.fail("asked for a plan"), Path("recordings"))


def test_call_is_what_a_plan_depends_on() -> None:
    """The call's plan is compiled for its day, agent and load."""
    seen: list[Call] = []
    plan = Hall("801").takes()[1]

    def keep(call: Call) -> Plan:
        seen.append(call)
        return plan

    Reception(("801",), keep, Path("r"), on_ring=3).receive_call("fxo1", at())
    assert (seen[0].agent, seen[0].at, seen[0].on_ring, seen[0].overflow) == ("801", at(), 3, False)


class Nobody:
    """A desk that must not be asked."""

    def offered(self, call: str) -> Offer:
        raise AssertionError(call)

    def identified(self, call: str, number: str | None, owner: str | None) -> Offer:
        raise AssertionError(call)

    def has_menu(self, call: str) -> None:
        raise AssertionError(call)

    def at_work(self, agent: str) -> bool:
        raise AssertionError(agent)


def test_on_a_line_that_cannot_be_joined_no_agent_is_kept() -> None:
    hall = Hall("801", "802")
    hall.reception.desk = Nobody()
    call, plan = hall.reception.receive_call("fxo1", at(), joins=False)
    assert said(plan) == ["greeting"]
    assert hall.reception.identify(call, CallerId("13812345678")) is None


class Overrun(Nobody):
    """A desk at which 802 alone works, and has a call."""

    def offered(self, call: str) -> Offer:
        return Offer(None, overflow=True, staffed=True)

    def at_work(self, agent: str) -> bool:
        return agent == "802"


def test_wd_13_nobody_who_is_not_at_work_is_named_as_responsible() -> None:
    hall = Hall("801", "802", "803")
    hall.reception.desk = Overrun()
    plans = [hall.takes()[1] for _ in range(2)]
    assert [(plan.agent, said(plan)) for plan in plans] == [("802", ["overflow-greeting"])] * 2
