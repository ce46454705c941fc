"""Which answered call is meant by a line or an agent."""

import pytest

from drivers.line import CallerId
from gateway.call.facts import (
    AgentConnected,
    CallAnswered,
    CallerIdentified,
    Dialled,
    Notice,
    Offered,
    Released,
    ReleasedBy,
)
from gateway.call.requests import RequestRefused
from gateway.runner.calls_up import CallsUp
from tests.unit.runner.bench import at

pytestmark = pytest.mark.unit


class Exchange(CallsUp):
    """Calls that come and go."""

    def rings(self, call: str, line: str, agent: str) -> None:
        self.receive(Notice(at(), line, call, Offered("jinan", line, "sip", "jihua-gas", agent)))

    def answered(self, call: str, line: str, agent: str) -> None:
        self.rings(call, line, agent)
        self.receive(Notice(at(), line, call, CallAnswered(2, 5.0)))

    def ends(self, call: str) -> None:
        self.receive(Notice(at(), "sip1", call, Released(ReleasedBy.CUSTOMER, "bye")))


def test_the_one_answered_call_is_found_by_line_and_by_agent() -> None:
    calls = Exchange()
    calls.answered("a", "sip1", "801")
    calls.answered("b", "fxo1", "802")
    calls.rings("c", "sip1", "801")
    assert calls.find(line="sip1") == calls.find(agent="801") == calls.find(line="sip1", agent="801") == "a"
    assert calls.find(agent="802") == "b"


def test_where_there_are_several_they_are_named() -> None:
    calls = Exchange()
    calls.answered("a", "sip1", "801")
    calls.answered("b", "sip1", "802")
    with pytest.raises(RequestRefused, match="2 answered calls on line 'sip1': a, b; name one as call"):
        calls.find(line="sip1")
    calls.ends("a")
    assert calls.find(line="sip1") == "b"


@pytest.mark.parametrize("where", [{"line": "sip1"}, {"agent": "801"}])
def test_where_there_is_none_it_is_refused(where: dict[str, str]) -> None:
    calls = Exchange()
    calls.rings("a", "sip1", "801")
    with pytest.raises(RequestRefused, match=r"no answered call (on line 'sip1'|of agent '801')"):
        calls.find(**where)


def test_the_customers_number_is_known_while_his_call_is_up() -> None:
    calls = Exchange()
    calls.rings("a", "sip1", "801")
    assert calls.number_of("a") is None
    calls.receive(Notice(at(), "sip1", "a", CallerIdentified(CallerId("13812345678"))))
    assert calls.number_of("a") == "13812345678"
    calls.rings("b", "sip1", "801")
    calls.receive(Notice(at(), "sip1", "b", Dialled(12, "13900001111")))
    assert calls.number_of("b") == "13900001111"
    calls.ends("a")
    with pytest.raises(RequestRefused, match="no call 'a' is up"):
        calls.number_of("a")


def test_who_talks_is_the_calls_agent() -> None:
    calls = Exchange()
    calls.answered("a", "sip1", "801")
    calls.receive(Notice(at(), "sip1", "a", AgentConnected("802")))
    assert calls.find(agent="802") == "a"
    with pytest.raises(RequestRefused):
        calls.find(agent="801")
