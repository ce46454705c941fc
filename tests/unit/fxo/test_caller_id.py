"""Caller ID in all the spellings of modems, and in none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.caller_id import LONGEST_VALUE, CallerIdCollector
from drivers.line import CallerId, Presentation

pytestmark = pytest.mark.unit


def collect(*lines: str, wait: float = 10.0) -> CallerId | None:
    """What is given after these lines and a wait."""
    collector = CallerIdCollector()
    for line in lines:
        collector.feed(line, 100.0)
    return collector.take() if collector.due is not None and collector.due <= 100.0 + wait else None


MDMF = "801601083033313731363536020A32313536343330313434BA"
NUMBER = CallerId("2156430144")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["DATE=0117", "TIME=1452", "NMBR=5551234567", "NAME=WIRELESS CALLER"],
            CallerId("5551234567", "WIRELESS CALLER"),
        ),
        (["DATE = 1015", "TIME = 1310", "NMBR = 04123456"], CallerId("04123456")),
        (["NAME = SCHWARTZ,LAWREN", "NMBR = 5551234567"], CallerId("5551234567", "SCHWARTZ,LAWREN")),
        (["NMBR = 13812345678"], CallerId("13812345678")),
        (["DDN_NMBR= 5551212"], CallerId("5551212")),
        (["NMBR = P"], CallerId(None, None, Presentation.PRIVATE)),
        (["NMBR=P", "NAME=P"], CallerId(None, None, Presentation.PRIVATE)),
        (["NMBR = O", "NAME = O"], CallerId(None, None, Presentation.UNAVAILABLE)),
        (["NMBR = 0000000000", "NAME=PRIVATE"], CallerId(None, None, Presentation.PRIVATE)),
        (["NMBR ="], CallerId(None, None, Presentation.UNAVAILABLE)),
        (["DATE = 1015", "TIME = 1310"], None),
        ([MDMF], NUMBER),
        ([MDMF[:21], MDMF[21:]], NUMBER),
        ([MDMF[:20], MDMF[20:]], NUMBER),
        ([MDMF[:-2]], NUMBER),
        ([" ".join(MDMF[i : i + 2] for i in range(0, len(MDMF), 2))], NUMBER),
        ([MDMF[:-2] + "00"], None),
        (["MESG = 030735353531323132"], CallerId("5551212")),
        (["MESG = 040150"], CallerId(None, None, Presentation.PRIVATE)),
        (["04123031313731343532353535313233343536374A"], CallerId("5551234567")),
    ],
)
def test_12_09_spellings(lines: list[str], expected: CallerId | None) -> None:
    assert collect(*lines) == expected


def test_12_09_the_number_is_not_held_back_for_a_name_that_never_comes() -> None:
    assert collect("NMBR = 13812345678", wait=0.6) == CallerId("13812345678")


@pytest.mark.parametrize(
    "line", ["OK", "RING", "56000", "CX93001-EIS_V0.2013-V92", "+FCLASS: 0,1,8", "NO CARRIER"]
)
def test_12_06_other_lines_are_left_alone(line: str) -> None:
    assert not CallerIdCollector().feed(line, 0.0)


def test_12_09_a_set_never_mixes_with_one_of_an_earlier_call() -> None:
    collector = CallerIdCollector()
    collector.feed("NAME = EARLIER", 0.0)
    collector.feed("NMBR = 13812345678", 30.0)
    assert collector.take() == CallerId("13812345678")


@given(st.lists(st.text(max_size=80), max_size=30))
def test_12_18_any_lines_at_all(lines: list[str]) -> None:
    caller_id = collect(*lines)
    assert caller_id is None or len(caller_id.number or "") <= max(LONGEST_VALUE, 255)
