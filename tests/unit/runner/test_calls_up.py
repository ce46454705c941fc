"""Which answered call is meant by a line or an agent."""

import pytest

from gateway.call.facts import CallAnswered, Notice, Offered, Released, ReleasedBy
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
