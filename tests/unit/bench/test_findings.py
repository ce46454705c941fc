"""Figures, limits, and the picture of a call."""

from xml.etree import ElementTree

import pytest

from hw_tests.bench.calls import Journey
from hw_tests.bench.findings import LIMITS, Findings, Limit, limits_of
from hw_tests.bench.timeline import draw

pytestmark = pytest.mark.unit


def test_a_figure_beyond_its_limit_is_broken() -> None:
    found = Findings(LIMITS)
    found.measured("playback level", -16.2)
    found.measured("playback level", -14.9)
    found.found("caller ID", "none", "8002")
    found.told("heard", False)
    found.missing("the person cannot measure", ["noise floor"])
    assert [figure.kept for figure in found.figures] == [True, False, False, False, None]
    assert len(found.broken) == 3
    assert str(found.figures[1]) == "-14.9 dBFS; limit -17 … -15 dBFS; FAIL"
    assert str(found.figures[4]) == "the person cannot measure; limit ≤ -50 dBFS; not measured"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (Limit(0, 0, "", ""), "= 0"),
        (Limit(None, 3, "s", ""), "≤ 3 s"),
        (Limit(2, None, "s", ""), "≥ 2 s"),
        (Limit(-1, 1, "dB", ""), "-1 … 1 dB"),
    ],
)
def test_limits_in_words(limit: Limit, text: str) -> None:
    assert str(limit) == text


def test_an_environment_file_sets_limits_anew() -> None:
    limits = limits_of({"playback level": [-40, None]})
    assert limits["playback level"].keeps(-39)
    assert not limits["playback level"].keeps(-41)
    assert limits["noise floor"] == LIMITS["noise floor"]


@pytest.mark.parametrize("wrong", [{"loudness": [0, 1]}, {"noise floor": -50}, {"noise floor": [1, 2, 3]}])
def test_wrong_limits_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        limits_of(wrong)


def test_a_call_is_drawn_to_scale() -> None:
    journey = Journey("call <1>", 100.0, [(100.0, 101.0)], [(106.6, "answered"), (101.1, "ring"), (106.1, "ring")])
    svg = ElementTree.fromstring(draw([journey.relative()]))
    moments = [float(path.get("d", "").split(" ")[0][1:]) for path in svg.findall(".//{*}path")]
    assert len(moments) == 3
    assert (moments[1] - moments[0]) / (moments[2] - moments[0]) == pytest.approx(5.0 / 5.5, abs=0.01)
    titles = [title.text for title in svg.findall(".//{*}title")]
    assert titles == ["burst 0.00 to 1.00 s", "ring at 1.100 s", "ring at 6.100 s", "answered at 6.600 s"]
    assert "call <1>" in [text.text for text in svg.findall(".//{*}text")]
    assert draw([]) == ""
