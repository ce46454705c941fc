"""The picture of a call's states is that of the table."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from gateway.call.state_picture import PLACES, draw
from gateway.call.states import CallState

pytestmark = pytest.mark.unit


def test_the_picture_in_the_docs_is_todays() -> None:
    assert Path("docs/states.svg").read_text(encoding="utf-8") == draw(), (
        "python -m gateway.call.state_picture docs/states.svg"
    )


def test_it_shows_every_state_and_is_well_formed() -> None:
    texts = [each.text for each in ElementTree.fromstring(draw()).iter("{http://www.w3.org/2000/svg}text")]
    assert set(PLACES) == set(CallState)
    assert {str(state) for state in CallState} <= set(texts)
    assert texts.count("agent came") == 4
