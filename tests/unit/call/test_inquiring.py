"""A question's answer by key: whose question a key belongs to."""

import pytest

from gateway.call.inquiring import LATE_KEY, Inquiring
from gateway.call.plan import Question
from tests.scenarios.story import prompt

pytestmark = pytest.mark.unit


def asked() -> Inquiring:
    inquiring = Inquiring("1")
    inquiring.ask(Question("telephone", prompt("question-telephone", "JS-3"), 6.0), now=100.0)
    return inquiring


def test_a_key_of_the_first_second_belongs_to_the_question_before() -> None:
    assert not asked().key("8", 100.0 + LATE_KEY - 0.01)
    assert asked().key("8", 100.0 + LATE_KEY)


def test_who_has_heard_a_short_question_may_answer_at_once() -> None:
    inquiring = asked()
    inquiring.said()
    assert inquiring.key("8", 100.6)


def test_the_next_question_is_not_heard_yet() -> None:
    inquiring = asked()
    inquiring.said()
    inquiring.ask(Question("office", prompt("question-office", "JS-3"), 6.0), now=110.0)
    assert not inquiring.key("8", 110.1)
