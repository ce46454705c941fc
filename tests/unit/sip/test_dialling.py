"""Whom a SIP line calls, in whose name, and what comes of it: addresses, names, statuses, orders on their way."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import Dial, DialFailed, DialFailure, Join, LegReleased, Part, Play, Release
from drivers.sip.config import SipConfig
from drivers.sip.dial_string import AddressError, local_uri, target_of
from drivers.sip.dialling import Dialling
from drivers.sip.ending import dial_failure
from drivers.sip.identity import caller_id_of
from drivers.sip.lookup import HostUnknown, Lookup
from drivers.sip.messages import Originate, Probed
from drivers.sip.probing import Reach, reach_of

pytestmark = pytest.mark.unit

AOR = "sip:8801@192.0.2.1:5070"
CONFIG = SipConfig("desk-1", "127.0.0.1:5062", AOR)
REGISTERED = SipConfig("desk-1", "127.0.0.1:5062", AOR, registrar="sip:pbx.example:5080;transport=tcp")


@pytest.mark.parametrize(
    ("address", "config", "target"),
    [
        ("13800138000", CONFIG, "sip:13800138000@192.0.2.1:5070"),
        ("+8613800138000", REGISTERED, "sip:+8613800138000@pbx.example:5080;transport=tcp"),
        ("*91#", CONFIG, "sip:*91%23@192.0.2.1:5070"),
        ("sip:801@10.0.0.7", REGISTERED, "sip:801@10.0.0.7"),
        ("SIP:a.b%20c@PBX.example;user=phone;ob", CONFIG, "sip:a.b%20c@PBX.example;user=phone;ob"),
        ("sip:pbx:5061;transport=UDP", CONFIG, "sip:pbx:5061;transport=UDP"),
    ],
)
def test_where_a_call_goes(address: str, config: SipConfig, target: str):
    assert str(target_of(address, config)) == target


def test_a_host_is_put_in_place_of_the_name():
    assert target_of("801", REGISTERED).at("192.0.2.9") == "sip:801@192.0.2.9:5080;transport=tcp"


@given(st.text() | st.from_regex(r"\Asip:[0-9]{3}@[a-z.]{3}[\s\S]*\Z"))
def test_an_address_that_is_taken_holds_nothing_that_could_end_its_header(address: str):
    try:
        target = str(target_of(address, CONFIG))
    except AddressError:
        return
    assert target.isascii()
    assert target.isprintable()
    assert not set(target) & set(' <>"?\\')


@given(st.text())
def test_a_name_is_shown_as_one_and_no_more(name: str):
    uri = local_uri(AOR, name)
    assert uri.endswith(f"<{AOR}>")
    assert uri.isprintable()
    shown = uri[: -len(f"<{AOR}>")]
    assert not shown or (shown.startswith('"') and shown.endswith('" ') and not set(shown[1:-2]) & {'"', "\\"})
    assert len(uri.encode()) < 150
    assert caller_id_of(f"INVITE sip:a@b SIP/2.0\r\nFrom: {uri};tag=1\r\n\r\n").number == "8801"


@pytest.mark.parametrize(
    ("code", "received", "why"),
    [
        (486, True, DialFailure.BUSY),
        (603, True, DialFailure.REFUSED),
        (302, True, DialFailure.REFUSED),
        (200, True, DialFailure.REFUSED),
        (604, True, DialFailure.VACANT_NUMBER),
        (480, True, DialFailure.UNREACHABLE),
        (503, True, DialFailure.CONGESTION),
        (503, False, DialFailure.UNREACHABLE),
        (408, False, DialFailure.UNREACHABLE),
    ],
)
def test_why_a_call_was_not_answered(code: int, received: bool, why: DialFailure):
    assert dial_failure(code, "Because", received=received)[0] is why


def test_the_words_of_a_stranger_are_harmless_in_the_log():
    detail = dial_failure(404, "No 13800138000\r\nERROR gateway: burns", received=True)[1]
    assert detail == "SIP 404 No #ERROR gateway: burns"
    assert reach_of(Probed(1, 486, "Busy 13800138000\n")) == Reach(True, 486, "SIP 486 Busy #")


class Wire:
    """What goes to the worker, and what is told at once."""

    def __init__(self) -> None:
        self.sent: list[object] = []
        self.told: list[object] = []
        self.dialling = Dialling(CONFIG, Lookup(), self.sent.append, self.told.append)


async def settled() -> None:
    """Every task that could go on has done so."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


async def test_orders_wait_for_a_call_whose_host_is_looked_up():
    wire, join, part = Wire(), Join("out-1", "/run/a", "/run/b"), Part("out-1")
    wire.dialling.dial(Dial("out-1", "sip:801@localhost", "Li"), cannot=None)
    for order in (join, Play("1.1", 1, ()), part):
        wire.dialling.execute(order)
    await settled()
    placed = Originate("out-1", "sip:801@localhost", "sip:801@127.0.0.1", "Li")
    assert wire.sent == [Play("1.1", 1, ()), placed, join, part]
    wire.dialling.execute(Release("out-1"))
    assert wire.sent[-1] == Release("out-1")
    assert wire.told == []


async def test_a_call_given_up_on_its_way_is_not_placed():
    wire = Wire()
    wire.dialling.dial(Dial("out-1", "sip:801@localhost"), cannot=None)
    wire.dialling.execute(Release("out-1"))
    assert wire.told == []
    await settled()
    assert (wire.sent, wire.told) == ([], [LegReleased("out-1")])


async def test_a_dropped_call_is_neither_placed_nor_told_of():
    wire = Wire()
    wire.dialling.dial(Dial("out-1", "sip:801@localhost"), cannot=None)
    wire.dialling.dial(Dial("out-2", "801"), cannot="it burns")
    wire.dialling.drop_all()
    await settled()
    assert (wire.sent, wire.told) == ([], [])


async def test_a_line_that_cannot_dial_says_why():
    wire = Wire()
    wire.dialling.dial(Dial("out-1", "801"), cannot="it burns")
    await settled()
    assert wire.told == [DialFailed("out-1", DialFailure.NO_LINE, "it burns"), LegReleased("out-1")]


async def test_a_host_is_asked_for_once_at_a_time():
    lookup = Lookup()
    asked = [asyncio.create_task(lookup.address_of("localhost")) for _ in range(50)]
    await asyncio.sleep(0)
    assert len(lookup._asked) == 1
    assert set(await asyncio.gather(*asked)) == {"127.0.0.1"}
    await settled()
    assert not lookup._asked
    with pytest.raises(HostUnknown, match="check the name"):
        await lookup.address_of("a" * 64 + ".invalid")
