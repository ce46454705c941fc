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
        ("<sip:138;phone-context=+86@pbx>", CallerId("138")),
        ("<sip:138:secret@pbx>", CallerId("138")),
        ("<tel:+8613800138000;ext=1>", CallerId("+8613800138000")),
        ("<sip:li%20wei@pbx>", CallerId("li wei")),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', CallerId(None, None, Presentation.PRIVATE)),
        ("<sip:pbx.example>", CallerId(None, None, Presentation.UNAVAILABLE)),
        ("<sip:unknown@pbx>", CallerId(None, None, Presentation.UNAVAILABLE)),
        ("\udcff\x00", CallerId(None, None, Presentation.UNAVAILABLE)),
    ],
)
def test_caller_id(source: str, expected: CallerId):
    assert caller_id_of(invite(source)) == expected


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
