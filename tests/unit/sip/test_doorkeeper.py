"""Who gets an answer: strangers, scanners, floods, bans and passwords, in virtual time."""

import hashlib
import random

import pytest

from drivers.line import LineTrouble, LineTroubleOver, TroubleCode
from drivers.sip.bans import MOST
from drivers.sip.config import SipConfig
from drivers.sip.digest import CallerSecret
from drivers.sip.doorkeeper import OFFERS, OTHERS, REQUESTS, Doorkeeper, Reply, Request
from drivers.sip.token_bucket import TokenBuckets
from drivers.sip.wellformed import names_its_audio

pytestmark = pytest.mark.unit

PBX, PHONE, STRANGER = "192.0.2.1", "198.51.100.7", "203.0.113.9"
ALLOW = (PBX, "198.51.100.0/24")
SECRET = CallerSecret("801", "hotline", "SHA-256", hashlib.sha256(b"801:hotline:right").hexdigest())


def keeper(**options) -> Doorkeeper:
    return Doorkeeper(SipConfig("sip1", "192.0.2.10:5062", "sip:8801@pbx", allow=ALLOW, **options), b"key", 0.0)


def request(host: str, method: str = "INVITE", *headers: str, call_id: str = "c1") -> Request:
    lines = (f"{method} sip:8801@192.0.2.10 SIP/2.0", f"Call-ID: {call_id}", f"CSeq: 1 {method}", *headers, "", "")
    return Request(host, method, "\r\n".join(lines).encode())


def codes(news: list) -> list[tuple[type, TroubleCode]]:
    return [(type(event), event.code) for event in news]


@pytest.mark.parametrize("method", ["INVITE", "OPTIONS", "REGISTER", "MESSAGE", "BYE", "ACK", "XYZZY"])
def test_a_stranger_gets_no_answer_whatever_he_asks(method: str) -> None:
    assert not keeper().lets_in(request(STRANGER, method), 0.0)


def test_a_stranger_is_told_once_by_address_with_the_cure_and_is_over_in_the_end() -> None:
    door = keeper()
    for second in range(100):
        door.lets_in(request(STRANGER), float(second))
    (trouble,) = door.news(100.0)
    assert isinstance(trouble, LineTrouble)
    assert trouble.code is TroubleCode.UNKNOWN_SOURCE
    assert STRANGER in trouble.detail
    assert "allow" in trouble.detail
    assert not door.news(600.0)
    assert codes(door.news(700.0)) == [(LineTroubleOver, TroubleCode.UNKNOWN_SOURCE)]
    assert not door.news(9000.0)


def test_the_whole_internet_is_told_in_a_few_lines_and_kept_in_little_memory() -> None:
    door = keeper()
    for number in range(50_000):
        door.lets_in(request(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"), number / 1000)
    assert len(door.news(50.0)) <= 21
    assert max(len(vars(part)["_told"]) for part in (door._strangers,)) <= 1024
    assert len(door._admitted) <= 1024


def test_what_belongs_to_a_call_may_come_from_anywhere() -> None:
    door = keeper()
    door.calls = lambda: {"c1"}
    assert door.lets_in(request(STRANGER, "BYE", call_id="c1"), 0.0)
    assert not door.lets_in(request(STRANGER, "BYE", call_id="c2"), 0.0)
    assert door.lets_in(Request(STRANGER, "BYE", b"BYE sip:x SIP/2.0\r\ni: c1\r\n\r\n"), 0.0)
    assert door.answer(request(STRANGER, "INVITE", call_id="c1"), 0.0) is Reply.SILENCE, "but begins no other"


def test_whom_the_line_has_called_is_answered() -> None:
    door = keeper()
    door.befriend(STRANGER)
    assert door.lets_in(request(STRANGER, "OPTIONS"), 0.0)
    assert door.answer(request(STRANGER, "OPTIONS"), 0.0) is Reply.GO_ON
    for number in range(300):
        door.befriend(f"10.0.{number >> 8}.{number & 255}")
    assert len(door.friends) == 256
    assert not door.lets_in(request(STRANGER, "OPTIONS"), 0.0)


@pytest.mark.parametrize(
    ("method", "reply"),
    [
        *((method, Reply.GO_ON) for method in ("INVITE", "OPTIONS", "ACK", "SUBSCRIBE")),
        *((method, Reply.NOT_HERE) for method in ("REGISTER", "MESSAGE", "PUBLISH")),
        ("XYZZY", Reply.UNKNOWN),
    ],
)
def test_methods_of_those_who_may_call(method: str, reply: Reply) -> None:
    door = keeper()
    assert door.lets_in(request(PHONE, method), 0.0)
    assert door.answer(request(PHONE, method), 0.0) is reply


def test_a_pbx_named_by_itself_is_limited_and_never_banned() -> None:
    door = keeper()
    replies = [door.answer(request(PBX), n / 1000) for n in range(1000) if door.lets_in(request(PBX), n / 1000)]
    assert 40 <= replies.count(Reply.GO_ON) <= 40 + 20 + 1
    assert replies.count(Reply.BUSY) == len(replies) - replies.count(Reply.GO_ON) > 100
    assert not door.banned
    assert door.answer(request(PBX), 3.0) is Reply.GO_ON, "at once again"


def test_a_host_of_a_network_that_floods_is_banned_for_a_while_and_told() -> None:
    door = keeper(ban_seconds=60.0)
    for number in range(1000):
        if door.lets_in(request(PHONE), number / 1000):
            door.answer(request(PHONE), number / 1000)
    assert door.banned == (PHONE,)
    (news,) = door.news(1.0)
    assert news.code is TroubleCode.SOURCE_BANNED
    assert PHONE in news.detail
    assert "60 s" in news.detail
    assert not door.lets_in(request(PHONE), 30.0)
    assert door.lets_in(request(PHONE), 61.5), "whether it has been told yet or not"
    assert door.lets_in(request("198.51.100.8"), 30.0), "its neighbour may"
    assert codes(door.news(62.0)) == [(LineTroubleOver, TroubleCode.SOURCE_BANNED)]
    assert door.lets_in(request(PHONE), 62.0)


def test_the_calls_of_a_banned_host_can_be_ended() -> None:
    door = keeper()
    door.calls = lambda: {"c1"}
    assert not door.lets_in(request(PHONE, "OPTIONS", "User-Agent: friendly-scanner"), 0.0)
    assert not door.lets_in(request(PHONE, "OPTIONS", call_id="c2"), 0.0)
    assert door.lets_in(request(PHONE, "BYE", call_id="c1"), 0.0)


def test_a_scanner_is_banned_at_once_by_its_name_but_not_a_pbx_that_passes_it_on() -> None:
    door = keeper()
    for host in (PBX, PHONE):
        assert not door.lets_in(request(host, "OPTIONS", "User-Agent: friendly-scanner"), 0.0)
    assert door.banned == (PHONE,)
    assert door.lets_in(request(PBX), 0.0)


def test_requests_of_calls_that_are_up_get_through_a_flood_of_their_own_host() -> None:
    door = keeper()
    door.calls = lambda: {"up"}
    for number in range(2000):
        door.lets_in(request(PBX), number / 1000)
    assert door.lets_in(request(PBX, "BYE", call_id="up"), 2.0)


def test_garbage_bans_a_host_of_a_network() -> None:
    door = keeper()
    for number in range(30):
        door.garbage(PHONE, number / 10)
        door.garbage(PBX, number / 10)
        door.garbage(STRANGER, number / 10)
    assert door.banned == (PHONE,)


def test_nobody_is_banned_where_a_ban_lasts_no_time() -> None:
    door = keeper(ban_seconds=0.0)
    for number in range(1000):
        door.garbage(PHONE, number / 1000)
    assert not door.banned


def test_bans_are_bounded() -> None:
    door = Doorkeeper(SipConfig("s", "192.0.2.10:5062", "sip:1@h", allow=("0.0.0.0/0",)), b"k", 0.0)
    for number in range(3 * MOST):
        door.lets_in(request(f"10.0.{number >> 8}.{number & 255}", "OPTIONS", "User-Agent: sipvicious"), 0.0)
    assert len(door.banned) == MOST


def test_strangers_besiege_the_door_and_go() -> None:
    door = keeper()
    for number in range(40):
        door.lets_in(request(STRANGER), number / 10)
    assert not door.besieged(4.0)
    for number in range(200):
        door.lets_in(request(STRANGER), 5 + number / 200)
    assert door.besieged(6.0)
    assert not door.besieged(8.0)


def test_who_must_show_a_password_is_asked_and_ten_wrong_ones_are_enough() -> None:
    door = keeper(callers=(SECRET,))
    assert door.answer(request(PHONE), 0.0) is Reply.CHALLENGE
    assert door.answer(request(PHONE, "OPTIONS"), 0.0) is Reply.GO_ON
    (asked,) = door.challenges(Reply.CHALLENGE, PHONE, 0.0)
    wrong = f'Authorization: {asked}, username="801", uri="x", response="0", cnonce="c", nc=00000001'
    wrong = wrong.replace('qop="auth"', "qop=auth")
    replies = [door.answer(request(PHONE, "INVITE", wrong), 1.0) for _ in range(11)]
    assert replies == [Reply.CHALLENGE] * 10 + [Reply.SILENCE]
    assert "wrong passwords" in next(event.detail for event in door.news(1.0))
    pbx = [door.answer(request(PBX, "INVITE", wrong), 1.0) for _ in range(30)]
    assert pbx == [Reply.CHALLENGE] * 30
    assert PBX not in door.banned


def test_random_traffic_never_raises_and_keeps_to_its_bounds() -> None:
    rng, door, now = random.Random(7), keeper(callers=(SECRET,), ban_seconds=2.0), 0.0
    hosts = [PBX, STRANGER, *(f"198.51.100.{n}" for n in range(40))]
    for _ in range(20_000):
        now += rng.expovariate(500)
        host = rng.choice(hosts)
        text = rng.choice([b"", b"\0\xff" * 9, b"Authorization: Digest ,,=\r\n", b"User-Agent: sipvicious\r\n"])
        asked = Request(host, rng.choice(["INVITE", "OPTIONS", "", "\ufffd"]), b"X\r\n" + text)
        if door.lets_in(asked, now):
            assert host != STRANGER
            door.answer(asked, now)
        if rng.random() < 0.05:
            door.garbage(host, now)
            door.news(now)
    assert PBX not in door.banned
    assert len(door._rate) <= len(hosts)
    assert REQUESTS > 4


@pytest.mark.parametrize(
    ("headers", "body", "good"),
    [
        ((), "", True),
        (("Content-Length: 3",), "abc", True),
        (("l: 3",), "abcd", True),
        (("Content-Length: 4",), "abc", False),
        (("Content-Length: -4",), "abc", False),
        (("Content-Length: 0", "l: 0"), "", False),
        (("i: other",), "", False),
        (("CSEQ : 2 INVITE",), "", False),
        (("X: y", "X: z"), "", True),
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_bad(headers: tuple[str, ...], body: str, good: bool) -> None:
    asked = request(PHONE, "INVITE", *headers)
    reply = keeper().answer(Request(PHONE, "INVITE", asked.text + body.encode()), 0.0)
    assert reply is (Reply.GO_ON if good else Reply.BAD)
    assert keeper().answer(Request(PHONE, "OPTIONS", asked.text), 0.0) is Reply.BAD
    assert keeper().answer(Request(PHONE, "INVITE", asked.text.rstrip()), 0.0) is Reply.BAD, "cut off"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("c=IN IP4 192.0.2.1", False),
        ("c=IN IP4 224.2.1.1/127/3", False),
        ("c=IN IP4 phone.example", True),
        ("c=IN\tIP4 phone.example/127", True),
        ("C=in ip4 phone.example", True),
        ("c=IN IP4 999.1.2.3.4", True),
        ("c=IN IP4 192.0.2.1\r\nm=audio 4 RTP/AVP 8\r\nc=IN IP4 phone.example", True),
        ("c=IN IP4 1", True),
        ("c=IN IP6 2001:db8::1", False),
        ("s=c=IN IP4 phone.example", False),
    ],
)
def test_a_host_name_in_an_offer_is_seen(line: str, named: bool) -> None:
    head = request(PHONE, "INVITE", "X: y").text
    assert names_its_audio(head + f"v=0\r\n{line}\r\nt=0 0\r\n".encode()) is named
    assert not names_its_audio(head)
    assert not names_its_audio(b"INVITE sip:x SIP/2.0\r\nc=IN IP4 phone.example")


@pytest.mark.parametrize(
    ("method", "header", "reply"),
    [
        ("OPTIONS", "Require: timer, 100REL", Reply.GO_ON),
        ("OPTIONS", "Require: timer, x-none", Reply.NOT_SUPPORTED),
        ("OPTIONS", "require :\r\n x-none", Reply.NOT_SUPPORTED),
        ("INVITE", "Require: x-none", Reply.GO_ON),
        ("INVITE", "Accept: text/plain", Reply.NO_SDP),
        ("INVITE", "Accept: text/plain\r\nAccept: Application/SDP;q=1", Reply.GO_ON),
        ("INVITE", "Accept: text/plain, */*", Reply.GO_ON),
        ("INVITE", "Accept-Language: de", Reply.GO_ON),
        ("OPTIONS", "Accept: text/plain", Reply.GO_ON),
        ("INVITE", "Session-Expires: 89 ;refresher=uac", Reply.TOO_SHORT),
        ("INVITE", "X:0", Reply.TOO_SHORT),
        ("INVITE", "Session-Expires: 90;refresher=uac", Reply.GO_ON),
        ("INVITE", "Session-Expires: soon", Reply.GO_ON),
    ],
)
def test_what_the_sender_requires_and_takes(method: str, header: str, reply: Reply) -> None:
    assert keeper().answer(request(PHONE, method, header), 0.0) is reply


@pytest.mark.parametrize(
    ("method", "most"), [("UPDATE", 6 * OFFERS), ("INVITE", 6 * OFFERS), ("INFO", 3 * OTHERS)]
)
def test_what_a_call_is_asked_is_limited_by_what_is_kept_of_it_but_its_end_is_not(
    method: str, most: float
) -> None:
    door = keeper()
    door.calls = lambda: {"c1", "c2"}
    passed = sum(door.lets_in(request(PBX, method, call_id="c1"), number / 100) for number in range(100))
    assert most - 2 <= passed <= most
    assert door.lets_in(request(PBX, method, call_id="c2"), 1.0), "another call has its own"
    assert all(door.lets_in(request(PBX, last, call_id="c1"), 1.0) for last in ("ACK", "BYE", "CANCEL"))
    assert door.lets_in(request(PBX, method, call_id="c1"), 2.0), "repeated later it comes in"


def test_answers_that_nobody_asked_for_are_not_read_without_end() -> None:
    door = keeper()
    door.befriend("198.18.0.1")
    for host in (PBX, PHONE, "198.18.0.1"):
        assert sum(door.hears(host, number / 1000) for number in range(1000)) < 2 * REQUESTS + 1
    assert not door.besieged(1.0)
    assert sum(door.hears(STRANGER, 1.0 + number / 1000) for number in range(1000)) < REQUESTS + 1
    assert door.besieged(2.0), "so the kernel is to keep him away"
    assert not door.news(2.0), "what is told of him would be of no use: a registrar answers, too"
    assert door.hears(STRANGER, 9.0)


@pytest.mark.parametrize("host", [STRANGER, PHONE])
def test_whoever_names_a_call_is_not_read_without_end(host: str) -> None:
    """A stranger who knows its Call-ID, and a host that is shut out."""
    door = keeper()
    door.calls = lambda: {"c1"}
    if host == PHONE:
        door.lets_in(request(PHONE, "OPTIONS", "User-Agent: friendly-scanner", call_id="c9"), 0.0)
        assert door.banned == (PHONE,)
    assert sum(door.lets_in(request(host, "BYE"), number / 1000) for number in range(1000)) < 2 * REQUESTS + 1


def test_a_telephone_that_the_line_has_called_is_not_banned_for_it_is_not_in_allow_to_begin_with() -> None:
    door = keeper()
    door.befriend(STRANGER)
    for number in range(1000):
        door.lets_in(request(STRANGER, "OPTIONS"), number / 1000)
        door.garbage(STRANGER, number / 1000)
    assert not door.banned
    assert not door.news(1.0)
    assert door.lets_in(request(STRANGER, "BYE"), 3.0)


def test_the_trouble_is_over_with_the_last_ban() -> None:
    door = keeper()
    for number, host in enumerate((PHONE, "198.51.100.8")):
        door.lets_in(request(host, "OPTIONS", "User-Agent: sipvicious"), 100.0 * number)
    door.news(101.0)
    assert not door.news(650.0), "the other is still shut out"
    assert codes(door.news(701.0)) == [(LineTroubleOver, TroubleCode.SOURCE_BANNED)]


def test_who_is_counted_longest_ago_is_forgotten_first() -> None:
    buckets = TokenBuckets(0.001, 1.0, 2)
    assert buckets.take("a", 0.0)
    assert buckets.take("b", 0.0)
    assert not buckets.take("a", 0.0)
    assert buckets.take("c", 0.0), "b is forgotten for it, not a"
    assert len(buckets) == 2
    assert not buckets.take("a", 0.0)
