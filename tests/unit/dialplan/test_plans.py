"""Plans of many calls: each as if it were compiled alone, and what is alike in them made once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialplan import Call, Recording, compile_plan, load_dialplan
from gateway.dialplan.phrases import segments_of
from gateway.dialplan.plans import Plans

pytestmark = pytest.mark.unit

SHIPPED = {
    name: load_dialplan(name)
    for name in ("jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount")
}
RECORDINGS = {
    name: {segment: Recording(f"/p/{segment.key}.wav", 1.5) for segment in segments_of(dialplan)}
    for name, dialplan in SHIPPED.items()
}
EVENING = datetime(2026, 9, 30, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The day before National Day."""
CALLS = st.builds(
    Call,
    st.sampled_from(("801", "802")),
    trainee=st.booleans(),
    overflow=st.booleans(),
    at=st.none() | st.timedeltas(timedelta(), timedelta(days=2)).map(lambda later: EVENING + later),
    on_ring=st.sampled_from((None, 1, 2)),
    recording=st.sampled_from((None, "/r/a.wav", "/r/b.wav")),
    both_sides=st.booleans(),
    warned=st.booleans(),
)


@pytest.mark.parametrize("name", SHIPPED)
@given(calls=st.lists(CALLS, min_size=2, max_size=8))
def test_each_plan_is_what_its_call_alone_would_have(name: str, calls: list[Call]) -> None:
    plans = Plans(SHIPPED[name], RECORDINGS[name])
    for call in (*calls, *calls):
        assert plans.of(call) == compile_plan(SHIPPED[name], RECORDINGS[name], call)


def test_calls_that_are_alike_share_what_is_said_to_them() -> None:
    plans = Plans(SHIPPED["jinsui-tax"], RECORDINGS["jinsui-tax"])
    first, second = (
        plans.of(Call("801", at=EVENING + timedelta(minutes=minute), recording=f"/r/{minute}.wav"))
        for minute in (1, 2)
    )
    assert first.silent is second.silent
    assert first.midnight - second.midnight == 60.0
    recordings = [[question.recording for question in plan.flow.questions] for plan in (first, second)]
    assert recordings[0]
    assert recordings[0][0] != recordings[1][0]
