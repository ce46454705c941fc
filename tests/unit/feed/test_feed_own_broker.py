"""What our own broker is given of what a client sends, and who is to have a message."""

import pytest

from gateway.feed.own_broker.fields import Malformed
from gateway.feed.own_broker.rights import Role
from gateway.feed.own_broker.screen import MOST_FILTERS, MOST_UNRELEASED, Cost, Screen, publish_packet
from gateway.feed.own_broker.subscriptions import (
    LONGEST_FILTER,
    MOST_OF_A_ROLE,
    MOST_PATTERNS,
    MOST_PATTERNS_OF_A_ROLE,
    Subscriptions,
    is_filter,
    matching,
)
from gateway.feed.own_broker.subscriptions import (
    MOST_FILTERS as MOST_OF_ONE,
)
from gateway.feed.requests import commands

pytestmark = pytest.mark.unit


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2) + value.encode()


def message(topic: str = "allowed", payload: bytes = b"x", number: int = 7, *, qos: int) -> bytes:
    return text(topic) + (number.to_bytes(2) if qos else b"") + payload


def screen() -> Screen:
    return Screen(lambda topic: topic == "allowed")


ANSWERS = [(0, b""), (1, b"\x40\x02\x00\x07"), (2, b"\x50\x02\x00\x07")]


@pytest.mark.parametrize(("qos", "answer"), ANSWERS)
def test_a_message_is_acknowledged_and_handed_on_as_one_that_needs_none(qos: int, answer: bytes) -> None:
    taken = screen().look(0x31 | qos << 1, message(qos=qos))
    assert taken.answer == answer
    assert taken.onward == publish_packet("allowed", b"x", retained=True) == b"\x31\x0a\x00\x07allowedx"
    assert taken.cost is Cost.MESSAGE


@pytest.mark.parametrize("topic", ["forbidden", "$SYS/x"])
@pytest.mark.parametrize(("qos", "answer"), ANSWERS)
def test_what_he_may_not_send_is_acknowledged_and_forgotten(topic: str, qos: int, answer: bytes) -> None:
    taken = screen().look(0x30 | qos << 1, message(topic, qos=qos))
    assert (taken.answer, taken.onward, taken.cost) == (answer, b"", Cost.OTHER)


def test_a_message_of_qos_2_is_handed_on_once_until_it_is_released() -> None:
    one = screen()
    assert one.look(0x34, message(qos=2)).onward
    again = one.look(0x3C, message(qos=2))
    assert (again.onward, again.answer) == (b"", b"\x50\x02\x00\x07")
    assert one.look(0x62, b"\x00\x07").answer == b"\x70\x02\x00\x07"
    assert one.look(0x34, message(qos=2)).onward
    for number in range(1, MOST_UNRELEASED + 1):
        one.look(0x34, message(qos=2, number=number))
    with pytest.raises(Malformed):
        one.look(0x34, message(qos=2, number=MOST_UNRELEASED + 1))


def test_signs_of_life_and_acknowledgements_do_not_come_as_far_as_the_broker() -> None:
    assert screen().look(0xC0, b"").answer == b"\xd0\x00"
    for kind in (0x40, 0x50, 0x70):
        taken = screen().look(kind, b"\x00\x01")
        assert (taken.answer, taken.onward, taken.cost) == (b"", b"", Cost.OTHER)
    assert screen().look(0xE0, b"").onward == b"\xe0\x00"


def test_a_subscription_costs_as_much_as_it_has_filters() -> None:
    asked = b"\x00\x01" + (text("a/b") + b"\x01") * MOST_FILTERS
    taken = screen().look(0x82, asked)
    assert (taken.cost, taken.count) == (Cost.FILTER, MOST_FILTERS)
    assert taken.onward.endswith(asked)
    ended = screen().look(0xA2, b"\x00\x01" + text("a/b") * 2)
    assert (ended.cost, ended.count) == (Cost.FILTER, 2)


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        (0x30, text("allowed") + b"x" * (commands.LARGEST + 1)),
        (0x30, text("")),
        (0x30, text("a/+")),
        (0x30, text("#")),
        (0x30, b"\x00\x02\xff\xfe"),
        (0x36, message(qos=2)),
        (0x32, text("allowed") + b"\x00"),
        (0x62, b""),
        (0x82, b"\x00\x01"),
        (0x82, b"\x00\x01" + text("a") + b"\x03"),
        (0x82, b"\x00\x01\x00\xffa"),
        (0x82, b"\x00\x01" + (text("a") + b"\x00") * (MOST_FILTERS + 1)),
        (0xA2, b"\x00\x01"),
    ],
)
def test_what_is_wrong_ends_the_connection(first: int, rest: bytes) -> None:
    with pytest.raises(Malformed):
        screen().look(first, rest)


TOPICS = ["a", "a/b", "a/b/c", "b/b", "$s/b"]


@pytest.mark.parametrize(
    ("topic_filter", "topics"),
    [
        ("#", ["a", "a/b", "a/b/c", "b/b"]),
        ("a/#", ["a", "a/b", "a/b/c"]),
        ("+/b", ["a/b", "b/b"]),
        ("a/+/c", ["a/b/c"]),
        ("a/b", ["a/b"]),
        ("$s/#", ["$s/b"]),
        ("+/+/+/+", []),
    ],
)
def test_a_filter_stands_for_topics(topic_filter: str, topics: list[str]) -> None:
    assert matching(TOPICS, topic_filter) == topics
    books = Subscriptions()
    assert books.add("one", Role.LOCAL, topic_filter, 1)
    assert [topic for topic in TOPICS if books.of(topic) == {"one": 1}] == topics


@pytest.mark.parametrize("text", ["", "a#", "#/a", "a/#/b", "a+", "+a/b", "x" * (LONGEST_FILTER + 1)])
def test_what_is_no_filter_is_refused(text: str) -> None:
    assert not is_filter(text)
    assert not Subscriptions().add("one", Role.LOCAL, text, 0)


def test_a_message_finds_each_once_with_the_most_he_asked_for() -> None:
    books = Subscriptions()
    for topic_filter, qos in (("#", 0), ("a/#", 1), ("a/b", 0)):
        assert books.add("one", Role.GATEWAY, topic_filter, qos)
    assert books.add("other", Role.READER, "a/b", 0)
    assert books.of("a/b") == {"one": 1, "other": 0}
    assert books.remove("one", "a/#")
    assert not books.remove("one", "a/#")
    assert books.of("a/b") == {"one": 0, "other": 0}
    books.gone("one")
    assert books.of("a/b") == {"other": 0}
    assert len(books) == 1


def filled(books: Subscriptions, client: str, role: Role, count: int, ending: str) -> int:
    return sum(books.add(client, role, f"{client}/{number}{ending}", 0) for number in range(count))


@pytest.mark.parametrize(
    ("ending", "of_one", "of_all"),
    [("", MOST_OF_ONE, MOST_OF_A_ROLE), ("/#", MOST_PATTERNS, MOST_PATTERNS_OF_A_ROLE)],
)
def test_one_and_all_of_a_role_have_so_many_until_they_go(ending: str, of_one: int, of_all: int) -> None:
    books = Subscriptions()
    assert filled(books, "one", Role.READER, of_one + 1, ending) == of_one
    assert filled(books, "one", Role.READER, of_one + 1, ending) == of_one, "what he has he may ask for again"
    readers = sum(filled(books, f"r{number}", Role.READER, of_one, ending) for number in range(of_all // of_one))
    assert readers == of_all - of_one
    assert filled(books, "desk", Role.DESK, 1, ending) == 1, "readers leave room for others"
    books.gone("one")
    assert filled(books, "two", Role.READER, of_one + 1, ending) == of_one
    for client in ("two", "desk", *(f"r{number}" for number in range(of_all // of_one))):
        books.gone(client)
    assert len(books) == 0
    assert not vars(books)["_by_name"]
    assert not vars(books)["_by_pattern"]
    assert not vars(books)["_count"]
