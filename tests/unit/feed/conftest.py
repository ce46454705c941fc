"""Whatever the feed's pure parts make in these tests is looked at by its schema."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pytest

from gateway.feed.board import Board
from gateway.feed.desk_board import DeskBoard
from gateway.feed.encoding import Message
from gateway.feed.kpi import Kpi
from gateway.feed.last_calls import LastCalls
from gateway.feed.line_alerts import LineAlerts
from gateway.feed.session import Session
from tests.conforming import complaint, conforms


@pytest.fixture(scope="module", autouse=True)
def all_that_is_made_conforms() -> Iterator[None]:
    """Every message of the boards, the figures, the last calls."""
    with pytest.MonkeyPatch.context() as patch:
        for maker in (Board, DeskBoard, LineAlerts, Session):
            for name, made in vars(maker).items():
                if callable(made) and not name.startswith("_"):
                    patch.setattr(maker, name, _looked_at(made, _conforming))
        patch.setattr(Kpi, "fields", _looked_at(Kpi.fields, lambda fields: _described("kpi", fields)))
        patch.setattr(
            LastCalls, "fields", _looked_at(LastCalls.fields, lambda fields: _described("calls", fields))
        )
        yield


def _looked_at(made: Callable[..., Any], look: Callable[[Any], None]) -> Callable[..., Any]:
    """The same, and what it gives is looked at."""

    @wraps(made)
    def making(*args: Any, **options: Any) -> Any:
        result = made(*args, **options)
        look(result)
        return result

    return making


def _conforming(result: Any) -> None:
    for message in result if isinstance(result, list) else [result]:
        if isinstance(message, Message):
            conforms(message)


def _described(name: str, payload: object) -> None:
    wrong = complaint(name, payload)
    assert wrong is None, wrong
