"""The monthly score's formula (JH-22): what it may be, what it gives, and that a hostile one does nothing."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.kpi import Figures
from gateway.kpi.log_ins import LogInFigures
from gateway.kpi.score import LONGEST, NoScore, Score, ScoreError, ScoreWrong
from gateway.kpi.score_names import NAMES, score_values
from gateway.kpi.tickets import TicketFigures

pytestmark = pytest.mark.unit

PERFECT = dict.fromkeys(NAMES, 1.0) | {"wrong_tickets": 0.0, "missed_tickets": 0.0}


def test_the_default_gives_100_for_a_month_without_fault() -> None:
    assert Score.parse().of(PERFECT) == 100.0
    assert Score.parse().of(PERFECT | {"tickets": 10.0, "wrong_tickets": 1.0, "missed_tickets": 1.0}) == 92.0
    assert Score.parse().of(PERFECT | {"volume": 0.5}) == 90.0
    assert Score.parse().of(PERFECT | {"quality": 0.9}) == 96.0
    assert Score.parse().of(PERFECT | {"tickets": 1.0, "wrong_tickets": 9.0, "volume": 9.0}) == 60.0, (
        "within bounds"
    )


@pytest.mark.parametrize(
    ("formula", "score"),
    [
        ("100", 100.0),
        ("-calls + 2 ** 3 / 4 - 1 * 1", 0.0),
        ("round(100 / 3, 1)", 33.3),
        ("round(abs(-2.6))", 3.0),
        ("max(1, calls, 7) + min(1, 2)", 8.0),
        ("100 if answer_rate >= 0.98 and not wrong_tickets else 50", 100.0),
        ("0 < calls <= 1", 1.0),
        ("100 * quality if calls > 5 or calls == 3 else 7", 7.0),
        (" calls\n", 1.0),
    ],
)
def test_arithmetic(formula: str, score: float) -> None:
    assert Score.parse(formula).of(PERFECT) == score


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("", "is empty"),
        ("calls +", "is no formula (invalid syntax)"),
        ("calls; calls", "is not one formula"),
        ("a = 1", "is not one formula"),
        ("quallity", "no name 'quallity', did you mean quality? allowed: wrong_tickets, missed_tickets, tickets"),
        ("calls.__class__", "has a dot in it"),
        ("(1).real", "has a dot in it"),
        ("__import__('os').system('id')", "no function"),
        ("open('/etc/passwd')", "allowed: "),
        ("exec(calls)", "no function 'exec'; allowed: abs, max, min, round"),
        ("[one for one in calls]", "has ListComp in it"),
        ("lambda: 1", "has lambda in it"),
        ("calls[0]", "has […] in it"),
        ("'a' * 10 ** 9", "has 'a' in it"),
        ("f'{calls}'", "has text in it"),
        ("True", "has 'True' in it"),
        ("1j", "has '1j' in it"),
        ("max(*calls)", "calls what is no function"),
        ("max(calls, key=abs)", "calls what is no function"),
        ("max()", "gives no number"),
        ("min(1)", "gives no number"),
        ("9**9**9**9", "gives no number (a number becomes too large)"),
        ("1e999", "a number becomes too large"),
        ("9" * 900, "a number becomes too large"),
        ("1 / 0", "divides by zero"),
        ("(-8) ** 0.5", "a root of a negative number"),
        ("calls % 2", "has Mod in it"),
        ("calls << 99", "has LShift in it"),
        ("+".join(["1"] * 200), "is nested too deeply"),
        ("-" * 900 + "1", "is nested too deeply"),
        ("(" * 400 + "1" + ")" * 400, "is no formula"),
        ("1" + " " * LONGEST, f"allowed: {LONGEST} at most"),
    ],
)
def test_what_is_no_formula_is_refused_when_it_is_read(formula: str, told: str) -> None:
    with pytest.raises(ScoreWrong) as caught:
        Score.parse(formula)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("formula", "values", "told"),
    [
        ("100 / tickets", {"tickets": 0.0}, "it divides by zero"),
        ("calls ** 2000", {"calls": 5.0}, "a number becomes too large"),
        ("calls * 1e300 * 1e300", {"calls": 5.0}, "a number becomes too large"),
        ("(calls - 9) ** 0.5", {}, "a root of a negative number"),
        (
            "quality + answer_rate",
            {"quality": None, "answer_rate": None},
            "quality, answer_rate: there is nothing",
        ),
        ("9 ** 9 ** 9 if calls > 1 else 1", {"calls": 2.0}, "a number becomes too large"),
    ],
)
def test_figures_of_which_it_gives_no_number_have_no_score_and_a_reason(
    formula: str, values: dict[str, float | None], told: str
) -> None:
    with pytest.raises(NoScore, match=told):
        Score.parse(formula).of(PERFECT | values)


@given(st.one_of(st.text(), st.text(alphabet="calsmxin()*/+-.,<>=0189e [];:'\"{}@\\\n", max_size=60)))
@example("\0")
@example("\ud800")
def test_whatever_stands_there_is_a_formula_or_refused(formula: str) -> None:
    with suppress(ScoreError):
        assert isinstance(Score.parse(formula).of(PERFECT), float)


def test_every_name_has_its_figure() -> None:
    values = score_values(Figures(), TicketFigures(), LogInFigures(), 1.0)
    assert list(values) == list(NAMES)
    assert Score.parse("missed_tickets * calls").names == ("missed_tickets", "calls")
