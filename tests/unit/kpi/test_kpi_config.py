"""The table [kpi] of gateway.toml."""

from pathlib import Path

import pytest

from gateway.config import ConfigErrors, GatewayConfig
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.feed import FeedConfig

pytestmark = pytest.mark.unit

LINE = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'


def read(kpi: str) -> GatewayConfig:
    return config_of(parse_document(Path("g.toml"), f"{LINE}[kpi]\n{kpi}"), {})


def fault(kpi: str) -> str:
    with pytest.raises(ConfigErrors) as caught:
        read(kpi)
    return str(caught.value)


def test_what_is_left_out_is_jh_21s() -> None:
    kpi, feed = read("").kpi, FeedConfig("jinan")
    assert (kpi.answer_rate_goal, kpi.alarm_from_calls, kpi.score) == (0.98, 1, None)
    assert (feed.answer_rate_goal, feed.alarm_from_calls) == (0.98, 1)


def test_a_good_formula_is_kept_as_it_stands() -> None:
    assert read('score = "100 * quality"').kpi.score == "100 * quality"


@pytest.mark.parametrize(
    ("kpi", "told"),
    [
        ("answer_rate_goal = 98", "g.toml:7: kpi.answer_rate_goal: is 98; allowed: a share above 0 and up to 1"),
        ("answer_rate_goal = 0.0", "is 0.0"),
        ("alarm_from_calls = 0", "is 0; allowed: a whole number from 1"),
        ("score = 100", "is 100; allowed: a formula"),
        (
            'score = "100 * qualty"',
            "g.toml:7: kpi.score: no name 'qualty', did you mean quality? allowed: wrong_t",
        ),
        (
            'score = "9**9**9**9"',
            "g.toml:7: kpi.score: gives no number (a number becomes too large); allowed: num",
        ),
        ('score = ""', "kpi.score: is empty; allowed: numbers"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(kpi: str, told: str) -> None:
    assert told in fault(kpi)
