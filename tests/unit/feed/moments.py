"""Notices told to a board one after the other, each in a moment of its own."""

from collections.abc import Iterable, Iterator

from gateway.call.facts import Notice, Offered
from gateway.feed.board import Board
from gateway.feed.encoding import Message


def told_to(board: Board, notices: Iterable[Notice]) -> Iterator[Message]:
    """The messages that these lead to. What kind of call was offered the fact right after it tells, always in the
    same moment."""
    for notice in notices:
        yield from board.receive(notice)
        if not isinstance(notice.fact, Offered):
            yield from board.changes()
