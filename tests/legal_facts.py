"""Facts as an engine or a driver can tell them, with arbitrary values."""

from typing import Any

from hypothesis import strategies as st

from drivers.line import DialFailure
from gateway.call import facts
from gateway.feed.schemas.events import KEYS

KEY = st.sampled_from(KEYS)
SECONDS = st.floats(min_value=0.0)
LEGAL: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (facts.Rang, "rings"): st.integers(1, 99),
    (facts.CallAnswered, "rings"): st.integers(0, 99),
    (facts.CallAnswered, "waited"): SECONDS,
    (facts.WaitEnded, "waited"): SECONDS,
    (facts.DigitDialled, "digit"): KEY,
    (facts.KindChosen, "digit"): st.none() | KEY,
    (facts.WaitBegan, "position"): st.none() | st.integers(1, 999),
    (facts.WaitMoved, "position"): st.integers(1, 999),
    (facts.Dialled, "ticket"): st.integers(1, 1 << 62),
    (facts.DialUnanswered, "why"): st.sampled_from(DialFailure).map(str),
}
"""What the engine can tell where a type allows more."""


def legal(kind: type) -> st.SearchStrategy[Any]:
    """Any fact of this kind that can be told."""
    values = {name: those for (of, name), those in LEGAL.items() if of is kind}
    return st.builds(kind, **values)
