"""What the states must be: the same notices folded once more, by a feed that has no broker."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.feed.traffic import Load, events, folded
from gateway.feed.encoding import Message


@dataclass
class Rights:
    """When lines were shown right after an outage."""

    right: int
    """Lines with a state that was true when the broker was back, or later."""
    wrong: int
    """States heard that were never true after the broker was back."""
    last: float
    """When the last line was right."""


def judge(load: Load, back: int, told: int, shown: Iterable[tuple[float, int, bytes]]) -> Rights:
    """Judge states heard, (when, line, payload): the broker was back when `back` events had been told, and in the
    end `told`."""
    true = _true(load, back, told)
    when: dict[int, float] = {}
    wrong = 0
    for at, line, payload in shown:
        if payload in true[line]:
            when.setdefault(line, at)
        else:
            wrong += 1
    return Rights(len(when), wrong, max(when.values(), default=0.0))


def _true(load: Load, back: int, told: int) -> list[set[bytes]]:
    """By line, the states that were true when `back` events had been told, and those after."""
    feed, traffic = folded(load), events(load)
    lines = {load.topics.line_state(name): index for index, name in enumerate(load.names)}
    true: list[set[bytes]] = [set() for _ in load.names]
    after = False

    def take(message: Message) -> None:
        if (line := lines.get(message.topic)) is not None:
            if not after:
                true[line].clear()
            true[line].add(message.payload)

    for message in feed.watch(take):
        take(message)
    for k in range(told):
        after = k >= back
        for notice in next(traffic):
            feed.receive(notice)
        feed.flush()
    return true
