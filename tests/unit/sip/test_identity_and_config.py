"""Who calls, what was pressed by INFO, and what a line may be configured with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import CallerId, Presentation
from drivers.sip.config import SipConfig, SipConfigError
from drivers.sip.identity import called_number_of, caller_id_of, source_host
from drivers.sip.info_digit import info_digit

pytestmark = pytest.mark.unit


def invite(
    source: str, *, to: str = "<sip:8801@pbx>", target: str = "sip:8801@127.0.0.1:5062", more: str = ""
) -> str:
    return f"INVITE {target} SIP/2.0\r\nFrom: {source}\r\nTo: {to}\r\n{more}\r\nv=0\r\nFrom: <sip:body@x>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"王先生" <sip:13800138000@10.0.0.1>;tag=1', CallerId("13800138000", "王先生")),
        ("Front Desk <sip:+86-531-8888.0000@pbx>", CallerId("+8653188880000", "Front Desk")),
        ("<sip:13800138000@pbx>;tag=1", CallerId("13800138000")),
        ("sip:13800138000@pbx;tag=1", CallerId("13800138000")),
        ('"13800138000" <sip:13800138000@pbx>', CallerId("13800138000")),
        ('"a \\"b\\" <sip:9@x>" <sip:1@pbx>', CallerId("1", 'a "b" <sip:9@x>')),
        ("<sip:138;phone-context=+86@pbx>", CallerId("138", qualified=True)),
        ("<sip:138:secret@pbx>", CallerId("138")),
        ("<tel:+8613800138000;ext=1>", CallerId("+8613800138000", qualified=True)),
        ("<sip:13800138000@pbx;user=phone>;tag=1", CallerId("13800138000")),
        ("<sip:li%20wei@pbx>", CallerId("li wei")),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', CallerId(None, None, Presentation.PRIVATE)),
        ("<sip:pbx.example>", CallerId(None, None, Presentation.UNAVAILABLE)),
        ("<sip:unknown@pbx>", CallerId(None, None, Presentation.UNAVAILABLE)),
        ("\udcff\x00", CallerId(None, None, Presentation.UNAVAILABLE)),
    ],
)
def test_caller_id(source: str, expected: CallerId):
    assert caller_id_of(invite(source)) == expected


@pytest.mark.parametrize(
    "user",
    [
        b"801%00",
        b"%00801",
        b"801%0d%0aFrom:%20x",
        b"801%0A",
        b"801%7F",
        b"801%E2%80%8B",  # a space of no width
        b"801%C2%85",
        b"80\x001",
        b"801" + b"-" * 70 + b"5",
        b"801%20",
        b"%20801",
        b"8%2001",
        b"801%2500",
        b"801%ff",
        b"801\xff",
        b"801%3Bx=y",
        b"801%40pbx",
        "\uff18\uff10\uff11".encode(),
    ],
)
def test_no_user_part_becomes_a_number_that_it_is_not(user: bytes):
    """As the bytes came over the wire: pjsua2 hands on what is no UTF-8 as surrogates."""
    for uri in (b"sip:" + user + b"@pbx", b"tel:" + user):
        message = b"INVITE " + uri + b" SIP/2.0\r\nFrom: <" + uri + b">;tag=1\r\nTo: <sip:801@pbx>\r\n\r\n"
        text = message.decode("utf-8", "surrogateescape")
        caller, called = caller_id_of(text), called_number_of(text)
        assert caller.number != "801"
        assert called != "801"
        for word in (caller.number, called):
            assert word is None or (word.isprintable() and word.encode())


@pytest.mark.parametrize("user", [b"801%00", b"801%0d", b"801%0a", b"801\x00", b"801" + b"-" * 70 + b"5"])
def test_what_is_no_number_is_unavailable(user: bytes):
    message = b"INVITE sip:" + user + b"@x SIP/2.0\r\nf: A\x00B <sip:" + user + b"@pbx>\r\nt: <sip:8801@x>\r\n\r\n"
    text = message.decode("utf-8", "surrogateescape")
    assert caller_id_of(text) == CallerId(None, "AB", Presentation.UNAVAILABLE)
    assert called_number_of(text) is None


@pytest.mark.parametrize("user", ["801;x=y", "801;phone-context=+86", "801;", "80%31;x=y"])
def test_parameters_are_no_part_of_a_number_and_tell_that_it_is_not_the_extension(user: str):
    assert caller_id_of(invite(f"<sip:{user}@pbx>")) == CallerId("801", qualified=True)
    assert caller_id_of(invite(f"<tel:{user}>")) == CallerId("801", qualified=True)
    assert called_number_of(invite("<sip:1@x>", target=f"sip:{user}@gateway")) == "801"


@pytest.mark.parametrize(
    "source",
    [
        "sip:801@x <sip:139@pbx>",
        '"sip:801@x" <sip:139@pbx>',
        "<sip:139@pbx;x=tel:801>",
        "<sip:139@pbx>;x=<sip:801@x>",
    ],
)
def test_the_number_is_the_uris_own(source: str):
    assert caller_id_of(invite(source)).number == "139"


@pytest.mark.parametrize("source", ["<http://x/sip:801@pbx>", "<xsip:801@pbx>", "<sip:x;y=tel:801>"])
def test_another_uri_has_no_number(source: str):
    assert caller_id_of(invite(source)).number is None


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\r"])
def test_a_header_ends_with_its_line_alone(end: str):
    text = f"INVITE sip:1@x SIP/2.0\r\nSubject: x{end}From: <sip:801@x>\r\nFrom: <sip:139@x>\r\n\r\n"
    assert caller_id_of(text).number == "139"


def test_privacy_header_withholds_the_number():
    assert caller_id_of(invite("<sip:138@pbx>", more="Privacy: id\r\n")).presentation is Presentation.PRIVATE
    assert caller_id_of(invite("<sip:138@pbx>", more="Privacy: none\r\n")).number == "138"


def test_compact_and_folded_headers():
    assert caller_id_of('INVITE sip:1@x SIP/2.0\r\nf: "Li"\r\n <sip:138@pbx>\r\n\r\n') == CallerId("138", "Li")


def test_called_number():
    assert called_number_of(invite("<sip:1@x>")) == "8801"
    assert called_number_of(invite("<sip:1@x>", target="sip:127.0.0.1", to="<sip:96018@x>")) == "96018"
    assert called_number_of(invite("<sip:1@x>", target="sip:127.0.0.1", to="<sip:x>")) is None


@given(st.text())
def test_identity_never_raises_and_gives_what_can_be_written(text: str):
    for message in (text, invite(text)):
        caller = caller_id_of(message)
        for word in (caller.number, caller.name, called_number_of(message)):
            assert word is None or word.isprintable()
            assert word is None or word.encode()


def test_source_host():
    assert source_host("192.0.2.7:5060") == "192.0.2.7"


@pytest.mark.parametrize(
    ("message", "digit"),
    [
        ("INFO x SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\n5", "5"),
        ("INFO x SIP/2.0\r\nc: application/dtmf\r\n\r\nSignal=d\r\n", "D"),
        ("INFO x SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5", None),
        ("INFO x SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\n55", None),
        ("INFO x SIP/2.0\r\nContent-Type: text/plain\r\n\r\n5", None),
    ],
)
def test_info_digit(message: str, digit: str | None):
    assert info_digit(message) == digit


GOOD = {"line_id": "sip1", "listen": "127.0.0.1:5062", "aor": "sip:8801@127.0.0.1"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("listen", "5062"),
        ("listen", "127.0.0.1:0"),
        ("listen", "127.0.0.1:70000"),
        ("listen", "pbx.example:5060"),
        ("listen", "::1:5060"),
        ("aor", "8801"),
        ("registrar", "127.0.0.1"),
        ("calls", 0),
        ("ring_period", 0.0),
        ("ring_period", float("nan")),
        ("allow", ("10.0.0.0/33",)),
        ("allow", ("2001:db8::/32",)),
        ("tones", "xx"),
    ],
)
def test_wrong_config_names_the_key(key: str, value: object):
    with pytest.raises(SipConfigError, match=rf"^{key}: "):
        SipConfig(**{**GOOD, key: value})


def test_config():
    config = SipConfig(**GOOD, password="secret", allow=("10.0.0.0/8", "192.0.2.7"))
    assert (config.host, config.port, config.rtp_port) == ("127.0.0.1", 5062, 16384 + 16 * 62)
    assert config.admits("10.1.2.3")
    assert config.admits("192.0.2.7")
    assert not config.admits("192.0.2.8")
    assert not config.admits("nonsense")
    assert "secret" not in repr(config)
