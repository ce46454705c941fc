"""A run's number, what others say of theirs, other gateways of the site, and what MQTT 5 says beside a payload."""

import json
from datetime import timedelta

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.feed.encoding import Message
from gateway.feed.properties import properties_of, session_of, status_properties, will_properties
from gateway.feed.rivals import SILENCE, Rivals
from gateway.feed.session import LARGEST, Session, number_in
from gateway.feed.topics import Topics
from tests.conforming import conforms
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")


def test_a_run_is_numbered_by_its_beginning_or_after_the_one_before() -> None:
    run = Session.begin(MORNING, "jinan", "1.2")
    assert run.number == int(MORNING.timestamp() * 1000)
    assert Session.begin(MORNING + timedelta(milliseconds=1), "jinan", "1.2").number == run.number + 1
    later = run.after(run.number + 77)
    assert (later.number, later.began) == (run.number + 78, MORNING)


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_session_and_heartbeat_are_as_their_schemas_say(protocol: str) -> None:
    run = Session.begin(MORNING, "jinan", "1.2")
    assert number_in(conforms(run.message(TOPICS, protocol)).payload) == run.number
    lines = {"sip1": ("talking", 2), "fxo1": ("offline", 0), "fxo2": ("idle", 0), "fxo3": ("greeting", 1)}
    beat = conforms(run.heartbeat(TOPICS, MORNING, 61.9, lines))
    told = json.loads(beat.payload)
    assert (told["uptime_s"], told["lines"], told["in_service"], told["calls"]) == (61, 4, 3, 3)
    assert number_in(beat.payload) == run.number
    assert not beat.retained


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"\xff", b"[]", b"17", b"null", b"[" * 4000),
        *(b'{"session":%s}' % value for value in (b'"17"', b"true", b"1.5", b"0", b"-1", b"1e400", b"1" * 4000)),
        b'{"session":%d}' % (LARGEST + 1),
        b'{"session":1,"x":"%s"}' % (b"x" * 1_000_000),
    ],
    ids=lambda payload: payload[:20].decode(errors="replace"),
)
def test_what_is_no_sessions_number(payload: bytes) -> None:
    assert number_in(payload) is None


def test_a_rival_is_there_until_he_leaves_or_is_silent() -> None:
    rivals = Rivals()
    assert not rivals.there(0.0)
    rivals.heard(5, 0.0)
    rivals.heard(6, 20.0)
    rivals.left(5)
    assert rivals.there(20.0 + SILENCE - 0.1)
    assert not rivals.there(20.0 + SILENCE)


def test_nobody_is_silent_while_he_cannot_be_heard() -> None:
    rivals = Rivals()
    rivals.heard(5, 0.0)
    rivals.listening(1000.0)
    assert rivals.there(1000.0 + SILENCE - 0.1)
    assert not rivals.there(1000.0 + SILENCE)


def test_made_up_rivals_take_no_room() -> None:
    rivals = Rivals()
    for number in range(10_000):
        rivals.heard(number, 1.0)
    assert len(rivals._heard) <= 100


def test_only_mqtt_5_has_properties_and_only_what_is_not_retained_expires() -> None:
    state, event = Message("s", b"{}", True), Message("e", b"{}", False)
    assert properties_of(event, "3.1.1") is None
    assert properties_of(Message("s", b"", True), "5") is None
    told = properties_of(state, "5"), properties_of(event, "5"), properties_of(Message("r", b"{}", False, 60), "5")
    assert [getattr(t, "MessageExpiryInterval", None) for t in told] == [None, 600, 60]
    answers = [properties_of(Message("r", b"{}", False, 60, mark), "5") for mark in (b"a", b"b")]
    assert [answer.CorrelationData for answer in answers if answer] == [b"a", b"b"], "not shared"
    event_properties = properties_of(event, "5")
    assert event_properties is not None
    unpacked, _ = Properties(PacketTypes.PUBLISH).unpack(event_properties.pack())
    assert (unpacked.ContentType, unpacked.PayloadFormatIndicator) == ("application/json", 1)


def test_a_status_says_whose_it_is() -> None:
    assert session_of(status_properties(17, 2)) == session_of(will_properties(17, 2)) == 17
    assert session_of(None) is session_of(Properties(PacketTypes.PUBLISH)) is None
    for made_up in ("", "x", "-1", "1.5", "٣", "9" * 500):
        other = Properties(PacketTypes.PUBLISH)
        other.UserProperty = ("session", made_up)
        assert session_of(other) is None
