"""A fact on its way through the spool's file is the same fact on the other side, whatever it holds."""

from datetime import datetime
from math import inf, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.call import facts
from gateway.call.facts import CallFact, Notice
from gateway.records.entry import FACTS, Entry, EntryUnreadable, decoded, encoded, fact_of
from gateway.records.journal import fact_data
from tests.service.told import MORNING, ZONE

pytestmark = pytest.mark.unit

# Texts as every database takes them: what a peer sends beside that is made so before it is written.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
st.register_type_strategy(str, TEXT)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

ANY_FACT = st.one_of([st.builds(kind) for kind in FACTS.values()])
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=ZONE))


@given(fact=ANY_FACT, at=TIMES, seq=st.integers(1, 2**31), call=TEXT | st.none())
def test_every_fact_comes_back_as_it_was(fact: CallFact, at: datetime, seq: int, call: str | None) -> None:
    entry = Entry.of("0123456789abcdef", seq, Notice(at, "sip1", call, fact))
    line = encoded(entry)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert b"\0" not in line, "zeros end the file"
    assert decoded(line, ZONE) == entry
    assert type(decoded(line, ZONE).notice.fact) is type(fact)


def test_every_kind_of_fact_can_be_spooled() -> None:
    kinds = {kind for kind in vars(facts).values() if isinstance(kind, type) and issubclass(kind, CallFact)}
    assert kinds - {CallFact} <= set(FACTS.values())


def test_the_level_of_digital_silence_comes_back() -> None:
    from drivers.line import Verdict

    fact = facts.VerdictGiven(Verdict.SILENT, -inf, None)
    found = fact_of("verdict_given", fact_data(fact))
    assert isinstance(found, facts.VerdictGiven)
    assert not isfinite(found.level_dbfs)


@given(st.data())
def test_a_damaged_line_is_told_from_a_whole_one(data: st.DataObject) -> None:
    line = encoded(Entry.of("run", 1, Notice(MORNING, "sip1", "a", facts.Rang(1))))
    place = data.draw(st.integers(0, len(line) - 2))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    cut = data.draw(st.integers(0, len(line) - 2))
    for damaged in (line[:place] + bytes([other]) + line[place + 1 :], line[:cut]):
        with pytest.raises(EntryUnreadable):
            decoded(damaged, ZONE)


@pytest.mark.parametrize(("name", "data"), [("rang", {}), ("rang", {"rings": "x"}), ("of_tomorrow", {})])
def test_what_is_no_fact_is_refused(name: str, data: dict[str, object]) -> None:
    with pytest.raises(EntryUnreadable):
        fact_of(name, data)
