"""The outbox: bounded, in order, and the newest of everything retained."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.feed.encoding import Message
from gateway.feed.outbox import Outbox

pytestmark = pytest.mark.unit


def event(number: int) -> Message:
    return Message("event", str(number).encode(), retained=False)


def state(topic: str, number: int) -> Message:
    return Message(topic, str(number).encode(), retained=True)


def taken(outbox: Outbox) -> list[Message]:
    """Everything that waits, sent but not acknowledged."""
    return list(iter(outbox.take, None))


def test_while_the_broker_is_away_states_are_coalesced_and_events_bounded() -> None:
    outbox = Outbox(limit=3)
    for number in range(5):
        outbox.put(event(number))
        outbox.put(state("a", number))
        outbox.put(state("b", number))
    outbox.connected()
    assert taken(outbox) == [state("a", 4), state("b", 4), event(2), event(3), event(4)]
    assert outbox.dropped == 2


def test_while_the_broker_is_there_every_state_is_published_in_order() -> None:
    outbox = Outbox(limit=10)
    outbox.connected()
    sent = [state("a", 1), event(1), state("a", 2)]
    for message in sent:
        outbox.put(message)
    assert taken(outbox) == sent


def test_what_was_not_acknowledged_is_sent_again_first() -> None:
    outbox = Outbox(limit=10)
    outbox.connected()
    outbox.put(event(1))
    outbox.put(state("a", 1))
    outbox.put(event(0))
    assert taken(outbox) == [event(1), state("a", 1), event(0)]
    outbox.acknowledged(event(0))
    outbox.put(event(2))
    outbox.disconnected()
    outbox.put(state("a", 2))
    outbox.connected()
    assert taken(outbox) == [state("a", 2), event(1), event(2)]
    for message in (event(1), event(2), state("a", 2)):
        outbox.acknowledged(message)
    assert len(outbox) == 0


def test_a_slow_broker_gets_the_newest_states_and_the_newest_events() -> None:
    outbox = Outbox(limit=4)
    outbox.connected()
    for number in range(10):
        outbox.put(state("a", number))
        outbox.put(event(number))
    waiting = taken(outbox)
    assert len(waiting) <= 4
    assert state("a", 9) in waiting
    assert waiting[-1] == event(9)
    assert outbox.dropped > 0


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("event"), st.integers()),
        st.tuples(st.sampled_from(["a", "b"]), st.integers()),
        st.sampled_from([("up",), ("down",), ("take",), ("acknowledged",), ("refresh",)]),
    ),
    max_size=60,
)


class Link:
    """An outbox and a broker that keeps what is retained."""

    def __init__(self) -> None:
        self.outbox = Outbox(limit=5)
        self.broker: dict[str, bytes] = {}
        self.newest: dict[str, bytes] = {}
        self.under_way: list[Message] = []
        self.is_up = False

    def put(self, name: str, number: int) -> None:
        self.outbox.put(event(number) if name == "event" else state(name, number))
        if name != "event":
            self.newest[name] = str(number).encode()

    def up(self) -> None:
        self.is_up or self.outbox.connected()
        self.is_up = True

    def down(self) -> None:
        self.is_up and self.outbox.disconnected()
        self.under_way = []
        self.is_up = False

    def take(self) -> None:
        if self.is_up and len(self.under_way) < 2 and (message := self.outbox.take()):
            self.under_way.append(message)

    def acknowledged(self) -> None:
        for message in self.under_way[:1]:
            self.under_way.remove(message)
            if message.retained:
                self.broker[message.topic] = message.payload
            self.outbox.acknowledged(message)

    def refresh(self) -> None:
        self.is_up and self.outbox.refresh()


@settings(deadline=None)
@given(OPERATIONS)
def test_whatever_happens_the_broker_ends_with_the_newest_of_each_topic(operations: list[tuple]) -> None:  # type: ignore[type-arg]
    link = Link()
    for name, *value in operations:
        if value:
            link.put(name, value[0])
        else:
            getattr(link, name)()
        assert len(link.outbox) <= 5 + 2 + 2, "waiting, retained, taken"
    link.up()
    while len(link.outbox):
        link.take()
        link.acknowledged()
    assert link.broker == link.newest
