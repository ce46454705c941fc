"""What the broker has from before us is given up once nobody else can have told it."""

import pytest

from gateway.feed.left_behind import LeftBehind

pytestmark = pytest.mark.unit


def test_at_once_where_nobody_is_there() -> None:
    gone: list[str] = []
    LeftBehind(gone.append).found("line/a/state", 0.0)
    assert gone == ["line/a/state"]


def test_not_before_whoever_may_be_there_has_been_silent() -> None:
    gone: list[str] = []
    left = LeftBehind(gone.append)
    left.hold(35.0)
    left.found("a", 0.0)
    left.look(34.9, others=False)
    assert gone == []
    left.look(35.0, others=False)
    left.look(36.0, others=False)
    assert gone == ["a"], "once"


def test_not_while_others_are_there() -> None:
    gone: list[str] = []
    left = LeftBehind(gone.append)
    left.look(0.0, others=True)
    left.found("a", 50.0)
    left.found("a", 51.0)
    assert gone == []
    left.look(60.0, others=False)
    assert gone == ["a"]
