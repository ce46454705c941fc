"""Every fact of a call has words, and is only ever added to the journal."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gateway
from gateway.call import facts
from gateway.records.entry import FACTS as FACTS_BY_NAME
from gateway.records.journal import fact_data, fact_name
from gateway.records.narrate import narrate
from gateway.records.record import CallRecord
from gateway.records.store import Event
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

FACTS = sorted(
    kind.__name__
    for kind in FACTS_BY_NAME.values()
    if issubclass(kind, facts.CallFact) and kind is not facts.StateEntered
)
"""A state is left out: whatever leads from one to the next is told."""
CALL = CallRecord("c1", "jinan", "sip1", "sip", "jihua-gas", "801", MORNING)


@pytest.mark.parametrize("name", FACTS)
@settings(deadline=None, max_examples=10)
@given(st.data())
def test_every_fact_has_words(name: str, data: st.DataObject) -> None:
    fact = data.draw(st.from_type(getattr(facts, name)))
    event = Event(MORNING, fact_name(fact), json.loads(json.dumps(fact_data(fact))))
    (step,) = narrate(CALL, [event])
    assert step.words
    no_time = event.fact == "call_answered" and event.data["waited"] is None  # infinity, which no wait is
    assert no_time or step.words != event.fact, "its name stands for what cannot be read"


def test_facts_are_only_ever_added() -> None:
    """But for the law's erasure and retention, which is `gateway.privacy`'s matter."""
    source = Path(gateway.__file__).parent
    changes = re.compile(r"(update|delete)\(\s*EventRow|(UPDATE|DELETE FROM) events|EventRow\.\w+\s*=[^=]")
    changing = [path for path in source.rglob("*.py") if changes.search(path.read_text())]
    assert {path.relative_to(source).parts[0] for path in changing} <= {"privacy"}
    assert changing, "the search itself finds what there is"
